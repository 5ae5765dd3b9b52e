"""How much: expenses in, figures out. Every figure that a page, a chart, an export or the API shows is made here.

Sums are sums of ``Figure``: the totals of the parts of a breakdown are together exactly the total of the whole.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Collate

from analytics.dimensions import ONE_BY_ONE, expression, whole_series
from analytics.measures import NOTHING, SUMS_OF_ROLLUPS, SUMS_OF_ROWS, Middle, sum_of
from analytics.models import Rollup
from analytics.percentages import percentages
from analytics.ranges import Range
from analytics.selection import Selection

DAYS_OF_WEEK = 7
# Of payees there may be as many as expenses.
MOST_PAYEES = 1_000
MOST_CELLS = 20_000


def rounded(figure: Decimal, decimals: int) -> Decimal:
    """With so many decimals, for what is no sum; never a negative zero."""
    return round(figure, decimals) + 0


@dataclass(frozen=True)
class Figure:
    """What expenses add up to: ``gross`` was spent, ``refunds`` (zero or negative) came back, in ``count`` rows."""

    gross: Decimal = NOTHING
    refunds: Decimal = NOTHING
    count: int = 0

    @property
    def total(self) -> Decimal:
        """What was spent in the end: the one figure that "total" means everywhere."""
        return self.gross + self.refunds

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.gross + other.gross, self.refunds + other.refunds, self.count + other.count)


@dataclass(frozen=True)
class Part:
    """One part of a breakdown. ``key`` is the id of a category, a payee, the number of a weekday or a first day.

    ``percentage`` is its share of all that was spent, by the rule of ``percentages``: a part with more refunds
    than spending stays in the breakdown, with its negative total and a share of 0.

    The last part of a long breakdown may be all the smaller ones together: ``hidden`` says how many, and ``key`` is
    None. Its share is that of those among them that were spent on.
    """

    key: Any
    figure: Figure
    percentage: Decimal
    hidden: int = 0


@dataclass(frozen=True)
class Matrix:
    """Two breakdowns at once: ``cells`` by the keys of row and column, in their order, where there are expenses."""

    rows: list[Part]
    columns: list[Part]
    cells: dict[tuple[Any, Any], Figure]
    whole: Figure


class TooManyCells(Exception):
    """Two breakdowns at once would have more than ``MOST_CELLS``."""


@dataclass(frozen=True)
class Change:
    """One part in the chosen time and in the one before, either of which may be nothing."""

    key: Any
    now: Figure
    before: Figure

    @property
    def change(self) -> Decimal:
        return self.now.total - self.before.total

    @property
    def percentage(self) -> Decimal | None:
        """The change in per cent of what was before, with one decimal; None where that was nothing."""
        before = abs(self.before.total)
        return rounded(self.change * 100 / before, 1) if before else None


@dataclass(frozen=True)
class Averages:
    """``per_day``, ``per_week`` and ``per_month`` of a total, over ``days`` days; not rounded."""

    days: int
    per_day: Decimal
    per_week: Decimal
    per_month: Decimal

    def rounded(self, decimals: int) -> "Averages":
        means = (self.per_day, self.per_week, self.per_month)
        return Averages(self.days, *(rounded(mean, decimals) for mean in means))


@dataclass(frozen=True)
class Running:
    """The total up to and with the ``number``-th day of two ranges; None for a day that is not, or not yet."""

    number: int
    day: date | None
    total: Decimal | None
    earlier_day: date | None
    earlier_total: Decimal | None


def whole(selection: Selection) -> Figure:
    """What all these expenses add up to."""
    rows = selection.source()
    return _figure(rows.order_by().aggregate(**_measures(rows)))


def breakdown(selection: Selection, by: str, most: int = MOST_PAYEES) -> list[Part]:
    """What these expenses add up to by one of ``DIMENSIONS``.

    Categories and payees come largest first, and only those with expenses. Times come in their order, those
    without expenses between the first and the last included, but for days and for weekdays that were not asked for.
    After the ``most`` largest payees comes one part that is all the others.
    """
    if by == "payee":
        return _payees(selection, most)
    figures = _by(selection, by)
    return _parts(selection, by, {keys[0]: figure for keys, figure in figures.items()})


def matrix(selection: Selection, rows: str, columns: str) -> Matrix:
    """What these expenses add up to by two of ``DIMENSIONS``, which must not be the same. Raises TooManyCells."""
    cells = _by(selection, rows, columns, most=MOST_CELLS + 1)
    if len(cells) > MOST_CELLS:
        raise TooManyCells
    of_row, of_column = defaultdict(Figure), defaultdict(Figure)
    for (row, column), figure in cells.items():
        of_row[row] += figure
        of_column[column] += figure
    total = sum(of_row.values(), Figure())
    parts = _parts(selection, rows, of_row), _parts(selection, columns, of_column)
    places = [{part.key: place for place, part in enumerate(side)} for side in parts]
    in_order = sorted(cells, key=lambda keys: (places[0][keys[0]], places[1][keys[1]]))
    return Matrix(*parts, {keys: cells[keys] for keys in in_order}, total)


def comparison(selection: Selection, before: Selection, by: str = "category") -> list[Change]:
    """How two selections differ by one of ``DIMENSIONS``; what changed most comes first, up or down."""
    now, then = ({keys[0]: figure for keys, figure in _by(each, by).items()} for each in (selection, before))
    changes = [Change(key, now.get(key, Figure()), then.get(key, Figure())) for key in now | then]
    return sorted(changes, key=lambda change: (-abs(change.change), -change.now.total, str(change.key)))


def running_totals(
    selection: Selection, before: Selection, today: date, most: int | None = None
) -> list[Running]:
    """What was spent up to each day of the range, beside the days of the earlier one; nothing after ``today``.

    With ``most`` it is every so many days, and the last one, so that it is about as many.
    """
    days = max(0, *((min(each.end, today) - each.start).days + 1 for each in (selection, before)))
    step = -(-days // most) or 1 if most else 1
    numbers = [*range(step, days + 1, step)]
    if days % step:
        numbers.append(days)
    both = (_running(each, today, numbers) for each in (selection, before))
    return [Running(number, *now, *then) for number, now, then in zip(numbers, *both, strict=True)]


def averages(selection: Selection, total: Decimal, today: date) -> Averages:
    """What these expenses, which add up to ``total``, are per day, per seven days and per month of the ledger.

    Days to come do not count, and neither does what is dated then, unless all of the range lies ahead. A month
    counts with the part of its days that lies in the range, so that over whole months the average is the total by
    their number.
    """
    start, end = selection.start, selection.end
    if start <= today < end:
        end = today
        total = whole(selection.during(Range(start, end))).total
    days = (end - start).days + 1
    per_day = total / days
    return Averages(days, per_day, per_day * DAYS_OF_WEEK, total / _months(selection, start, end))


def median(selection: Selection) -> Decimal | None:
    """The amount that half of these expenses lie below: the mean of the middle two; refunds do not count."""
    spent = selection.rows().order_by().filter(amount__gt=0)
    middle = spent.aggregate(low=Middle("amount"), high=Middle("amount", descending=True))
    return None if middle["low"] is None else (middle["low"] + middle["high"]) / 2


def largest(selection: Selection, most: int) -> list:
    """The expenses with the largest amounts, with their categories."""
    rows = selection.rows().select_related("category")
    return list(rows.order_by("-amount", "-date", "-id")[:most])


def _by(selection: Selection, *dimensions: str, most: int | None = None) -> dict[tuple, Figure]:
    """Figures by the keys of these dimensions, where there are expenses; any ``most`` of them if there are more."""
    rows = _grouped(selection, *dimensions)[:most]
    return {tuple(row[f"key_{name}"] for name in dimensions): _figure(row) for row in rows}


def _grouped(selection: Selection, *dimensions: str):
    keys = {
        f"key_{dimension}": expression(dimension, selection.ledger, selection.first_weekday)
        for dimension in dimensions
    }
    source = selection.source(*dimensions)
    return source.order_by().values(**keys).annotate(**_measures(source)).filter(all_count__gt=0)


def _payees(selection: Selection, most: int) -> list[Part]:
    """The payees that most was spent on, and all the others as one part, which the database adds up."""
    rows = _grouped(selection, "payee").annotate(total=F("all_gross") + F("all_refunds"))
    rows = rows.order_by("-total", Collate("key_payee", "C"))
    figures = {row["key_payee"]: _figure(row) for row in rows[: most + 1]}
    if len(figures) <= most:
        return _parts(selection, "payee", figures)
    figures.popitem()
    rest = rows[most:].aggregate(
        gross=Sum("all_gross"),
        refunds=Sum("all_refunds"),
        count=Sum("all_count"),
        spent=sum_of("total", filter=Q(total__gt=0)),
        hidden=Count("*"),
    )
    *shares, share = percentages([*(figure.total for figure in figures.values()), rest["spent"]])
    parts = [Part(key, figure, own) for (key, figure), own in zip(figures.items(), shares, strict=True)]
    others = Figure(rest["gross"], rest["refunds"], rest["count"])
    return [*parts, Part(None, others, share, rest["hidden"])]


def _measures(rows) -> dict[str, Any]:
    return SUMS_OF_ROLLUPS if rows.model is Rollup else SUMS_OF_ROWS


def _figure(row: dict) -> Figure:
    return Figure(row["all_gross"], row["all_refunds"], row["all_count"])


def _parts(selection: Selection, dimension: str, figures: dict[Any, Figure]) -> list[Part]:
    if dimension in ONE_BY_ONE:
        keys: Iterable = sorted(figures, key=lambda key: (-figures[key].total, str(key)))
    else:
        keys = whole_series(dimension, figures, selection.first_weekday)
    if dimension == "weekday" and (asked := selection.asked.get("weekday")):
        keys = [key for key in keys if str(key) in asked]
    parts = [(key, figures.get(key, Figure())) for key in keys]
    shares = percentages([figure.total for _key, figure in parts])
    return [Part(key, figure, share) for (key, figure), share in zip(parts, shares, strict=True)]


def _running(selection: Selection, today: date, numbers: Iterable[int]) -> Iterator[tuple]:
    """The days of these numbers, each with what was spent up to it; None for those that are not, or not yet."""
    spent = sorted((keys[0], figure.total) for keys, figure in _by(selection, "day").items())
    days = [day for day, _total in spent]
    totals = list(accumulate((total for _day, total in spent), initial=NOTHING))
    last = min(selection.end, today)
    for number in numbers:
        day = selection.start + timedelta(days=number - 1)
        yield (day, totals[bisect_right(days, day)]) if day <= last else (None, None)


def _months(selection: Selection, start: date, end: date) -> Decimal:
    """How many months of the ledger a range is long; of a month that it cuts, the part of its days."""
    first, first_ends = selection.ledger.month_of(start)
    last, last_ends = selection.ledger.month_of(end)
    between = (last.year - first.year) * 12 + last.month - first.month + 1
    missing = Decimal((start - first).days) / ((first_ends - first).days + 1)
    return between - missing - Decimal((last_ends - end).days) / ((last_ends - last).days + 1)
