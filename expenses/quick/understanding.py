"""What lines of text mean in a ledger, and the line that means a row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from expenses.models import Category, Expense
from expenses.quick.grammar import LineError, Word, joined, quoted, take_apart
from expenses.quick.memory import Memory, memory_of
from expenses.quick.naming import Names
from ledgers import money
from ledgers.models import Ledger

MOST_LINES = 200
LONGEST_TEXT = 100_000
LONGEST_NOTES = Expense._meta.get_field("notes").max_length


@dataclass(frozen=True)
class Row:
    """An expense as a line says it. ``why`` the category is this one: ``named``, or usual with ``payee`` or ``notes``.

    Without a category ``why`` is empty: somebody has to choose one.
    """

    date: date
    amount: Decimal
    category: Category | None
    payee: str
    notes: str
    tags: list[str] = field(default_factory=list)
    why: str = field(default="", compare=False)

    @property
    def values(self) -> dict[str, Any]:
        """Those of an expense, by the names of its fields."""
        return {
            name: getattr(self, name) for name in ("date", "amount", "category", "payee", "notes", "tags")
        }


class Understood(NamedTuple):
    """A line, counted from 1, and the row that it says."""

    line: int
    text: str
    row: Row


class Problem(NamedTuple):
    """What is wrong with a line, counted from 1."""

    line: int
    text: str
    field: str
    message: str

    def __str__(self):
        said = {"line": self.line, "field": self.field, "message": self.message}
        return _("Line %(line)d, %(field)s: %(message)s") % said


class Reader:
    """Understands lines in one ledger on one day, in the reader's language."""

    def __init__(self, ledger: Ledger, today: date, categories: Iterable[Category], memory: Memory):
        self.ledger, self.today, self.memory = ledger, today, memory
        self.names = Names(categories)

    def row(self, line: str) -> Row:
        """What the line says. Raises LineError."""
        parts = take_apart(line, self.today, self.ledger.currency, self.ledger.decimals)
        category, words = self._named(parts.category, parts.words)
        length = self.memory.payee_before(words)
        payee, notes = self.memory.payee(words[:length]), joined(words[length:])
        if len(notes) > LONGEST_NOTES:
            raise LineError("notes", _("Notes have at most %(most)d characters.") % {"most": LONGEST_NOTES})
        category, why = (category, "named") if category else self.memory.usual(payee, notes)
        return Row(parts.date, parts.amount, category, payee, notes, parts.tags, why)

    def written(self, row: Row) -> str:
        """A line that ``row`` reads as this row, if any does: texts stand in quotation marks where they must."""
        plain = self._line(row, [row.payee, row.notes])
        return (
            plain
            if self._says(plain, row)
            else self._line(row, map(quoted, filter(None, [row.payee, row.notes])))
        )

    def _named(self, category: str | None, words: list[Word]) -> tuple[Category | None, list[Word]]:
        """The category that is named, and the words without it; in the midst of others they stay.

        A longer payee that the name is part of is meant instead.
        """
        if category is not None:
            return self.names.called(category), words
        named, length = self.names.among(words), self.memory.payee_before(words)
        if named and named.start < length and named.end - named.start < length:
            named = self.names.among(words, length)
        if named is None:
            return None, words
        at_the_edge = named.start in (0, length) or named.end == len(words)
        return named.category, words[: named.start] + words[named.end :] if at_the_edge else words

    def _line(self, row: Row, texts: Iterable[str]) -> str:
        amount = money.write(row.amount, self.ledger.decimals, grouped=False)
        tags = (f"#{tag}" for tag in row.tags)
        return " ".join(filter(None, [amount, str(row.date), _sign(row.category), *texts, *tags]))

    def _says(self, line: str, row: Row) -> bool:
        try:
            return self.row(line) == row
        except LineError:
            return False


def _sign(category: Category | None) -> str:
    if category is None:
        return ""
    return f"@{category.name if category.name.isalnum() else quoted(category.name)}"


def reader_of(
    ledger: Ledger, categories: Iterable[Category] | None = None, today: date | None = None
) -> Reader:
    """A reader for this ledger; its categories, if they are not at hand, and its latest expenses are a query each.

    ``today`` is that of the active time zone if not given.
    """
    categories = list(Category.objects.in_ledger(ledger) if categories is None else categories)
    return Reader(ledger, today or timezone.localdate(), categories, memory_of(ledger, categories))


def understand(text: str, reader: Reader) -> tuple[list[Understood], list[Problem]]:
    """What each line of a text says, and what is wrong with the others. Blank lines are passed over.

    Raises ValidationError for a text that is too long, or none.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise ValidationError({"text": _("Write a line such as “12.50 lunch”.")}, "required")
    if len(lines) > MOST_LINES or len(text) > LONGEST_TEXT:
        raise ValidationError(
            {"text": _("Write at most %(most)d lines at once.") % {"most": MOST_LINES}}, "too_many"
        )
    rows, problems = [], []
    for number, line in lines:
        try:
            rows.append(Understood(number, line, reader.row(line)))
        except LineError as error:
            problems.append(Problem(number, line, error.field, error.message))
    return rows, problems


def without_category(rows: Iterable[Understood]) -> list[Problem]:
    """What is wrong with these rows if they are to be written as they are."""
    message = _("Name a category: none is usual for this.")
    return [Problem(row.line, row.text, "category", message) for row in rows if not row.row.category]
