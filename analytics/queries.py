"""How much: rows in, figures out. Every figure that a page, a chart or the API shows is made here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import Count, DateField, ExpressionWrapper, F, Max, Min, Value
from django.db.models.functions import TruncMonth

from analytics.percentages import percentages
from expenses.models import SPENT, Category
from ledgers.models import Ledger


@dataclass(frozen=True)
class CategoryTotal:
    """What was spent in one category: ``total`` in the ledger's currency, ``percentage`` of all that was spent."""

    category: Category
    total: Decimal
    percentage: Decimal
    count: int


@dataclass(frozen=True)
class MonthTotals:
    """What was spent in one month of the ledger; ``totals`` by the id of the category."""

    start: date
    end: date
    totals: dict[int, Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.totals.values(), Decimal(0))


def category_totals(expenses, ledger: Ledger) -> list[CategoryTotal]:
    """Total, share and number of these expenses per category, the largest total first.

    Categories without a row among them are left out. Shares are those of ``percentages``.
    """
    rows = list(
        expenses.order_by()
        .values("category_id")
        .annotate(total=SPENT, count=Count("*"))
        .order_by("-total", "category_id")
    )
    categories = Category.objects.in_ledger(ledger).in_bulk()
    shares = percentages([row["total"] for row in rows])
    return [
        CategoryTotal(categories[row["category_id"]], row["total"], share, row["count"])
        for row, share in zip(rows, shares, strict=True)
    ]


def month_totals(expenses, ledger: Ledger) -> list[MonthTotals]:
    """What these expenses add up to per month of the ledger and category, earliest month first.

    Months without spending between the first and the last one are there too, with nothing in them.
    """
    shift = Value(ledger.month_start_day - 1)
    counted_from = ExpressionWrapper(F("date") - shift, output_field=DateField())
    rows = (
        expenses.order_by()
        .annotate(month=TruncMonth(counted_from))
        .values_list("month", "category_id")
        .annotate(total=SPENT)
        .order_by("month")
    )
    months: dict[date, dict[int, Decimal]] = {}
    for month, category_id, total in rows:
        months.setdefault(month.replace(day=ledger.month_start_day), {})[category_id] = total
    return [
        MonthTotals(start, start + relativedelta(months=1, days=-1), months.get(start, {}))
        for start in _every_month(min(months, default=None), max(months, default=None))
    ]


def first_and_last(expenses) -> tuple[date | None, date | None]:
    """The dates of the earliest and the latest of these expenses."""
    span = expenses.aggregate(first=Min("date"), last=Max("date"))
    return span["first"], span["last"]


def _every_month(first: date | None, last: date | None):
    month = first
    while month is not None and month <= last:
        yield month
        month += relativedelta(months=1)
