"""The list of expenses: filtered by the URL, newest first, page after page by key."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from expenses.bulk_forms import EditForm
from expenses.filters import WEEKDAYS, ListFilter
from expenses.models import RECENT, SPENT, Basis, Category, Expense, expenses_on
from ledgers.access import ledger_page
from ledgers.dates import parse_iso_date

PAGE_SIZE = 50
MOST_TAGS_OFFERED = 100
SELDOM_USED = (
    "payee",
    "payee_contains",
    "without_payee",
    "without",
    "weekday",
    "tag",
    "without_tags",
    "receipt",
    "basis",
)


@ledger_page
@require_safe
@vary_on_headers("HX-Request")
def expense_list(request, ledger):
    """Expenses of a ledger, grouped by day, with the totals of everything the filter lets through."""
    filterset = ListFilter(request.GET, Expense.objects.none(), request=request).on_page_of(ledger)
    valid = filterset.is_valid()
    basis = filterset.basis_asked if valid else Basis.PAID
    everything = expenses_on(basis).in_ledger(ledger)
    expenses = filterset.filter_queryset(everything) if valid else everything.none()
    rows = list(_after(expenses, request.GET.get("after")).select_related("category")[: PAGE_SIZE + 1])
    page, more = rows[:PAGE_SIZE], rows[PAGE_SIZE:]
    categories = list(Category.objects.in_ledger(ledger))
    context = {
        "ledger": ledger,
        "filter": filterset,
        "filtered": any(request.GET.get(name) for name in filterset.filters),
        "seldom_used": any(request.GET.get(name) for name in SELDOM_USED),
        "spread": basis == Basis.SPREAD,
        "choices": _choices(request, categories),
        "days": _by_day(expenses, page),
        "totals": expenses.aggregate(spent=SPENT, count=Count("*")),
        "next_page": _page_url(request, page[-1]) if more else None,
        "first_page": "after" not in request.GET,
        "newest_page": _page_url(request, None),
        "query": request.GET.urlencode(),
    }
    if ledger.may_edit and page and basis == Basis.PAID:
        context["bulk"] = EditForm(categories=categories)
    if not request.htmx:
        context["tags_used"] = tags_used(ledger)
    template = "expenses/includes/results.html" if request.htmx else "expenses/list.html"
    return render(request, template, context, status=200 if valid else 400)


def _after(expenses, key: str | None):
    """Newest first; with a key ``2026-08-22,17``, what comes after that expense."""
    if not key:
        return expenses.newest_first()
    day, _comma, pk = key.partition(",")
    try:
        if re.fullmatch("[0-9]{1,30}", pk):
            return expenses.newest_first().older_than(parse_iso_date(day), int(pk))
    except ValidationError:
        pass
    raise Http404


def _page_url(request, last: Expense | None) -> str:
    """The same filter, continued after ``last``, or from the newest expense on."""
    query = request.GET.copy()
    query.pop("after", None)
    if last:
        query["after"] = f"{last.date},{last.pk}"
    return f"?{query.urlencode()}"


def tags_used(ledger) -> list[str]:
    """What people may mean who begin to write a tag: those of the latest expenses, the most used first."""
    latest = Expense.objects.in_ledger(ledger).exclude(tags=[]).newest_first().values("pk")[:RECENT]
    tags = Expense.objects.filter(pk__in=latest).uses_of_tags()
    return list(tags.values_list("tag", flat=True)[:MOST_TAGS_OFFERED])


def _choices(request, categories) -> dict[str, list[tuple[str, str, bool]]]:
    """Value, name and whether it is chosen, of every category of the ledger and every weekday."""
    named = [(category.pk, category.name) for category in categories]
    choices = {"category": named, "without": named, "weekday": WEEKDAYS}
    chosen = {name: set(request.GET.getlist(name)) for name in choices}
    return {
        name: [(str(key), label, str(key) in chosen[name]) for key, label in each]
        for name, each in choices.items()
    }


def _by_day(expenses, page) -> list[tuple[date, object, list[Expense]]]:
    """The page's rows grouped by date, each with the total of all filtered rows of that date."""
    spent = expenses.filter(date__in={row.date for row in page}).spent_by_day() if page else {}
    days = {}
    for row in page:
        days.setdefault(row.date, []).append(row)
    # A day whose rows have just been deleted by somebody else has what we still show of it.
    return [(day, spent.get(day, sum(row.amount for row in rows)), rows) for day, rows in days.items()]
