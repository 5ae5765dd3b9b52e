"""How much: expenses in, figures out. Every figure that a page, a chart, an export or the API shows is made here.

Sums are sums of ``Figure``: the totals of the parts of a breakdown are together exactly the total of the whole, but for
tags. An expense counts in each of its tags, so those are no parts of a sum, and the whole is asked for by itself.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Collate

from analytics.dimensions import ONE_BY_ONE, OVERLAPPING, expression, whole_series
from analytics.figures import Averages, Breakdown, Change, Family, Figure, Matrix, Part, Running
from analytics.measures import NOTHING, SUMS_OF_ROLLUPS, SUMS_OF_ROWS, Middle, sum_of
from analytics.models import Rollup
from analytics.percentages import percentages, shares_of
from analytics.ranges import Range
from analytics.selection import Selection

DAYS_OF_WEEK = 7
# Of ``MAY_BE_MANY``.
MOST_PARTS = 1_000
MOST_CELLS = 20_000


class TooManyCells(Exception):
    """Two breakdowns at once would have more than ``MOST_CELLS``."""


def whole(selection: Selection) -> Figure:
    """What all these expenses add up to."""
    rows = selection.source()
    return _figure(rows.order_by().aggregate(**_measures(rows)))


def breakdown(selection: Selection, by: str, most: int = MOST_PARTS) -> Breakdown:
    """What these expenses add up to by one of ``DIMENSIONS``.

    Categories, tags and payees come largest first, and only those with expenses. Times come in their order, those
    without expenses between the first and the last included, but for days and for weekdays that were not asked for.
    After the ``most`` largest tags or payees comes one part that is all the others.
    """
    if by == "tag":
        return _tags(selection, most)
    parts = _payees(selection, most) if by == "payee" else _parts(selection, by, _by_one(selection, by))
    return Breakdown(parts, sum((part.figure for part in parts), Figure()))


def families(parts: Iterable[Part], main_of: Callable[[int], int]) -> list[Family]:
    """Parts by category beneath their main categories, which ``main_of`` says: the largest first, on both levels."""
    members = defaultdict(list)
    for part in sorted(parts, key=_largest_first):
        members[main_of(part.key)].append(part)
    found = [
        Family(
            Part(main, sum((p.figure for p in own), Figure()), sum((p.percentage for p in own), NOTHING)), own
        )
        for main, own in members.items()
    ]
    return sorted(found, key=lambda family: _largest_first(family.whole))


def matrix(selection: Selection, rows: str, columns: str) -> Matrix:
    """What these expenses add up to by two of ``DIMENSIONS``, which must not be the same. Raises TooManyCells."""
    cells = _by(selection, rows, columns, most=MOST_CELLS + 1)
    if len(cells) > MOST_CELLS:
        raise TooManyCells
    of_row, of_column = (_margin(cells, place) for place in (0, 1))
    # Cells of several tags would count an expense several times.
    if columns in OVERLAPPING:
        of_row |= _by_one(selection, rows)
    if rows in OVERLAPPING:
        of_column |= _by_one(selection, columns)
    total = sum((of_column if rows in OVERLAPPING else of_row).values(), Figure())
    parts = _parts(selection, rows, of_row, total), _parts(selection, columns, of_column, total)
    places = [{part.key: place for place, part in enumerate(side)} for side in parts]
    in_order = sorted(cells, key=lambda keys: (places[0][keys[0]], places[1][keys[1]]))
    return Matrix(*parts, {keys: cells[keys] for keys in in_order}, total)


def others(selection: Selection, tags: Sequence[str], by: str) -> dict[Any, Figure]:
    """What all that counts in any tag besides these adds up to by a dimension; every expense counts once."""
    return _by_one(replace(selection, besides=tuple(tags)), by)


def comparison(selection: Selection, before: Selection, by: str = "category") -> list[Change]:
    """How two selections differ by one of ``DIMENSIONS``; what changed most comes first, up or down."""
    now, then = _by_one(selection, by), _by_one(before, by)
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


def _by_one(selection: Selection, dimension: str) -> dict[Any, Figure]:
    return {keys[0]: figure for keys, figure in _by(selection, dimension).items()}


def _margin(cells: dict[tuple, Figure], place: int) -> dict[Any, Figure]:
    """What cells add up to by one of their two keys."""
    sums = defaultdict(Figure)
    for keys, figure in cells.items():
        sums[keys[place]] += figure
    return sums


def _grouped(selection: Selection, *dimensions: str):
    keys = {
        f"key_{dimension}": expression(dimension, selection.ledger, selection.first_weekday)
        for dimension in dimensions
    }
    source = selection.source(*dimensions)
    return source.order_by().values(**keys).annotate(**_measures(source)).filter(all_count__gt=0)


def _payees(selection: Selection, most: int) -> list[Part]:
    """The payees that most was spent on, and all the others as one part, which the database adds up."""
    rows, figures, are_more = _largest(selection, "payee", most)
    if not are_more:
        return _parts(selection, "payee", figures)
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


def _tags(selection: Selection, most: int) -> Breakdown:
    """The tags that most was spent on, and as one part what counts in any of the others, each expense once."""
    total = whole(selection)
    rows, figures, are_more = _largest(selection, "tag", most)
    parts = _parts(selection, "tag", figures, total)
    if are_more:
        rest = whole(replace(selection, besides=tuple(figures)))
        parts.append(
            Part(None, rest, *shares_of(total.total, [rest.total]), rows[most:].aggregate(n=Count("*"))["n"])
        )
    return Breakdown(parts, total, overlapping=True)


def _largest(selection: Selection, by: str, most: int) -> tuple[Any, dict[Any, Figure], bool]:
    """All parts in their order, which the database has not been asked for, the first of them, and if there are more."""
    rows = _grouped(selection, by).annotate(total=F("all_gross") + F("all_refunds"))
    rows = rows.order_by("-total", Collate(f"key_{by}", "C"))
    figures = {row[f"key_{by}"]: _figure(row) for row in rows[: most + 1]}
    if are_more := len(figures) > most:
        figures.popitem()
    return rows, figures, are_more


def _measures(rows) -> dict[str, Any]:
    return SUMS_OF_ROLLUPS if rows.model is Rollup else SUMS_OF_ROWS


def _figure(row: dict) -> Figure:
    return Figure(row["all_gross"], row["all_refunds"], row["all_count"])


def _largest_first(part: Part) -> tuple:
    return -part.figure.total, str(part.key)


def _parts(
    selection: Selection, dimension: str, figures: dict[Any, Figure], total: Figure | None = None
) -> list[Part]:
    """``total`` is what all of them are, which has to be said where they overlap."""
    if dimension in ONE_BY_ONE:
        keys: Iterable = sorted(figures, key=lambda key: (-figures[key].total, str(key)))
    else:
        keys = whole_series(dimension, figures, selection.first_weekday)
    if dimension == "weekday" and (asked := selection.asked.get("weekday")):
        keys = [key for key in keys if str(key) in asked]
    parts = [(key, figures.get(key, Figure())) for key in keys]
    totals = [figure.total for _key, figure in parts]
    shares = shares_of(total.total, totals) if dimension in OVERLAPPING else percentages(totals)
    return [Part(key, figure, share) for (key, figure), share in zip(parts, shares, strict=True)]


def _running(selection: Selection, today: date, numbers: Iterable[int]) -> Iterator[tuple]:
    """The days of these numbers, each with what was spent up to it; None for those that are not, or not yet."""
    spent = sorted((day, figure.total) for day, figure in _by_one(selection, "day").items())
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
