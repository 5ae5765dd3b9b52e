"""The same figures worked out by hand: from the rows alone, without SQL and without the code that is tested."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from analytics.models import Rollup
from expenses.models import Expense

DAY = timedelta(days=1)
DECIMALS = {"JPY": 0, "EUR": 2, "TND": 3}


@dataclass
class Sum:
    """What ``figures.Figure`` says."""

    gross: Decimal = Decimal(0)
    refunds: Decimal = Decimal(0)
    count: int = 0

    def add(self, amount: Decimal):
        if amount > 0:
            self.gross += amount
        else:
            self.refunds += amount
        self.count += 1

    @property
    def total(self) -> Decimal:
        return self.gross + self.refunds

    def __eq__(self, other):
        return (self.gross, self.refunds, self.count) == (other.gross, other.refunds, other.count)


@dataclass(frozen=True)
class Row:
    """An expense or a part of one. ``number`` is the id of the expense."""

    number: int
    date: date
    amount: Decimal
    category: int
    payee: str
    main: int = 0
    tags: tuple[str, ...] = ()


def rows_on(basis: str, ledger) -> list[Row]:
    """The expenses of a ledger, or the parts of them."""
    found = []
    for expense in Expense.objects.in_ledger(ledger).select_related("category"):
        pieces = (
            parts(expense, DECIMALS[ledger.currency])
            if basis == "spread"
            else [(expense.date, expense.amount)]
        )
        main = expense.category.parent_id or expense.category_id
        rest = (expense.category_id, expense.payee, main, tuple(expense.tags))
        found += [Row(expense.pk, day, amount, *rest) for day, amount in pieces]
    return found


def parts(expense, decimals: int) -> list[tuple[date, Decimal]]:
    """Date and amount of each part, counted in the smallest unit of the currency."""
    months, unit = expense.spread_months, Decimal(10) ** -decimals
    units = int(abs(expense.amount) / unit)
    sign = 1 if expense.amount > 0 else -1
    cuts = [units * k // months for k in range(months + 1)]
    amounts = [sign * (cuts[k + 1] - cuts[k]) * unit for k in range(months)]
    return [(months_later(expense.date, k), amount) for k, amount in enumerate(amounts) if amount]


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def first_of_month(day: date, first_day: int) -> date:
    while day.day != first_day:
        day -= DAY
    return day


def first_of_year(day: date, first_day: int) -> date:
    day = first_of_month(day, first_day)
    while day.month != 1:
        day = first_of_month(day - DAY, first_day)
    return day


def first_of_week(day: date, first_weekday: int) -> date:
    while day.weekday() != first_weekday:
        day -= DAY
    return day


def keys(row: Row, dimension: str, first_day: int, first_weekday: int) -> list:
    """All that a breakdown by this dimension puts a row under."""
    if dimension == "tag":
        return list(row.tags) or [""]
    return [key(row, dimension, first_day, first_weekday)]


def key(row: Row, dimension: str, first_day: int, first_weekday: int) -> Any:
    """The one part that a breakdown by this dimension puts a row under."""
    return {
        "category": lambda: row.category,
        "main_category": lambda: row.main,
        "payee": lambda: row.payee,
        "weekday": lambda: row.date.weekday() + 1,
        "day": lambda: row.date,
        "week": lambda: first_of_week(row.date, first_weekday),
        "month": lambda: first_of_month(row.date, first_day),
        "year": lambda: first_of_year(row.date, first_day),
    }[dimension]()


def sums(keyed) -> dict[Any, Sum]:
    """What amounts add up to, given as pairs of key and amount."""
    found = defaultdict(Sum)
    for each, amount in keyed:
        found[each].add(amount)
    return dict(found)


def rollups(ledger) -> dict[tuple, Sum]:
    """What should be kept of a ledger, by ledger, unit, date, category and basis."""
    keyed = []
    for expense in Expense.objects.in_ledger(ledger):
        spread = parts(expense, DECIMALS[ledger.currency])
        paid = [("paid", (expense.date, expense.amount)), *(("spread", part) for part in spread)]
        for basis, (day, amount) in paid if expense.spread_months > 1 else [("always", spread[0])]:
            for unit, first in (("day", day), ("month", first_of_month(day, ledger.month_start_day))):
                keyed.append(((ledger.pk, unit, first, expense.category_id, basis), amount))
    return sums(keyed)


def kept() -> dict[tuple, Sum]:
    """What the database keeps of all ledgers; rows that say nothing left out."""
    found = defaultdict(Sum)
    for row in Rollup.objects.all():
        each = found[(row.ledger_id, row.unit, row.date, row.category_id, row.basis)]
        each.gross, each.refunds, each.count = (
            each.gross + row.gross,
            each.refunds + row.refunds,
            each.count + row.count,
        )
    return {each: figure for each, figure in found.items() if figure != Sum()}
