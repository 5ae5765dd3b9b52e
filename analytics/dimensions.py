"""By what expenses can be broken down: the key of each expense in SQL, and the keys of a whole series."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models import DateField, ExpressionWrapper, F, Value
from django.db.models.functions import Cast, Coalesce, ExtractIsoWeekDay, TruncMonth, TruncWeek, TruncYear
from django.utils.translation import gettext_lazy

from analytics.measures import EachTag
from ledgers.models import Ledger

DIMENSIONS = {
    "category": gettext_lazy("Category"),
    "main_category": gettext_lazy("Main category"),
    "tag": gettext_lazy("Tag"),
    "payee": gettext_lazy("Paid to"),
    "weekday": gettext_lazy("Weekday"),
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "year": gettext_lazy("Year"),
}
# What has no order of its own: the largest comes first.
ONE_BY_ONE = {"category", "main_category", "tag", "payee"}
# Of these there may be as many as expenses: of a long list the rest is one part.
MAY_BE_MANY = {"tag", "payee"}
# What an expense may have several of: it counts in each, and the parts come to more than the whole.
OVERLAPPING = {"tag"}
OVERLAP = gettext_lazy(
    "An expense with several tags counts in each of them, so these may come to more than the total, in which every "
    "expense counts once."
)
STEPS = {
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}


def expression(dimension: str, ledger: Ledger, first_weekday: int):
    """The key of an expense, or of a row of totals: id, text, weekday from Monday as 1, or the first day of a time.

    By tag a row is there once for each of its tags, and under an empty text if it has none.

    ``first_weekday`` is the day that weeks begin on, Monday as 0.
    """
    match dimension:
        case "category":
            return F("category_id")
        case "main_category":
            return Coalesce("category__parent_id", "category_id")
        case "tag":
            return EachTag()
        case "payee":
            return F("payee")
        case "day":
            return F("date")
        case "weekday":
            return ExtractIsoWeekDay("date")
        case "week":
            return _begins(TruncWeek, first_weekday)
    return _begins(TruncMonth if dimension == "month" else TruncYear, ledger.month_start_day - 1)


def whole_series(dimension: str, keys: Collection, first_weekday: int) -> list:
    """These keys of times in their order, with those that are missing between the first and the last."""
    if dimension == "weekday":
        return [(first_weekday + n) % 7 + 1 for n in range(7)] if keys else []
    if dimension == "day":
        return sorted(keys)
    return list(_each(min(keys), max(keys), STEPS[dimension])) if keys else []


def span(dimension: str, key: date) -> tuple[date, date]:
    """First and last day of the time that the key stands for."""
    return key, key if dimension == "day" else key + STEPS[dimension] - timedelta(days=1)


def _begins(truncated, shift: int):
    """The first day of the time that a date lies in, where such times begin so many days late."""
    shifted = ExpressionWrapper(F("date") - Value(shift), output_field=DateField())
    return ExpressionWrapper(Cast(truncated(shifted), DateField()) + Value(shift), output_field=DateField())


def _each(first: date, last: date, step: relativedelta) -> Iterator[date]:
    while first <= last:
        yield first
        first += step
