"""Saving a day as a difference: what is the same stays untouched, ids never change, nobody is overwritten."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from expenses.models import Expense
from ledgers.models import Ledger

MAX_ROWS = 1000  # of a day that can be saved at once
EDITED_FIELDS = ("amount", "category", "payee", "notes", "tags", "spread_months", "receipt")


@dataclass(frozen=True)
class Row:
    """One row of a day as somebody wants it.

    ``values`` maps names of ``EDITED_FIELDS``, and ``date`` if the row moves to another day, to what they shall be;
    None means "not there". A row without
    ``id`` is new. ``version`` is the version the person saw, and ``touched`` says whether they altered the
    row at all: an untouched row never overwrites and never conflicts.
    """

    values: dict[str, Any] | None
    id: int | None = None
    version: int | None = None
    touched: bool = True


@dataclass
class DayDifference:
    """What saving a day changed. ``rows`` has, by the index of the row given, the expense it became."""

    created: list[Expense] = field(default_factory=list)
    changed: list[Expense] = field(default_factory=list)
    deleted: list[Expense] = field(default_factory=list)
    rows: dict[int, Expense] = field(default_factory=dict)

    def __bool__(self):
        return bool(self.created or self.changed or self.deleted)


class DayConflict(Exception):
    """Rows were changed meanwhile. ``theirs`` maps the index of each to the expense now, None if it is gone."""

    def __init__(self, theirs: dict[int, Expense | None]):
        super().__init__("rows were changed meanwhile")
        self.theirs = theirs


@transaction.atomic
def save_day(
    ledger: Ledger, day: date, rows: Iterable[Row], user, locked: Iterable[Expense] = ()
) -> DayDifference:
    """Make the rows given what they shall be, in one transaction; rows of the day not given are left alone.

    The rows with an id are locked first, so what is compared is what is written; those that this transaction
    has ``locked`` already, read with their categories, are not read again. Raises ``DayConflict``, with
    nothing written, when a touched row is not the version that was seen. A touched row of another day, seen
    in its current version, comes to this day. Costs the same number of queries whatever the number of rows.
    """
    rows = list(rows)
    current = {expense.pk: expense for expense in locked}
    current |= _locked(ledger, [row.id for row in rows if row.id and row.id not in current])
    difference, conflicts = DayDifference(), {}
    for index, row in enumerate(rows):
        mine = current.get(row.id)
        if row.id is None:
            if row.values:
                expense = Expense(ledger=ledger, created_by=user, **{"date": day, **row.values})
                difference.created.append(expense)
                difference.rows[index] = expense
        elif _is_conflict(row, mine, day):
            conflicts[index] = mine
        elif not mine or not row.touched:
            continue
        elif row.values is None:
            difference.deleted.append(mine)
        elif _differs(mine, wanted := {"date": day, **row.values}):
            for name, value in wanted.items():
                setattr(mine, name, value)
            difference.changed.append(mine)
            difference.rows[index] = mine
    if conflicts:
        raise DayConflict(conflicts)
    _write(ledger, difference)
    return difference


def replace_day(ledger: Ledger, day: date, wanted: list[dict[str, Any]], user) -> DayDifference:
    """Make the day hold exactly the expenses wanted. One that is there already, value for value, stays as it is.

    Equal expenses are counted: two equal coffees wanted are two. The values given decide what is compared, so
    a payee that nobody spoke of is kept. Two who replace days of one ledger at once do so one after the other,
    since an empty day has no row to lock.
    """
    with transaction.atomic():
        Ledger.objects.select_for_update(no_key=True).get(pk=ledger.pk)
        spare = defaultdict(list)
        for expense in Expense.objects.in_ledger(ledger).on(day).select_for_update().order_by("id"):
            spare[_signature(vars(expense))].append(expense)
        rows = []
        for values in wanted:
            alike = spare[_signature({"category_id": values["category"].pk, **values})]
            if alike:
                alike.pop(0)
            else:
                rows.append(Row(values))
        gone = (expense for expenses in spare.values() for expense in expenses)
        rows += [Row(None, expense.pk, expense.version) for expense in gone]
        return save_day(ledger, day, rows, user)


def _signature(values) -> tuple:
    return values["amount"], values["category_id"], values["notes"]


def _locked(ledger: Ledger, ids: list[int]) -> dict[int, Expense]:
    if not ids:
        return {}
    rows = Expense.objects.in_ledger(ledger).filter(pk__in=ids).order_by("pk").locked()
    return {expense.pk: expense for expense in rows}


def _is_conflict(row: Row, mine: Expense | None, day: date) -> bool:
    if not row.touched:
        return False
    if mine is None:
        return row.values is not None
    if mine.version == row.version:
        return False
    return row.values is None or _differs(mine, {"date": day, **row.values})


def _differs(expense: Expense, values: dict[str, Any]) -> bool:
    return any(getattr(expense, name) != value for name, value in values.items())


def _write(ledger: Ledger, difference: DayDifference):
    expenses = Expense.objects.in_ledger(ledger)
    Expense.objects.bulk_create(difference.created)
    if difference.changed:
        expenses.bulk_update(difference.changed, ("date", *EDITED_FIELDS))
        for expense in difference.changed:
            expense.version += 1  # as the trigger did
    if difference.deleted:
        expenses.filter(pk__in=[expense.pk for expense in difference.deleted]).delete()
