"""Adding expenses of a file to a ledger, each once however often the file is loaded."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import Lower

from expenses.models import MAX_POSITION, Category, Expense
from expenses.reading import FileRow
from ledgers.models import Ledger

PALETTE = (
    "#0e8fa8",
    "#c2410c",
    "#4d7c0f",
    "#be185d",
    "#0f766e",
    "#7c3aed",
    "#b45309",
    "#1d4ed8",
    "#15803d",
    "#b91c1c",
    "#6d4c41",
    "#9333ea",
)
AS_READ = ("date", "amount", "payee", "notes", "spread_months", "tags", "receipt")


@dataclass(frozen=True)
class Loaded:
    """What loading changed: the expenses added, how many were there already, and the categories it made."""

    expenses: list[Expense]
    present: int
    categories: list[Category]

    @property
    def refunds(self) -> int:
        return sum(expense.is_refund for expense in self.expenses)


@transaction.atomic
def load_expenses(ledger: Ledger, rows: Sequence[FileRow], user=None) -> Loaded:
    """Add what the ledger does not have yet; two equal rows are two expenses.

    A row is there already if an expense has the same date, amount, category, payee and notes. Tags do not count: people
    rename and merge them later, and a file of before must not add everything again. Categories are found whatever the
    case of their name; missing ones are made. Two loads at once wait for each other.
    Costs the same number of queries whatever the number of rows.
    """
    Ledger.objects.select_for_update(no_key=True).get(pk=ledger.pk)
    categories, made = _categories(ledger, {row.category: None for row in rows})
    present = _present(ledger, rows)
    missing = []
    for row in rows:
        category = categories[row.category]
        key = (row.date, row.amount, category.pk, row.payee, row.notes)
        if present[key]:
            present[key] -= 1
        else:
            missing.append(_expense(ledger, row, category, user))
    Expense.objects.bulk_create(missing)
    return Loaded(missing, len(rows) - len(missing), made)


def _expense(ledger: Ledger, row: FileRow, category: Category, user) -> Expense:
    said = {name: getattr(row, name) for name in AS_READ}
    return Expense(ledger=ledger, category=category, created_by=user, **said)


def _present(ledger: Ledger, rows: Sequence[FileRow]) -> Counter:
    """How often the ledger has each expense, between the first and the last date of the rows."""
    days = [row.date for row in rows]
    expenses = (
        Expense.objects.in_ledger(ledger).between(min(days), max(days)) if days else Expense.objects.none()
    )
    keys = expenses.order_by().values_list("date", "amount", "category", "payee", "notes")
    return Counter({tuple(key): count for *key, count in keys.annotate(count=Count("pk"))})


def _categories(ledger: Ledger, names: dict[str, None]) -> tuple[dict[str, Category], list[Category]]:
    """The category of each name or other name, and those that had to be made, written as they were first named."""
    mine = list(Category.objects.in_ledger(ledger).annotate(key=Lower("name")))
    known = {alias: category for category in mine for alias in category.aliases}
    known |= {category.key: category for category in mine}
    keys = lowered(list(names))
    new = {}
    for name in names:
        if keys[name] not in known:
            new.setdefault(keys[name], name)
    made = _new_categories(ledger, list(new.values()), [category.colour for category in known.values()])
    Category.objects.bulk_create(made)
    known |= dict(zip(new, made, strict=True))
    return {name: known[keys[name]] for name in names}, made


def _new_categories(ledger: Ledger, names: list[str], taken: list[str]) -> list[Category]:
    first = Category.objects.in_ledger(ledger).next_position()
    colours = [colour for colour in PALETTE if colour not in taken] or PALETTE
    return [
        Category(
            ledger=ledger,
            name=name,
            colour=colours[index % len(colours)],
            position=min(first + index, MAX_POSITION),
        )
        for index, name in enumerate(names)
    ]


def lowered(names: list[str]) -> dict[str, str]:
    """Each name in small letters, as the database writes them, which decides whether two are the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, lower(name) FROM unnest(%s::text[]) AS name", [names])
        return dict(cursor.fetchall())
