"""Dates as files write them, and the order of day, month and year, decided over all rows of a file."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from babel.dates import get_month_names

from statements.formats.tables.headers import normal

LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "cs",
    "sk",
    "sv",
    "da",
    "nb",
    "fi",
    "ru",
    "uk",
    "tr",
    "hu",
    "ro",
    "ja",
    "zh",
    "ko",
]
FIRST, LAST = 1970, 2099  # years a statement can be of; anything else is a slip or a place holder
# A time, an offset, a weekday may follow the date; anything else makes it a text that begins with a date.
TIME = r"(?:[T ,;_]*\(?\d{1,2}(?:[:.h時时시]\d{2}){1,2}\D{0,2}(?:[.,]\d+)?\)?)?\s*(?:[AaPp]\.?\s?[Mm]\.?)?"
REST = TIME + r"\s*(?:Z|UTC|GMT|[A-Z]{3,4}|[+-]\d{2}:?\d{2})?\s*(?:[(（]\w{1,9}[)）])?"
NUMBERS = re.compile(
    r"'?(\d{1,4})\s?([-/. ]|年)\s?(\d{1,2})(?:\s?(?:\2|月)\s?(\d{1,4})?(?:\s?日|\.|г\.?)?)?" + REST, re.ASCII
)
COMPACT = re.compile(r"'?(\d{8}|\d{6})(?:\d{6})?" + REST, re.ASCII)
MONTH_DAY = re.compile(r"(\d{1,2})月\s?(\d{1,2})日" + REST)
WORDS = re.compile(r"[^\W\d_]+|\d+")
LONG = 20  # years; so long is no statement with years of two digits
SORTED_BY_CHANCE = 6  # so many different dates are in order by chance in one of 360 files


class Fields(NamedTuple):
    """The numbers of a date as written; ``order`` is "" where they leave it open, ``mark`` what separates them."""

    numbers: tuple[int, ...]  # two where the year is missing
    order: str  # dmy, mdy, ymd, md, dm, ""
    mark: str


@cache
def fields(text: str) -> Fields | None:
    """The numbers of a date with or without a time, None if the text is no date."""
    text = text.strip()
    if not 3 <= len(text) <= 40 or not any(map(str.isdigit, text)):
        return None
    if found := NUMBERS.fullmatch(text):
        return _numeric(*found.group(1, 2, 3, 4), is_closed=text.endswith("."))
    if found := COMPACT.fullmatch(text):
        return _compact(found[1])
    if found := MONTH_DAY.fullmatch(text):
        return Fields((int(found[1]), int(found[2])), "md", "月")
    return _named(text)


def _numeric(first: str, mark: str, second: str, third: str | None, is_closed: bool) -> Fields | None:
    """``is_closed``: "24.12." is a date, "24.12" an amount."""
    if third is None:
        if len(first) > 2 or mark == " " or (mark == "." and not is_closed):
            return None
        return Fields((int(first), int(second)), "md" if mark == "年" else "", mark)
    numbers = int(first), int(second), int(third)
    if len(first) == 4 or mark == "年":
        return Fields(numbers, "ymd", mark) if len(third) <= 2 else None
    return Fields(numbers, "", mark) if len(first) <= 2 and len(third) in {2, 4} else None


def _compact(digits: str) -> Fields:
    if len(digits) == 8:
        if digits[:2] in {"19", "20"} and "01" <= digits[4:6] <= "12":
            return Fields((int(digits[:4]), int(digits[4:6]), int(digits[6:])), "ymd", "")
        return Fields((int(digits[:2]), int(digits[2:4]), int(digits[4:])), "", "")
    return Fields((int(digits[:2]), int(digits[2:4]), int(digits[4:])), "", "6")


def _named(text: str) -> Fields | None:
    """A date with the name of a month: "15 Jan 2024", "Jan 15, 2024", "15-Jan-24", "1 de enero de 2024"."""
    words = WORDS.findall(re.sub(r"[T ]?\d{1,2}:\d{2}.*$", "", text))
    numbers = [word for word in words if word.isdigit()]
    if not 1 <= len(numbers) <= 2 or len(words) > 6 or any(len(word) not in {1, 2, 4} for word in numbers):
        return None
    months = [number for word in words if (number := month_names().get(normal(word)))]
    if len(months) != 1:
        return None
    if len(numbers) == 1:
        return Fields((months[0], int(numbers[0])), "md", " ") if len(numbers[0]) <= 2 else None
    day, year = (numbers[1], numbers[0]) if len(numbers[0]) == 4 else numbers
    return (
        Fields((int(day), months[0], int(year)), "dmy", " ")
        if len(year) in {2, 4} and len(day) <= 2
        else None
    )


@cache
def month_names() -> dict[str, int]:
    """The number of a month by its name or short name in many languages."""
    found = {"sept": 9}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    if not name[:1].isdigit():
                        found.setdefault(normal(name), number)
    return found


def is_date(text: str) -> bool:
    """Whether the text is a date beyond doubt: six or eight digits could be anything else."""
    found = fields(text)
    if not found or found.mark == "6":
        return False
    return len(found.numbers) == 3 and any(to_date(found, order) for order in _orders([found]))


def to_date(found: Fields, order: str, last: date | None = None) -> date | None:
    """The date in that order, None if there is no such day. ``last``, the end of the period, gives years to others."""
    order = found.order or order
    if len(found.numbers) == 2:
        return _without_year(found.numbers, order, last)
    named = dict(zip(order, found.numbers, strict=True))
    year = named["y"] if named["y"] > 99 else named["y"] + (1900 if named["y"] > 69 else 2000)
    if not FIRST <= year <= LAST:
        return None
    return _day(year, named["m"], named["d"])


def _without_year(numbers: tuple[int, ...], order: str, last: date | None) -> date | None:
    """The last such day that is not after the month the period ends in."""
    if last is None:
        return None
    first, second = numbers
    month, day = (second, first) if order.startswith("d") else (first, second)
    return _day(last.year if month <= last.month else last.year - 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def orders(written: Iterable[str], is_chained: bool = False) -> tuple[str, ...]:
    """The orders in which all dates of a file can be read, in the order they appear in it; one if it is decided.

    An order is out as soon as one date can only be read in another; between dots the day comes first; and where only
    one order makes a long file run forwards or backwards in time, it is that (``is_chained``: the balance proves the
    rows are in the order they were booked).
    """
    found = [item for text in written if (item := fields(text)) and not item.order]
    if not found:
        return ("ymd",)
    left = [order for order in _orders(found) if not _is_refuted(order, found)]
    if "dmy" in left and all(item.mark == "." for item in found):
        return ("dmy",)
    left = _without_wide_years(left, found) or list(_orders(found))
    read = {order: [to_date(item, order, date(LAST, 12, 31)) for item in found] for order in left}
    if len({tuple(days) for days in read.values()}) == 1:
        return (left[0],)
    different = {order: list(dict.fromkeys(day for day in days if day)) for order, days in read.items()}
    ordered = [order for order, days in different.items() if _is_sorted(days)]
    enough = 3 if is_chained else SORTED_BY_CHANCE
    if len(ordered) == 1 and len(different[ordered[0]]) >= enough:
        return (ordered[0],)
    return tuple(left)


def _orders(found: Sequence[Fields]) -> tuple[str, ...]:
    short = any(len(item.numbers) == 3 and item.numbers[2] < 100 for item in found)
    return ("dmy", "mdy", "ymd") if short else ("dmy", "mdy")


def _is_refuted(order: str, found: Sequence[Fields]) -> bool:
    last = date(LAST, 12, 31)
    others = [other for other in _orders(found) if other != order]
    return any(
        to_date(item, order, last) is None and any(to_date(item, other, last) for other in others)
        for item in found
    )


def _without_wide_years(left: list[str], found: Sequence[Fields]) -> list[str]:
    """Years of two digits: the number that stays the same is the year, and no statement spans twenty of them."""
    years = {}
    for order in left:
        days = [day for item in found if (day := to_date(item, order, date(LAST, 12, 31)))]
        years[order] = max(day.year for day in days) - min(day.year for day in days) if days else 0
    narrow = min(years.values(), default=0)
    if narrow > 3:
        return left
    last = {item.numbers[-1] for item in found}
    first = {item.numbers[0] for item in found}
    is_last = len(last) == 1 and len(first) > 1
    return [order for order in left if years[order] <= LONG and not (is_last and order == "ymd")]


def _is_sorted(days: Sequence[date]) -> bool:
    return list(days) == sorted(days) or list(days) == sorted(days, reverse=True)


class Dates(dict):
    """Dates by the cell they stand in, each read once; None for a cell that is no date."""

    def __init__(self, order: str, last: date | None = None):
        super().__init__()
        self.order, self.last = order, last

    def __missing__(self, cell):
        self[cell] = result = self._read(cell)
        return result

    def _read(self, cell) -> date | None:
        if isinstance(cell, date):
            return cell if FIRST <= cell.year <= LAST else None
        found = fields(cell) if isinstance(cell, str) else None
        return to_date(found, self.order, self.last) if found else None
