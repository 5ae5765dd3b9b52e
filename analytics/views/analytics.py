"""The analytics page."""

from typing import Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from analytics import queries
from analytics.asking import STANDARD_LEVELS, VIEWS
from analytics.figures import Figure
from analytics.links import Links
from analytics.ranges import COMPARISONS, PRESETS
from analytics.selection import FILTERS, ONCE_CALLED
from analytics.views.asked import COMPARED, RANGE, SHOWN_FILTERS, Asked, ask
from analytics.views.figures import FIGURES
from expenses.filters import WEEKDAYS
from expenses.models import Basis, Category, arranged
from ledgers.access import ledger_page
from ledgers.money import reader_locale

# Median and largest look at every row: with more of them than this, the page does not wait for it.
MOST_ROWS = 20_000
ROWS = "rows"
TYPED_FILTERS = ("text", "payee", "tag", "amount_min", "amount_max")
HAVE_FIELDS = {
    "start",
    "end",
    *ONCE_CALLED.values(),
    *SHOWN_FILTERS,
    "rows",
    "columns",
    "with_start",
    "with_end",
}


@ledger_page
@require_safe
@vary_on_headers("HX-Request")
def analytics(request, ledger):
    """Where the money went over a range of dates."""
    asked = ask(request, ledger)
    if asked.selection and request.htmx and request.GET.get("part") == ROWS:
        context = {"ledger": ledger, "of_rows": _of_rows(asked)}
        return render(request, "analytics/includes/of_rows.html", context)
    return page(request, asked)


def page(request, asked: Asked):
    """The page, or for htmx the part that changes; 400 with everything that was typed where that makes no sense."""
    context = _about(asked)
    if asked.selection:
        context |= FIGURES[asked.shows](asked)
    if selection := asked.selection:  # a table that would be too wide is found out by making it
        context |= _summary(asked, context["whole"], request.GET.get("part") == ROWS)
        context["range"] = selection.range
    context["unseen_errors"] = {
        name: found for name, found in asked.errors.items() if name not in HAVE_FIELDS
    }
    template = "analytics/includes/page.html" if request.htmx else "analytics/analytics.html"
    response = render(request, template, context, status=400 if asked.errors else 200)
    if request.htmx:
        response["HX-Push-Url"] = f"{request.path}?{asked.query.urlencode()}"
    return response


def _about(asked: Asked) -> dict[str, Any]:
    """What was asked for: the forms, their choices, and what each form sends along of the others."""
    query, filters = asked.query, asked.question.filters.form
    chosen = {name: set(query.getlist(name)) for name in ("category", "without", "weekday")}
    return {
        "ledger": asked.ledger,
        "asked": asked,
        "query": query,
        "dates": asked.dates,
        "earlier_dates": asked.earlier_dates,
        "level_fields": [(field, field.value() or STANDARD_LEVELS[field.name]) for field in asked.matrix],
        "filters": filters,
        "typed_filters": [filters[name] for name in TYPED_FILTERS],
        "unfiltered": f"?{urlencode(asked.all_but(*FILTERS))}",
        "filtered": len(query.keys() & {*SHOWN_FILTERS, "receipt"}),
        "shows": asked.shows,
        "views": VIEWS,
        "presets": PRESETS,
        "preset": asked.question.selection and asked.question.selection.preset,
        "bases": Basis.choices,
        "basis": query.get("basis", Basis.PAID),
        "comparisons": COMPARISONS,
        "category_choices": _category_choices(asked, chosen["category"]),
        "weekday_choices": [(str(n), name, str(n) in chosen["weekday"]) for n, name in WEEKDAYS],
        "left_out": _left_out(asked, chosen["without"]),
        "besides": {
            "range": asked.all_but(*RANGE),
            "filters": asked.all_but(*SHOWN_FILTERS),
            "table": asked.all_but("view", "rows", "columns", "sort"),
            "comparison": asked.all_but("view", *COMPARED),
        },
        "locale": str(reader_locale()).replace("_", "-"),
        "first_weekday": asked.calendar.first_weekday,
    }


def _category_choices(asked: Asked, chosen: set[str]) -> list[tuple[str, str, bool, bool]]:
    """Value, name, whether it is chosen, and whether it is part of another, of every category."""
    found = arranged(asked.naming.categories.values())
    return [(str(row.pk), row.name, str(row.pk) in chosen, bool(row.parent_id)) for row in found]


def _left_out(asked: Asked, without: set[str]) -> list[tuple[Category, list[str]]]:
    """Each category that is left out, and the others that are."""
    rows = asked.naming.categories.items()
    return [(row, sorted(without - {str(pk)})) for pk, row in rows if str(pk) in without]


def _summary(asked: Asked, whole: Figure, now: bool) -> dict[str, Any]:
    """The figures above all views. Those that need every row are left for later if there are many, unless ``now``."""
    selection = asked.selection
    rows, gross, refunds = Links(selection).of(whole)
    few = whole.count <= MOST_ROWS
    means = queries.averages(selection, whole.total, asked.calendar.today)
    return {
        "whole_rows": rows,
        "whole_gross": gross,
        "whole_refunds": refunds,
        "averages": means.rounded(asked.ledger.decimals),
        "of_rows": _of_rows(asked) if few or now else None,
    }


def _of_rows(asked: Asked) -> dict[str, Any]:
    """The figures that no totals are kept of."""
    largest = queries.largest(asked.selection, 1)
    return {"median": queries.median(asked.selection), "largest": largest[0] if largest else None}
