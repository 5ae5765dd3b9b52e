"""The rows that a change set touched: as they were before it, as it left them, and as they are now."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from expenses.models import Category
from expenses.months import written_months
from history.models import TRACKED, CategoryEvent, ChangeSet, Tracked
from history.steps import BOOKKEEPING, Work
from history.undoing import NotUndone
from ledgers.models import Ledger
from ledgers.money import write
from users.models import User

SHOWN = {
    "ledger": ("name", "currency", "month_start_day"),
    "membership": ("user", "role"),
    "category": ("name", "parent", "aliases", "colour", "position", "archived"),
    "account": ("name", "currency", "digits"),
    "rule": ("position", "field", "operator", "pattern", "category", "payee"),
    "favourite": ("name", "position", "amount", "category", "payee", "notes", "tags"),
    "expense": (
        *("date", "amount", "category", "payee", "notes", "tags", "spread_months", "receipt", "external_id"),
    ),
}
RARE = {  # only shown where one of the rows has anything but this
    "spread_months": 1,
    "parent": None,
    "aliases": [],
    "tags": [],
}
TELLING = {"external_id", "receipt"}  # only shown where it changed
FIND = "SELECT id, earlier, last, was, became FROM step WHERE was OR became ORDER BY id LIMIT %(rows)s"


@dataclass(frozen=True)
class ChangedRow:
    """One row. ``before``, ``after`` and ``now`` are objects of its model, or None where it was not there."""

    tracked: Tracked
    pk: int
    before: Model | None
    after: Model | None
    now: Model | None

    @property
    def key(self) -> str:
        return f"{self.tracked.name}:{self.pk}"

    @property
    def did(self) -> str:
        """What was done to it: ``insert``, ``update`` or ``delete``."""
        if self.before is None:
            return "insert"
        return "update" if self.after else "delete"

    @cached_property
    def is_stale(self) -> bool:
        """Whether it is not as the change set left it."""
        return _state(self.after) != _state(self.now)

    @cached_property
    def is_undone(self) -> bool:
        """Whether it is as it was before the change set, which did change it."""
        return self.is_stale and _state(self.before) == _state(self.now)


def _state(row: Model | None) -> dict | None:
    if row is None:
        return None
    columns = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in columns if name not in BOOKKEEPING}


def _is_shown(name: str, rows: Collection[ChangedRow]) -> bool:
    """Whether a field says anything."""
    if name in RARE:
        versions = [row for each in rows for row in (each.before, each.after, each.now) if row]
        return any(getattr(row, row._meta.get_field(name).attname) != RARE[name] for row in versions)
    return name not in TELLING or any(
        row.before and row.after and getattr(row.before, name) != getattr(row.after, name) for row in rows
    )


def changed_rows(
    change_set: ChangeSet, tracked: Tracked, most: int, only: Collection[int] | None = None
) -> list[ChangedRow]:
    """The first ``most`` rows of one kind, by id, or of ``only`` some of them. Costs three queries."""
    steps = Work(tracked, change_set, only).run(FIND, rows=most).fetchall()
    numbers = {number for _pk, earlier, last, *_there in steps for number in (earlier, last) if number}
    events = {
        event.pgh_id: event.row
        for event in tracked.events.objects.filter(ledger=change_set.ledger_id, pgh_id__in=numbers)
    }
    scope = {} if tracked.model is Ledger else {"ledger": change_set.ledger_id}
    present = tracked.model.objects.filter(pk__in=[pk for pk, *_rest in steps], **scope).in_bulk()
    return [
        ChangedRow(
            tracked, pk, events[earlier] if was else None, events[last] if became else None, present.get(pk)
        )
        for pk, earlier, last, was, became in steps
    ]


def refused_rows(change_set: ChangeSet, refusal: NotUndone) -> tuple[str, list[ChangedRow]]:
    """Why a change set was not undone, in words, and the rows that stand against it."""
    rows = [
        row
        for tracked in TRACKED
        if (ids := refusal.stale.get(tracked.name))
        for row in changed_rows(change_set, tracked, len(ids), ids)
    ]
    undone = rows and all(row.is_undone for row in rows)
    return _("This is undone already.") if undone else str(refusal), rows


@dataclass(frozen=True)
class Cell:
    """One value of a row as text, in its three versions."""

    name: str
    label: str
    before: str
    after: str
    now: str


@dataclass(frozen=True)
class Table:
    """The rows of one kind, each with a cell for each heading, which has the field's name as well."""

    title: str
    headings: list[tuple[str, str]]
    rows: list[tuple[ChangedRow, list[Cell]]]


class Writer:
    """Writes the values of rows for people. Names of categories and people are fetched once for all rows."""

    def __init__(self, ledger: Ledger, rows: Collection[ChangedRow]):
        self.ledger = ledger
        versions = [row for each in rows for row in (each.before, each.after, each.now) if row]
        self.categories = self._categories(
            {
                getattr(row, name)
                for row in versions
                for name in ("category_id", "parent_id")
                if hasattr(row, name)
            }
        )
        people = {row.user_id for row in versions if hasattr(row, "user_id")}
        self.people = (
            {person.pk: str(person) for person in User.objects.filter(pk__in=people)} if people else {}
        )

    def _categories(self, numbers: set[int]) -> dict[int, str]:
        """The names of these categories; of one that is gone, its last."""
        if not numbers:
            return {}
        gone = CategoryEvent.objects.filter(ledger=self.ledger, id__in=numbers).order_by("id", "-pgh_id")
        names = dict(gone.distinct("id").values_list("id", "name"))
        return names | dict(
            Category.objects.in_ledger(self.ledger).filter(pk__in=numbers).values_list("pk", "name")
        )

    def table(self, tracked: Tracked, rows: list[ChangedRow]) -> "Table":
        """The rows of one kind as a page shows them."""
        fields = [name for name in SHOWN[tracked.name] if _is_shown(name, rows)]
        written = [(row, [self._cell(row, name) for name in fields]) for row in rows]
        headings = [(name, capfirst(tracked.model._meta.get_field(name).verbose_name)) for name in fields]
        return Table(capfirst(tracked.model._meta.verbose_name_plural), headings, written)

    def _cell(self, row: ChangedRow, name: str) -> "Cell":
        label = capfirst(row.tracked.model._meta.get_field(name).verbose_name)
        return Cell(name, label, *(self.write(version, name) for version in (row.before, row.after, row.now)))

    def write(self, row: Model | None, name: str) -> str:
        """A value as text; empty where the row is not there."""
        if row is None:
            return ""
        value = getattr(row, row._meta.get_field(name).attname)
        match name:
            case "date":
                return date_format(value, "SHORT_DATE_FORMAT")
            case "amount":
                return "–" if value is None else write(value, self.ledger.decimals, grouped=True)
            case "tags" | "aliases":
                return ", ".join(value)
            case "parent" if value is None:
                return "–"
            case "category" | "parent":
                return self.categories.get(value, "–")
            case "user":
                return self.people.get(value, _("somebody who is gone"))
            case "role" | "field" | "operator":
                return getattr(row, f"get_{name}_display")()
            case "spread_months":
                return written_months(value) if value > 1 else "–"
            case "external_id" | "receipt":
                return _("yes") if value else ""
            case "archived":
                return _("yes") if value else _("no")
        return str(value)
