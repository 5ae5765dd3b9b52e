"""Ranges of dates: presets, words that stay true tomorrow, what people typed, and what to compare with."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from expenses.filters import ISODateField
from expenses.models import LAST_DATE, Basis, expenses_on
from ledgers.dates import week_of
from ledgers.models import Ledger

PRESETS = {
    "this-month": gettext_lazy("This month"),
    "last-month": gettext_lazy("Last month"),
    "last-30-days": gettext_lazy("Last 30 days"),
    "last-12-months": gettext_lazy("Last 12 months"),
    "this-year": gettext_lazy("This year"),
    "last-year": gettext_lazy("Last year"),
    "all": pgettext_lazy("range", "All"),
}
PREVIOUS, LAST_YEAR = "previous", "last-year"
COMPARISONS = {
    PREVIOUS: gettext_lazy("The period before"),
    LAST_YEAR: gettext_lazy("The same period last year"),
}
BACKWARDS = gettext_lazy("The last date lies before the first one.")
WORD = re.compile(r"(today|week|month|year)([+-][0-9]{1,3})?")


@dataclass(frozen=True)
class Calendar:
    """What words for dates mean: ``today``, the ledger's months, and the day that weeks begin on (Monday is 0)."""

    ledger: Ledger
    today: date
    first_weekday: int = 0

    def span(self, unit: str, steps: int) -> tuple[date, date]:
        """First and last day of the day (``today``), week, month or year that is so many steps from this one.

        Raises OverflowError or ValueError where Python has no such date.
        """
        match unit:
            case "today":
                day = self.today + timedelta(days=steps)
                return day, day
            case "week":
                week = week_of(self.today + timedelta(weeks=steps), self.first_weekday)
                return week[0], week[-1]
            case "month":
                return self.ledger.month_of(self.ledger.month_of(self.today)[0] + relativedelta(months=steps))
        return self.ledger.year_of(self.ledger.year_of(self.today)[0] + relativedelta(years=steps))


@dataclass(frozen=True)
class Range:
    """From ``start`` to ``end``, both included. ``preset`` is its name if it has one."""

    start: date
    end: date
    preset: str = ""


class DateOrWordField(ISODateField):
    """An ISO date, or ``today``, ``week``, ``month``, ``year``, each with steps such as ``month-1`` or ``today-30``.

    A word for a span of time is its first day as the start of a range (``end=False``) and its last day as the end.
    """

    calendar: Calendar

    def __init__(self, *, end: bool, **kwargs):
        super().__init__(**kwargs)
        self.end = end

    def to_python(self, value):
        word = WORD.fullmatch(str(value or ""))
        if not word:
            return super().to_python(value)
        unit, steps = word.groups()
        try:
            return self.calendar.span(unit, int(steps or 0))[self.end]
        except (OverflowError, ValueError):
            raise ValidationError(_("There is no such date."), "invalid") from None


class RangeForm(forms.Form):
    """A range of dates as typed or sent; both ends are needed."""

    start = DateOrWordField(end=False, label=gettext_lazy("From"))
    end = DateOrWordField(end=True, label=gettext_lazy("To"))

    def __init__(self, *args, calendar: Calendar, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.calendar = calendar

    def clean(self):
        values = super().clean()
        start, end = values.get("start"), values.get("end")
        if start and end and start > end:
            self.add_error("end", BACKWARDS)
        return values


def preset_range(preset: str, calendar: Calendar, basis: str = Basis.PAID) -> Range:
    """The range a preset means today, in the ledger's own months; a year is twelve of them.

    ``all`` is from the first to the last expense, or to the last part of one where they are spread, but no longer
    than dates go.
    """
    today, span = calendar.today, calendar.span
    match preset:
        case "this-month":
            ends = span("month", 0)
        case "last-month":
            ends = span("month", -1)
        case "last-30-days":
            ends = today - timedelta(days=29), today
        case "last-12-months":
            ends = span("month", -11)[0], span("month", 0)[1]
        case "this-year":
            ends = span("year", 0)
        case "last-year":
            ends = span("year", -1)
        case _all:
            first, last = first_and_last(expenses_on(basis).in_ledger(calendar.ledger))
            ends = first or today, min(last or today, LAST_DATE)
    return Range(*ends, preset)


def first_and_last(expenses) -> tuple[date | None, date | None]:
    """The dates of the earliest and the latest of these expenses."""
    span = expenses.aggregate(first=Min("date"), last=Max("date"))
    return span["first"], span["last"]


def earlier(chosen: Range, ledger: Ledger, how: str) -> Range:
    """What a range is compared with.

    ``last-year`` is the same dates a year before. ``previous`` is the time just before that is as long. What begins
    with a year or a month of the ledger goes back by years or months: the whole of March is compared with the whole
    of February, and 1 to 22 November with 1 to 22 October, cut off where the earlier month is shorter. What lies in
    the first month of a year goes back by a month.
    """
    years, months = _years_and_months(chosen, ledger)
    if how == LAST_YEAR:
        back = relativedelta(years=1)
    elif years or months:
        back = relativedelta(years=years, months=months)
    else:
        days = timedelta(days=(chosen.end - chosen.start).days + 1)
        return Range(chosen.start - days, chosen.end - days)
    start, end = chosen.start - back, chosen.end - back
    begins_month = ledger.month_of(chosen.start)[0] == chosen.start
    if begins_month and ledger.month_of(chosen.end)[1] == chosen.end:
        end = ledger.month_of(end)[1]  # the last day of February is not always the 28th
    return Range(start, end)


def _years_and_months(chosen: Range, ledger: Ledger) -> tuple[int, int]:
    """Over how many years of the ledger a range goes that begins with one, else over how many months, else 0, 0."""
    first_year, last_year = ledger.year_of(chosen.start)[0], ledger.year_of(chosen.end)[0]
    first, last = ledger.month_of(chosen.start)[0], ledger.month_of(chosen.end)[0]
    if first_year == chosen.start and first < last:
        return last_year.year - first_year.year + 1, 0
    if first != chosen.start:
        return 0, 0
    return 0, (last.year - first.year) * 12 + last.month - first.month + 1
