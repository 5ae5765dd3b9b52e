"""A ledger in plain Python, without database or Django: what the real one is compared with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Expense:
    date: date
    amount: Decimal
    category: int
    payee: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Category:
    name: str
    colour: str = "#64748b"
    position: int = 0
    archived: bool = False


Row = Expense | Category
Rows = dict[int, Row | None]  # by id; None is "not there"


@dataclass
class LedgerModel:
    """``rows`` by id, ``versions`` also of rows that are gone; ``changes`` has what each change set did to which row.

    Expenses and categories are numbered by one counter here: negative ids are categories.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    changes: dict[int, dict[int, tuple[Row | None, Row | None]]] = field(default_factory=dict)
    last_change_set: int = 0

    @property
    def expenses(self) -> dict[int, Expense]:
        return {pk: row for pk, row in sorted(self.rows.items()) if pk > 0}

    @property
    def categories(self) -> dict[int, Category]:
        return {-pk: row for pk, row in sorted(self.rows.items(), reverse=True) if pk < 0}

    @property
    def active(self) -> list[int]:
        return [pk for pk, category in self.categories.items() if not category.archived]

    def on(self, day: date) -> dict[int, Expense]:
        return {pk: row for pk, row in self.expenses.items() if row.date == day}

    def total(self, rows: Iterable[Expense]) -> Decimal:
        return sum((row.amount for row in rows), Decimal(0))

    def totals(self) -> dict[int, tuple[Decimal, int]]:
        """What was spent in each category that has expenses, and in how many of them."""
        amounts = defaultdict(list)
        for row in self.expenses.values():
            amounts[row.category].append(row.amount)
        return {category: (sum(found), len(found)) for category, found in amounts.items()}

    def differing(self, wanted: Rows) -> Rows:
        """Those of the rows that are not as wanted."""
        return {pk: row for pk, row in wanted.items() if self.rows.get(pk) != row}

    def write(self, change_set: int, wanted: Rows):
        """Make these rows what is wanted, which is something else than they are; that is one change set."""
        self.changes[change_set] = {pk: (self.rows.get(pk), row) for pk, row in wanted.items()}
        self.last_change_set = change_set
        for pk, (before, after) in self.changes[change_set].items():
            if after is None:
                del self.rows[pk]
                continue
            self.rows[pk] = after
            if not _is_only_moved(before, after):
                self.versions[pk] = self.versions.get(pk, 0) + 1

    def before(self, change_set: int) -> Rows | None:
        """What undoing it has to make of the rows; None if it has to be refused."""
        changes = self.changes[change_set]
        if any(self.rows.get(pk) != after for pk, (_before, after) in changes.items()):
            return None
        wanted = {pk: before for pk, (before, _after) in changes.items()}
        return wanted if self._is_possible(wanted) else None

    def replaced(self, day: date, wanted: list[Expense]) -> tuple[Rows, list[Expense]]:
        """Which rows of the day go, and which are new, when it shall be exactly these, whatever their payee."""
        there = dict(self.on(day))
        new = []
        for row in wanted:
            alike = next((pk for pk, other in there.items() if replace(other, payee=row.payee) == row), None)
            if alike is None:
                new.append(row)
            else:
                del there[alike]
        return dict.fromkeys(there), new

    def is_taken(self, name: str, besides: int | None = None) -> bool:
        others = (category.name for pk, category in self.categories.items() if pk != besides)
        return name.lower() in {other.lower() for other in others}

    def _is_possible(self, wanted: Rows) -> bool:
        rows = {pk: row for pk, row in (self.rows | wanted).items() if row is not None}
        names = [row.name.lower() for pk, row in rows.items() if pk < 0]
        used = {-row.category for pk, row in rows.items() if pk > 0}
        return len(names) == len(set(names)) and used <= rows.keys()


def _is_only_moved(before: Row | None, after: Row) -> bool:
    both = isinstance(before, Category) and isinstance(after, Category)
    return both and replace(before, position=after.position) == after
