"""Dates as people write them in passing: ``yesterday``, ``Monday``, ``1.11.``, ``11/1``."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from babel import Locale
from babel.dates import get_day_names
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext_lazy, to_locale

from expenses.models import DATE_MESSAGE, FIRST_DATE, LAST_DATE
from ledgers.dates import parse_iso_date
from ledgers.money import reader_locale

AHEAD = timedelta(weeks=4)  # how far a date without a year may lie in the future
CENTURY = 2000  # of a year with two figures
YEARS = range(1, -9, -1)  # from next year back to the last 29 February, over a year such as 2100
TO_DAY = (
    pgettext_lazy("written for a date", "today"),
    pgettext_lazy("written for a date", "yesterday"),
    pgettext_lazy("written for a date", "day before yesterday"),
)
ISO = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})?")
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")


def in_words(words: Sequence[str], today: date) -> date | None:
    """The date that these words in lower case say together, in any of the project's languages; None if they say none.

    A weekday is the last one that is not in the future.
    """
    ago = _ago().get(tuple(words))
    if ago is not None:
        return today - timedelta(days=ago)
    weekday = _weekdays().get(tuple(words))
    return None if weekday is None else today - timedelta(days=(today.weekday() - weekday) % 7)


def longest() -> int:
    """How many words a date has at most."""
    return max(map(len, _ago()))


def in_figures(word: str, today: date) -> date | None:
    """The date that this word writes in figures, None if it has not the shape of one.

    ``2026-11-01``, with points the day before the month (``1.11.``, ``1.11.26``), with slashes in the order of the
    reader's language (``11/1``, ``11/1/26``). Without a year it is one only if there could be such a day and month:
    ``100/3`` is arithmetic. Raises ValidationError for one that is not in the calendar.
    """
    if ISO.fullmatch(word):
        return _possible(parse_iso_date(word))
    if match := DOTTED.fullmatch(word):
        day, month, year = match.groups()
    elif match := SLASHED.fullmatch(word):
        day, month, year = match.groups() if _day_first(reader_locale()) else (match[2], match[1], match[3])
    else:
        return None
    if year:
        return _possible(_date(int(year) + CENTURY * (len(year) == 2), int(month), int(day), word))
    could_be = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return _of_any_year(int(month), int(day), today, word) if could_be else None


def _of_any_year(month: int, day: int, today: date, word: str) -> date:
    """The latest such date that lies at most ``AHEAD`` in the future."""
    for years in YEARS:
        try:
            found = date(today.year + years, month, day)
        except ValueError:
            continue
        if found - today <= AHEAD:
            return _possible(found)
    raise _missing(word)


def _date(year: int, month: int, day: int, word: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _missing(word) from None


def _missing(word: str) -> ValidationError:
    return ValidationError(_("There is no such date as “%(word)s”."), "date", {"word": word})


def _possible(day: date) -> date:
    if not FIRST_DATE <= day <= LAST_DATE:
        raise ValidationError(DATE_MESSAGE, "date")
    return day


@cache
def _day_first(locale: Locale) -> bool:
    pattern = locale.date_formats["short"].pattern
    return pattern.index("d") < pattern.index("M")


@cache
def _ago() -> dict[tuple[str, ...], int]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {tuple(str(said).casefold().split()): days for days, said in enumerate(TO_DAY)}
    return found


@cache
def _weekdays() -> dict[tuple[str, ...], int]:
    """Whole names, and short ones with a full stop: “sun cream” is not about a Sunday, “so” is a German word."""
    found = {}
    for language, _name in settings.LANGUAGES:
        locale = Locale.parse(to_locale(language))
        for weekday, name in get_day_names("wide", locale=locale).items():
            found[(name.casefold(),)] = weekday
        for weekday, name in get_day_names("abbreviated", locale=locale).items():
            found[(f"{name.casefold().rstrip('.')}.",)] = weekday
    return found
