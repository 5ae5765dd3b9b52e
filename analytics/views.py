"""The analytics page."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from analytics.queries import CategoryTotal, MonthTotals, category_totals, month_totals
from analytics.ranges import PRESETS, Range, RangeForm, preset_range
from expenses.models import Expense
from ledgers import money
from ledgers.access import ledger_page


@ledger_page
@require_safe
def analytics(request, ledger):
    """Where the money went over a range of dates: total, shares, charts."""
    form, chosen = _chosen(request, ledger)
    status = 200 if chosen else 400
    context = {"ledger": ledger, "form": form, "range": chosen, "presets": PRESETS}
    if chosen:
        expenses = Expense.objects.in_ledger(ledger).between(chosen.start, chosen.end)
        totals = category_totals(expenses, ledger)
        rows_of = _RowLinks(ledger, chosen)
        months = [
            (month, rows_of.month(month), [rows_of.cell(month, row) for row in totals])
            for month in month_totals(expenses, ledger)
        ]
        context |= {
            "rows": [(row, rows_of.category(row)) for row in totals],
            "total": sum(row.total for row in totals),
            "count": sum(row.count for row in totals),
            "whole": sum(row.percentage for row in totals),
            "refunded": any(row.total < 0 for row in totals),
            "all_rows": rows_of.everything(),
            "months": months,
            "category_figures": _category_figures(ledger, totals, rows_of),
            "month_figures": _month_figures(ledger, totals, months),
        }
    return render(request, "analytics/analytics.html", context, status=status)


def _chosen(request, ledger) -> tuple[RangeForm, Range | None]:
    """The form to show and the range it means; no range if what was typed is wrong."""
    if "start_date" in request.GET or "end_date" in request.GET:
        form = RangeForm(request.GET)
        valid = form.is_valid()
        return form, Range(form.cleaned_data["start_date"], form.cleaned_data["end_date"]) if valid else None
    preset = request.GET.get("range")
    chosen = preset_range(preset if preset in PRESETS else "this-month", ledger, timezone.localdate())
    return RangeForm(initial={"start_date": chosen.start, "end_date": chosen.end}), chosen


class _Cell(NamedTuple):
    """One figure of the table of months, and the link to its rows."""

    total: Decimal
    link: str


class _RowLinks:
    """Links from a figure to the list of exactly the rows that make it."""

    def __init__(self, ledger, chosen: Range):
        self.url, self.chosen = reverse("expenses", args=[ledger.pk]), chosen

    def everything(self) -> str:
        return self._link(self.chosen.start, self.chosen.end)

    def category(self, row: CategoryTotal) -> str:
        return self._link(self.chosen.start, self.chosen.end, category=row.category.pk)

    def month(self, month: MonthTotals) -> str:
        return self._link(*self._days(month))

    def cell(self, month: MonthTotals, row: CategoryTotal) -> _Cell | None:
        """The category in this month; None where it has no row at all."""
        total = month.totals.get(row.category.pk)
        if total is None:
            return None
        return _Cell(total, self._link(*self._days(month), category=row.category.pk))

    def _days(self, month: MonthTotals) -> tuple[date, date]:
        """The days of the month that lie in the chosen range."""
        return max(month.start, self.chosen.start), min(month.end, self.chosen.end)

    def _link(self, start, end, **more) -> str:
        return f"{self.url}?{urlencode({'date_after': start, 'date_before': end, **more})}"


def month_label(month: MonthTotals) -> str:
    """``Aug 2024``; ``25 Jul – 24 Aug 2024`` where months start on another day than the first."""
    if month.start.day == 1:
        return date_format(month.start, "M Y")
    return f"{date_format(month.start, 'j M')} – {date_format(month.end, 'j M Y')}"


def _figures(ledger) -> dict:
    locale = str(money.reader_locale()).replace("_", "-")
    return {"currency": ledger.currency, "locale": locale, "digits": ledger.decimals}


def _category_figures(ledger, totals, rows_of) -> dict:
    """What the donut and the bars draw; the same figures as in the table."""
    return _figures(ledger) | {
        "total": money.plain(sum(row.total for row in totals), ledger.decimals),
        "categories": [
            {
                "id": row.category.pk,
                "name": row.category.name,
                "colour": row.category.colour,
                "total": money.plain(row.total, ledger.decimals),
                "percentage": str(row.percentage),
                "count": row.count,
                "url": rows_of.category(row),
            }
            for row in totals
        ],
    }


def _month_figures(ledger, totals, months) -> dict:
    """What the stacked bars draw: a series per category, with a point for each month it has rows in."""
    return _figures(ledger) | {
        "months": [
            {
                "label": month_label(month),
                "total": money.plain(month.total, ledger.decimals),
                "url": link,
            }
            for month, link, _cells in months
        ],
        "series": [
            {
                "id": row.category.pk,
                "name": row.category.name,
                "colour": row.category.colour,
                "points": [
                    {"month": index, "total": money.plain(cell.total, ledger.decimals), "url": cell.link}
                    for index, (_month, _link, cells) in enumerate(months)
                    if (cell := cells[column])
                ],
            }
            for column, row in enumerate(totals)
        ],
    }
