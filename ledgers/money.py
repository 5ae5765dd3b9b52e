"""Amounts of money as text: one grammar to read them, one way to write them.

An amount is a ``Decimal`` in the ledger's currency. People write it the way their language does
(``1.234,50`` in German); machines write it plainly (``1234.50``). Anything that would have to be guessed,
such as ``1e3``, ``1_000``, ``NaN``, full-width digits or ``1,5`` where the comma groups thousands, is refused.
"""

import re
from collections.abc import Callable
from copy import copy
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import (
    format_percent,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    get_minus_sign_symbol,
)
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from ledgers.arithmetic import MOST_DECIMALS, is_sum, reckon

MAX_INTEGER_DIGITS = 12
LIMIT = Decimal(10) ** MAX_INTEGER_DIGITS
MACHINE = re.compile(r"-?(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]+))?")
SPACES = "\u0020\u00a0\u202f"
APOSTROPHES = "'\u2019"


def reader_locale() -> Locale:
    """The locale whose way of writing figures the current reader knows."""
    return _locale(get_language() or "en")


def marks() -> tuple[str, str]:
    """The decimal and the grouping mark of the current language."""
    locale = reader_locale()
    return get_decimal_symbol(locale), get_group_symbol(locale)


def parse_plain(text: str, decimals: int) -> Decimal:
    """The amount a machine wrote: ``-12.50``. Raises ValidationError."""
    return _parsed(MACHINE.fullmatch(text), text, decimals, example="1234.50")


def parse_sum(text: str, decimals: int) -> Decimal:
    """The amount a person wrote, or what the sum they wrote comes to. Raises ValidationError."""
    if not is_sum(text):
        return parse_local(text, decimals)
    amount = reckon(text, lambda number: parse_local(number, MOST_DECIMALS), decimals)
    if abs(amount) >= LIMIT:
        raise ValidationError(_("An amount has at most 12 digits before the decimals."), "too_large")
    return amount


def parse_local(text: str, decimals: int) -> Decimal:
    """The amount a person wrote in the current language: ``-1.234,50`` in German. Raises ValidationError."""
    text = text.strip().replace("\u2212", "-")
    match = _person_grammar(*marks()).fullmatch(text)
    return _parsed(match, text, decimals, example=write(Decimal("1234.5"), 2, grouped=True))


def write(amount: Decimal, decimals: int, *, grouped: bool) -> str:
    """The figure in the current language, without the currency: ``1.234,50``, or ``1234,50`` if not grouped."""
    return writer(decimals, grouped=grouped)(amount)


def writer(decimals: int, *, grouped: bool) -> Callable[[Decimal], str]:
    """``write`` for many figures."""
    signs, group = _signs(reader_locale()), "," if grouped else ""

    # Not by Babel's patterns, which cost five times as much: pages write thousands of amounts.
    def written(amount: Decimal) -> str:
        places = decimals if round(amount, decimals) == amount else -amount.normalize().as_tuple().exponent
        return f"{amount:{group}.{places}f}".translate(signs)

    return written


def write_currency(amount: Decimal, currency: str, decimals: int) -> str:
    """The figure with its currency in the current language: ``1.234,50 €``."""
    return _currency_pattern(reader_locale(), currency, decimals).apply(
        amount, reader_locale(), currency=currency, currency_digits=False
    )


def write_percent(percentage: Decimal) -> str:
    """A percentage with one decimal in the current language: ``55,7 %``."""
    return format_percent(percentage / 100, _percent_pattern(reader_locale()), reader_locale())


def plain(amount: Decimal, decimals: int) -> str:
    """The amount as the API and files write it: ``1234.50``."""
    return f"{amount:.{decimals}f}"


def exact(amount: Decimal, decimals: int) -> str:
    """``plain``, but whole also where somebody stored more decimals than the currency has by hand."""
    text = plain(amount, decimals)
    return text if Decimal(text) == amount else str(amount)


def _parsed(match: re.Match | None, text: str, decimals: int, example: str) -> Decimal:
    if match is None or not (match["whole"] or match["part"]):
        raise ValidationError(_("Write an amount such as %(example)s."), "invalid", {"example": example})
    whole, part = re.sub(r"[^0-9]", "", match["whole"] or ""), match["part"] or ""
    if len(whole.lstrip("0")) > MAX_INTEGER_DIGITS:
        raise ValidationError(_("An amount has at most 12 digits before the decimals."), "too_large")
    if len(part) > decimals:
        message = ngettext(
            "An amount in this currency has at most %(decimals)d decimal.",
            "An amount in this currency has at most %(decimals)d decimals.",
            decimals,
        )
        if not decimals:
            message = _("An amount in this currency has no decimals.")
        raise ValidationError(message, "decimals", {"decimals": decimals})
    return Decimal(f"{'-' if text.startswith('-') else ''}{whole or '0'}.{part or '0'}")


@cache
def _person_grammar(decimal: str, group: str) -> re.Pattern:
    alike = next((family for family in (SPACES, APOSTROPHES) if group in family), group)
    groups = "|".join(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+" for mark in alike)
    return re.compile(rf"-?(?P<whole>{groups}|[0-9]+)?(?:{re.escape(decimal)}(?P<part>[0-9]+))?")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


@cache
def _signs(locale: Locale) -> dict[int, str]:
    decimal, group = get_decimal_symbol(locale), get_group_symbol(locale)
    return str.maketrans({".": decimal, ",": group, "-": get_minus_sign_symbol(locale)})


@cache
def _percent_pattern(locale: Locale) -> str:
    return re.sub("0", "0.0", locale.percent_formats[None].pattern, count=1)


@cache
def _currency_pattern(locale: Locale, currency: str, decimals: int):
    # Babel's own digits are CLDR's, which round for display (IQD, RSD); a ledger shows what ISO 4217 allows.
    pattern = copy(locale.currency_formats["standard"])
    pattern.frac_prec = (decimals, decimals)
    if get_currency_symbol(currency, locale)[-1].isalpha():
        # CLDR's currencySpacing, which Babel leaves out: a code stands apart from the digits after it.
        pattern.prefix = tuple(re.sub("¤$", "¤\u00a0", prefix) for prefix in pattern.prefix)
    return pattern
