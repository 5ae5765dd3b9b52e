"""What the first page says of this month, put together from the figures of ``queries``."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext_lazy

from analytics import queries
from analytics.figures import Change, Figure, Part, rounded
from analytics.ranges import PREVIOUS, Calendar, Range, earlier
from analytics.selection import Selection
from expenses.models import FIRST_DATE, LAST_DATE

MONTHS_BEFORE = 12
ONE_DAY = timedelta(days=1)
FIRST_PACE = 7  # the day of the month; before, the rent alone would make the pace


@dataclass(frozen=True)
class Pace:
    """Where a month ends if its ``days_left`` cost what the days so far did each: ``left`` more, ``end`` in all.

    At least what is written down for those days already.
    """

    days_left: int
    left: Decimal
    end: Decimal


@dataclass(frozen=True)
class ThisMonth:
    """The month of the ledger that ``today`` lies in, up to and with today, and the same days of the one before.

    ``written_ahead`` is the total of the days to come.
    """

    so_far: Selection
    before: Selection
    end: date
    changes: list[Change]
    written_ahead: Decimal

    @property
    def whole(self) -> Change:
        """Everything so far beside everything in the same days of the month before."""
        return Change(
            None,
            sum((change.now for change in self.changes), Figure()),
            sum((change.before for change in self.changes), Figure()),
        )

    @property
    def total(self) -> Decimal:
        return self.whole.now.total

    @property
    def day(self) -> int:
        """The number of today in the month, from 1."""
        return (self.so_far.end - self.so_far.start).days + 1

    @property
    def length(self) -> int:
        """How many days the month has."""
        return (self.end - self.so_far.start).days + 1

    @property
    def per_day(self) -> Decimal:
        """Spent per day so far, today included; not rounded."""
        return queries.averages(self.so_far, self.total, self.so_far.end).per_day

    @property
    def pace(self) -> Pace | None:
        """To the smallest unit. None where there is no pace: before ``FIRST_PACE``, or with nothing spent."""
        if self.day < FIRST_PACE or self.total <= 0:
            return None
        days_left = self.length - self.day
        left = rounded(self.per_day * days_left, self.so_far.ledger.decimals)
        left = max(left, self.written_ahead)
        return Pace(days_left, left, self.total + left)

    def top(self, most: int) -> list[Change]:
        """The main categories most was spent on so far; of those with nothing yet, the larger before come first."""
        return sorted(self.changes, key=lambda change: (-change.now.total, -change.before.total))[:most]


@dataclass(frozen=True)
class RecentMonths:
    """This month and the twelve before, from the first to the last with expenses, and the average month.

    ``average`` is not rounded: the mean of those ``number`` of the twelve that lie wholly after the first expense
    of the ledger. None if there is no such month.
    """

    selection: Selection
    parts: list[Part]
    average: Decimal | None
    number: int


class YearForm(forms.Form):
    """A year of the ledger; it is named for the calendar year that its first month begins in."""

    def __init__(self, data, *, calendar: Calendar):
        super().__init__(data)
        first, last = (calendar.ledger.year_of(day)[0].year for day in (FIRST_DATE, LAST_DATE))
        self.fields["year"] = forms.IntegerField(
            required=False, label=gettext_lazy("Year"), min_value=first, max_value=last
        )


def this_month(calendar: Calendar) -> ThisMonth:
    """This month so far, by main category."""
    ledger = calendar.ledger
    start, end = calendar.span("month", 0)
    so_far = Selection(ledger, start, calendar.today, first_weekday=calendar.first_weekday)
    before = so_far.during(earlier(so_far.range, ledger, PREVIOUS))
    ahead = queries.whole(so_far.during(Range(calendar.today + ONE_DAY, end))).total
    return ThisMonth(so_far, before, end, queries.comparison(so_far, before, "main_category"), ahead)


def recent_months(calendar: Calendar, first_expense: date) -> RecentMonths:
    """The last months, and the average month since the first expense."""
    this_begins, this_ends = calendar.span("month", 0)
    begin = calendar.span("month", -MONTHS_BEFORE)[0]
    selection = Selection(calendar.ledger, begin, this_ends, first_weekday=calendar.first_weekday)
    parts = queries.breakdown(selection, "month").parts
    start, end = calendar.ledger.whole_months(max(begin, first_expense), this_begins - ONE_DAY)
    if start > end:
        return RecentMonths(selection, parts, None, 0)
    total = sum((part.figure for part in parts if start <= part.key <= end), Figure()).total
    average = queries.averages(selection.during(Range(start, end)), total, calendar.today).per_month
    apart = relativedelta(this_begins, start)
    return RecentMonths(selection, parts, average, apart.years * 12 + apart.months)


def year_of(calendar: Calendar, year: int | None) -> Selection:
    """A year of the ledger, this one unless another is asked for, as far as expenses can lie in it."""
    ledger = calendar.ledger
    day = date(year, 1, ledger.month_start_day) if year else calendar.today
    start, end = ledger.year_of(day)
    start, end = max(start, FIRST_DATE), min(end, LAST_DATE)
    return Selection(ledger, start, end, first_weekday=calendar.first_weekday)
