"""The parts of one line: an amount, at most one date, tags, a category that is named on purpose, and other words.

Nothing here knows a ledger's rows; ``understanding.py`` finds out what the words mean in one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from unicodedata import category as kind_of

from babel.numbers import get_currency_symbol
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from expenses.models import validate_not_zero
from expenses.quick import days
from expenses.tags import clean_tags, take_tags
from ledgers import money

LONGEST_LINE = 2000
# Words in quotation marks, which may stand after the sign of a category; inside, a straight one is written twice.
QUOTED = re.compile(r'(?<!\S)(@?)(?:"((?:[^"]|"")*)"|[“„]([^“”„"]*)[”“])(?!\S)')
COMMAS, STOPS = ",;", ".,;:!?"
ARITHMETIC = frozenset("0123456789-+*/×·÷()=\u2212")
LIKE_BOTH = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])"
)  # where the point is no decimal mark


class LineError(Exception):
    """What is wrong with a line: ``field`` is ``line``, ``amount``, ``date``, ``category``, ``notes`` or ``tags``."""

    def __init__(self, field: str, message: str):
        super().__init__(field, message)
        self.field, self.message = field, message


class Word(NamedTuple):
    """A word, and whether it stood in quotation marks, where it is nothing but text."""

    text: str
    quoted: bool = False


@dataclass(frozen=True)
class Parts:
    """A line taken apart. ``category`` is what was written after ``@``, None if nothing was."""

    amount: Decimal
    date: date
    tags: list[str]
    category: str | None
    words: list[Word]


def take_apart(line: str, today: date, currency: str, decimals: int) -> Parts:
    """The parts of a line as the reader's language writes figures; without a date it is today's.

    Raises LineError.
    """
    if len(line) > LONGEST_LINE:
        raise LineError("line", _("A line has at most %(most)d characters.") % {"most": LONGEST_LINE})
    tags, categories, words = [], [], []
    with _refusing("tags"):
        for piece in _pieces(line, tags):
            (categories if _names_category(piece) else words).append(piece)
        tags = clean_tags(tags)
    if len(categories) > 1:
        raise LineError("category", _two(_("Two categories: %(first)s and %(second)s."), *categories[:2]))
    day, words = _take_date(words, today)
    amount, words = _take_amount(words, currency, decimals)
    category = categories[0].text[1:] if categories else None
    return Parts(amount, day or today, tags, category, words)


def bare(word: str) -> str:
    """A word as names are compared: in lower case, without a comma behind it."""
    return word.rstrip(COMMAS).casefold()


def joined(words: Iterable[Word]) -> str:
    """These words as a text."""
    return " ".join(word.text for word in words).rstrip(COMMAS + " ")


def quoted(text: str) -> str:
    """A text in quotation marks, as ``take_apart`` reads it."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _pieces(line: str, tags: list[str]) -> Iterator[Word]:
    """The words of the line; its tags go to ``tags``. A category in quotation marks is one word."""
    position = 0
    for match in QUOTED.finditer(line):
        yield from _plain(line[position : match.start()], tags)
        text = match[3] if match[2] is None else match[2].replace('""', '"')
        if match[1]:
            yield Word(f"@{text}")
        else:
            yield from (Word(word, quoted=True) for word in text.split())
        position = match.end()
    yield from _plain(line[position:], tags)


def _plain(text: str, tags: list[str]) -> Iterator[Word]:
    rest, found = take_tags(text)
    tags += found
    yield from map(Word, rest.split())


def _names_category(word: Word) -> bool:
    return word.text.startswith("@") and len(word.text) > 1 and not word.quoted


def _take_date(words: list[Word], today: date) -> tuple[date | None, list[Word]]:
    found, rest, position = [], [], 0
    while position < len(words):
        day, length = _date_at(words, position, today)
        span = words[position : position + length]
        if day:
            found.append((day, Word(joined(span))))
        else:
            rest += span
        position += length
    if len(found) > 1:
        message = _("Two dates: %(first)s and %(second)s. Put the one that is none in quotation marks.")
        raise LineError("date", _two(message, found[0][1], found[1][1]))
    return (found[0][0] if found else None), rest


def _date_at(words: list[Word], position: int, today: date) -> tuple[date | None, int]:
    """The date that begins there, and how many words it has; None and 1 if none does."""
    for length in range(min(days.longest(), len(words) - position), 0, -1):
        span = words[position : position + length]
        if any(word.quoted for word in span):
            continue
        if day := days.in_words([bare(word.text) for word in span], today):
            return day, length
    word = words[position]
    with _refusing("date"):
        return (None if word.quoted else days.in_figures(word.text.rstrip(COMMAS), today)), 1


def _take_amount(words: list[Word], currency: str, decimals: int) -> tuple[Decimal, list[Word]]:
    signs = _signs(currency)
    figures = [_figure(word, signs) for word in words]
    found = [position for position, figure in enumerate(figures) if figure]
    if not found:
        raise LineError(
            "amount", _("There is no amount. Write one such as %(example)s.") % _example(decimals)
        )
    if len(found) > 1:
        message = _("Two amounts: %(first)s and %(second)s. Put the one that is none in quotation marks.")
        raise LineError("amount", _two(message, *(words[position] for position in found[:2])))
    position = found[0]
    amount = _amount(figures[position], words[position], decimals)
    taken = {position, _currency_beside(words, position, signs)}
    return amount, [word for index, word in enumerate(words) if index not in taken]


def _figure(word: Word, signs: list[str]) -> str | None:
    """The word as an amount without the sign of its currency; None if it is a word like others."""
    text = word.text.rstrip(STOPS)
    minus, text = ("-", text[1:]) if text[:1] in ("-", "\u2212") else ("", text)
    for sign in signs:
        if text.casefold().startswith(sign):
            text = text[len(sign) :]
            break
        if text.casefold().endswith(sign):
            text = text[: -len(sign)]
            break
    marks = "".join(money.marks())
    is_figure = all(letter in ARITHMETIC or letter in marks or letter in ".,'’" for letter in text)
    has_figure = any(letter in "0123456789" for letter in text)
    return f"{minus}{text}" if is_figure and has_figure and not word.quoted else None


def _amount(figure: str, word: Word, decimals: int) -> Decimal:
    decimal, _group = money.marks()
    if LIKE_BOTH.fullmatch(figure) and decimal != ".":
        message = _("“%(word)s” could be an amount or a date. Write %(amount)s or %(date)s.")
        raise LineError(
            "amount",
            message % {"word": word.text, "amount": figure.replace(".", decimal), "date": f"{figure}."},
        )
    try:
        amount = money.parse_sum(figure, decimals)
        validate_not_zero(amount)
    except ValidationError as error:
        raise LineError("amount", f"“{word.text}”: {error.messages[0]}") from None
    return amount


def _currency_beside(words: list[Word], position: int, signs: list[str]) -> int | None:
    """Where the currency stands as a word of its own, after the amount or before it."""
    for index in (position + 1, position - 1):
        if 0 <= index < len(words) and not words[index].quoted and bare(words[index].text) in signs:
            return index
    return None


def _signs(currency: str) -> list[str]:
    """What stands for the currency beside an amount, the longest first: ``A$``, ``$``, ``AUD``."""
    symbol = get_currency_symbol(currency, money.reader_locale())
    single = (letter for letter in symbol if kind_of(letter) == "Sc")
    return sorted({currency.casefold(), symbol.casefold(), *single}, key=len, reverse=True)


def _example(decimals: int) -> dict[str, str]:
    return {"example": money.write(Decimal("12.5"), decimals, grouped=False) if decimals else "12"}


def _two(message: str, first: Word, second: Word) -> str:
    return message % {"first": f"“{first.text}”", "second": f"“{second.text}”"}


class _refusing:
    """Inside the block, a ValidationError becomes the LineError of this field."""

    def __init__(self, field: str):
        self.field = field

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _traceback):
        if isinstance(error, ValidationError):
            raise LineError(self.field, error.messages[0]) from None
