"""The page one lands on."""

from itertools import groupby

from babel.dates import format_interval, format_skeleton, get_day_names
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from analytics import queries
from analytics.figures import Change, Figure, rounded
from analytics.links import Links
from analytics.naming import Naming
from analytics.overview import ThisMonth, YearForm, recent_months, this_month, year_of
from analytics.ranges import Calendar, first_and_last
from analytics.selection import Selection
from expenses.entry import EntryForm
from expenses.models import Expense
from ledgers.access import ledger_page
from ledgers.money import reader_locale, write, write_currency

TOP, LARGEST = 7, 6
# A row of the table of days. A template would take longer for a year of them than for the rest of the page.
DAY = """<tr data-row="{}"><th scope="row"><a class="rows" href="{}">{}</a></th><td class="figure">{}</td></tr>
"""


@ledger_page
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request, ledger):
    """This month at a glance, and a form to write an expense down in passing."""
    naming, calendar = Naming(ledger), Calendar(ledger, timezone.localdate(), reader_locale().first_week_day)
    asked = {
        "data": request.POST if request.method == "POST" else None,
        "initial": {"date": calendar.today},
        "ledger": ledger,
        "categories": naming.categories.values(),
    }
    entry = EntryForm(**asked) if ledger.may_edit else None
    if request.method == "POST" and entry.is_saved(request.user):
        messages.success(request, _saved(ledger, entry.cleaned_data))
        return redirect("overview", ledger.pk)
    month = this_month(calendar)
    first, last = first_and_last(Expense.objects.in_ledger(ledger))
    chosen = YearForm(request.GET if first else {}, calendar=calendar)
    context = {
        "ledger": ledger,
        "entry": entry,
        "today": calendar.today,
        "first_weekday": calendar.first_weekday,
        "month": month,
        "month_name": naming.name("month", month.so_far.start),
        "year_form": chosen,
        "is_empty": first is None,
    }
    if first:
        year = year_of(calendar, chosen.cleaned_data["year"] if chosen.is_valid() else None)
        context |= _against(month) | _months(naming, calendar, month, first) | _categories(naming, month)
        context |= _days(year) | _years_around(year, min(first, calendar.today), max(last, calendar.today))
        context["largest"] = _largest(month)
    refused = 422 if entry and entry.errors else 200 if chosen.is_valid() else 400
    return render(request, "analytics/overview.html", context, status=refused)


def _saved(ledger, values) -> str:
    return _("Saved: %(amount)s for %(category)s on %(date)s.") % {
        "amount": write_currency(values["amount"], ledger.currency, ledger.decimals),
        "category": values["category"].name,
        "date": date_format(values["date"]),
    }


def _against(month: ThisMonth) -> dict:
    """This month so far and the same days of the one before."""
    before = month.before
    return {
        "so_far_rows": Links(month.so_far).rows(),
        "before_rows": Links(before).rows(),
        "before_span": format_interval(before.start, before.end, "MMMd", locale=reader_locale()),
        "per_day": rounded(month.per_day, before.ledger.decimals),
        "against_before": _distance(month.whole),
    }


def _months(naming: Naming, calendar: Calendar, month: ThisMonth, first) -> dict:
    """The last months, and this one so far beside the average of them."""
    recent = recent_months(calendar, first)
    links = Links(recent.selection)
    rows = [
        (part.key, naming.name("month", part.key), part.figure.total, links.rows(("month", part.key)))
        for part in recent.parts
    ]
    found = {"recent": recent, "months": rows, "months_answer": links.answer("months")}
    if recent.average is None:
        return found
    average = rounded(recent.average, naming.ledger.decimals)
    end = month.pace and _distance(Change(None, Figure(month.pace.end), Figure(average)))
    so_far = _distance(Change(None, month.whole.now, Figure(average)))
    return found | {"average": average, "against_average": so_far, "over_average": end}


def _distance(change: Change) -> dict:
    """A change without its sign, for sentences."""
    return {"change": change.change, "amount": abs(change.change), "percentage": change.percentage}


def _categories(naming: Naming, month: ThisMonth) -> dict:
    """The main categories most was spent on, each with a bar of so many per cent of the longest one."""
    top = month.top(TOP)
    longest = max([change.now.total for change in top if change.now.total > 0], default=1)
    now, before = Links(month.so_far, naming), Links(month.before, naming)
    rows = [
        {
            "name": naming.name("main_category", change.key),
            "colour": naming.colour("main_category", change.key),
            "bar": int(max(change.now.total, 0) * 100 / longest),
            "change": change,
            "rows": now.rows(("main_category", change.key)),
            "before_rows": before.rows(("main_category", change.key)),
        }
        for change in top
    ]
    return {"categories": rows, "are_more": len(month.changes) > len(top)}


def _largest(month: ThisMonth) -> list[tuple[Expense, str]]:
    """What cost most this month, each with its date in short; refunds cost nothing."""
    rows = [row for row in queries.largest(month.so_far, LARGEST) if row.amount > 0]
    return [(row, format_skeleton("MMMd", row.date, locale=reader_locale())) for row in rows]


def _days(year: Selection) -> dict:
    """The days of a year that have expenses: the rows of a table, by month of the calendar."""
    parts, links, locale = queries.breakdown(year, "day").parts, Links(year), reader_locale()
    weekdays = get_day_names("abbreviated", locale=locale)
    # One address for all: to ask for hundreds costs more than all of the figures.
    page = reverse("day", args=[year.ledger.pk, year.start])
    months = [
        (
            format_skeleton("yMMMM", first, locale=locale),
            format_html_join(
                "",
                DAY,
                (
                    (
                        part.key,
                        page.replace(str(year.start), str(part.key)),
                        f"{weekdays[part.key.weekday()]} {part.key.day}",
                        write(part.figure.total, year.ledger.decimals, grouped=True),
                    )
                    for part in days
                ),
            ),
        )
        for first, days in groupby(parts, lambda part: part.key.replace(day=1))
    ]
    return {
        "days": months,
        "days_answer": links.answer("days"),
        "year_total": sum((part.figure for part in parts), Figure()).total,
        "year_rows": links.rows(),
    }


def _years_around(year: Selection, first, last) -> dict:
    """The years before and after, where they have something to show."""
    number = year.ledger.year_of(year.end)[0].year
    return {
        "year_number": number,
        "year_before": number - 1 if first < year.start else None,
        "year_after": number + 1 if last > year.end else None,
    }
