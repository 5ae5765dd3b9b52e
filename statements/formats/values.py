"""Amounts, dates and texts of the formats that lay down how they are written."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from statements.formats.lines import Message, gettext_noop
from statements.formats.tables.texts import clean

EARLIEST, LATEST = 1950, 2099  # years that a statement can be of
MAX_DIGITS = 16  # before the point: no amount of a person has more, and no column of ours holds more

_PLAIN = re.compile(r"[+-]?[0-9]*(?:[.,][0-9]*)?")
_GROUPED = re.compile(
    r"[+-]?[0-9]{1,3}([.,' \u2019\u00a0\u202f])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]*)?"
)
_SIGNED = re.compile(r"^([+-])\s+(?=[0-9])")
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")
_DAY = re.compile(r"([0-9]{4})[-/.]?([0-9]{2})[-/.]?([0-9]{2})")


class BadValue(Exception):
    """A value that cannot be read; the whole entry is rejected with this ``reason``."""

    def __init__(self, template: str, **values):
        self.reason = Message(template, values)
        super().__init__(str(self.reason))


def words(*texts: str | None) -> str:
    """Texts as one line, blanks collapsed, without anything that cannot be seen."""
    return clean(" ".join(text for text in texts if text))


def storable(text: str) -> str:
    """Without what PostgreSQL cannot store: U+0000, and halves of a character, which JSON can write."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def shown(text: str, most: int = 40) -> str:
    """What stands in the file, short enough to be named in a sentence."""
    text = words(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def amount_of(text: str, decimal: str = "") -> Decimal:
    """The number written in ``text``, in its own precision: "-530,86", "+0012.5000", "1,010.00", "5,".

    Thousands are only believed where they leave no doubt: repeated, or beside another separator. A single comma or
    point is the decimal one, as OFX (2.3, section 3.2.9.1) and SWIFT's MT standards say; where ``decimal`` names the
    other one, it separates thousands if it can. Raises BadValue.
    """
    plain = _SIGNED.sub(r"\1", text.strip())
    if not plain:
        raise BadValue(gettext_noop("There is no amount."))
    either = could_be_either(plain)
    if either and decimal and either != decimal:
        plain = plain.replace(either, "")
    grouped = None if _PLAIN.fullmatch(plain) else _GROUPED.fullmatch(plain)
    if grouped:
        plain = plain.replace(grouped[1], "")
    try:
        value = Decimal(plain.replace(",", ".")) if grouped or _PLAIN.fullmatch(plain) else None
    except InvalidOperation:  # a sign or a point without a digit
        value = None
    if value is None:
        raise BadValue(gettext_noop("“%(amount)s” is not an amount."), amount=shown(text))
    if value.adjusted() >= MAX_DIGITS:
        raise BadValue(gettext_noop("The amount “%(amount)s” is too large."), amount=shown(text))
    return value if value else abs(value)  # -0.00 is 0.00


def could_be_either(text: str) -> str:
    """The separator in "1,234" or "1.234", which may stand before decimals or thousands; else ""."""
    match = _EITHER.fullmatch(text.strip())
    return match[1] if match else ""


def day_of(text: str) -> date:
    """The day that ``text`` begins with: "20240131", "2024-01-31T10:00:00+01:00", "20240131120000.000[-5:EST]".

    It is the day as written: no time zone moves it. Raises BadValue.
    """
    match = _DAY.match(text.strip())
    if not match:
        raise _no_day(text)
    return day(*(int(part) for part in match.groups()), text)


def day(year: int, month: int, number: int, text: str) -> date:
    """A day that exists and that a statement can be of; ``text`` is what stands in the file. Raises BadValue."""
    try:
        found = date(year, month, number)
    except ValueError:
        raise BadValue(gettext_noop("The date “%(date)s” does not exist."), date=shown(text)) from None
    if not EARLIEST <= year <= LATEST:
        raise BadValue(gettext_noop("The date “%(date)s” cannot be right."), date=shown(text))
    return found


def _no_day(text: str) -> BadValue:
    if not text.strip():
        return BadValue(gettext_noop("There is no date."))
    return BadValue(gettext_noop("“%(date)s” is not a date."), date=shown(text))


def currency_of(code: str | None) -> str:
    """An ISO 4217 code as written, "" for anything else."""
    code = (code or "").strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""
