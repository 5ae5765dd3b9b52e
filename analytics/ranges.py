"""Ranges of dates: the presets people ask for, and what they typed."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from analytics.queries import first_and_last
from expenses.filters import ISODateField
from expenses.models import Expense
from ledgers.models import Ledger

PRESETS = {
    "this-month": gettext_lazy("This month"),
    "last-month": gettext_lazy("Last month"),
    "last-30-days": gettext_lazy("Last 30 days"),
    "this-year": gettext_lazy("This year"),
    "last-year": gettext_lazy("Last year"),
    "all": pgettext_lazy("range", "All"),
}


@dataclass(frozen=True)
class Range:
    """From ``start`` to ``end``, both included. ``preset`` is its name if it has one."""

    start: date
    end: date
    preset: str = ""


class RangeForm(forms.Form):
    """A range of dates as typed or sent; both ends are needed."""

    start_date = ISODateField(label=gettext_lazy("From"))
    end_date = ISODateField(label=gettext_lazy("To"))

    def clean(self):
        values = super().clean()
        start, end = values.get("start_date"), values.get("end_date")
        if start and end and start > end:
            self.add_error("end_date", _("The last date lies before the first one."))
        return values


def preset_range(preset: str, ledger: Ledger, today: date) -> Range:
    """The range a preset means today, in the ledger's own months. Years are calendar years."""
    month_start, month_end = ledger.month_of(today)
    last_month = month_start - relativedelta(months=1), month_start - timedelta(days=1)
    ends = {
        "this-month": (month_start, month_end),
        "last-month": last_month,
        "last-30-days": (today - timedelta(days=29), today),
        "this-year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "last-year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }
    if preset == "all":
        first, last = first_and_last(Expense.objects.in_ledger(ledger))
        ends["all"] = (first or today, last or today)
    return Range(*ends[preset], preset)
