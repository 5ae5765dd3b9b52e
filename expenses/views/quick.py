"""Quick add: lines are understood, shown as rows, and saved."""

from functools import partial
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from expenses.models import Category, Expense
from expenses.quick.forms import QuickFormSet, Shown, TextForm, shown_rows, with_rows
from expenses.quick.understanding import reader_of
from ledgers.access import editors_only, ledger_page
from ledgers.money import write_currency

LONGEST_BACK = 2000


@ledger_page
@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def quick_add(request, ledger):
    """Lines, and the rows that they say. What is posted with lines, or to be read, is shown; only rows are saved."""
    categories = list(Category.objects.in_ledger(ledger))
    ids = "said_%s" if request.htmx else "id_%s"  # the header is on the page of rows too
    formset_of = partial(QuickFormSet, ledger=ledger, categories=categories, prefix="row", auto_id=ids)
    if request.method == "POST":
        posted = formset_of(request.POST) if "row-TOTAL_FORMS" in request.POST else None
        if posted and "read" not in request.POST and not request.POST.get("text", "").strip():
            return _save(request, ledger, posted)
        kept = [Shown(values) for values in posted.typed()] if posted else []
        return _read(request, ledger, formset_of, categories, request.POST, kept)
    if "text" in request.GET:
        return _read(request, ledger, formset_of, categories, request.GET, [])
    return _page(request, ledger, None, TextForm())


def _save(request, ledger, formset):
    expenses = formset.saved(request.user)
    if not expenses:
        return _page(request, ledger, formset, TextForm(), status=422)
    messages.success(request, _sentence(ledger, expenses))
    return redirect(_way_back(request, ledger) or reverse("quick_add", args=[ledger.pk]))


def _read(request, ledger, formset_of, categories, sent, kept: list[Shown]):
    text = TextForm({"text": sent.get("text", "")})
    if not text.is_valid():
        return _page(request, ledger, with_rows(formset_of, kept) if kept else None, text, status=422)
    try:
        rows = shown_rows(text.cleaned_data["text"], reader_of(ledger, categories))
        formset = with_rows(formset_of, kept + rows)
    except ValidationError as error:
        text.add_error(None, error)
        return _page(request, ledger, with_rows(formset_of, kept) if kept else None, text, status=422)
    return _page(request, ledger, formset, TextForm())


def _page(request, ledger, formset, text, status=200):
    if not formset:
        text.fields["text"].widget.attrs["autofocus"] = True
    context = {
        "ledger": ledger,
        "formset": formset,
        "text": text,
        "back": _way_back(request, ledger),
    }
    template = "expenses/includes/quick_panel.html" if request.htmx else "expenses/quick.html"
    return render(request, template, context, status=status)


def _way_back(request, ledger) -> str:
    """The page of this ledger that the form was filled in on, if it said so."""
    back = (request.POST if request.method == "POST" else request.GET).get("back", "")
    try:
        match = resolve(urlsplit(back).path)
    except (Resolver404, ValueError):
        return ""
    is_ours = back.startswith(reverse("overview", args=[ledger.pk])) and len(back) <= LONGEST_BACK
    return back if is_ours and match.kwargs.get("ledger_id") == ledger.pk else ""


def _sentence(ledger, expenses: list[Expense]) -> str:
    total = write_currency(sum(each.amount for each in expenses), ledger.currency, ledger.decimals)
    if len(expenses) > 1:
        return _("Saved: %(count)d expenses, %(amount)s.") % {"count": len(expenses), "amount": total}
    (expense,) = expenses
    return _("Saved: %(amount)s for %(category)s on %(date)s.") % {
        "amount": total,
        "category": expense.category.name,
        "date": date_format(expense.date),
    }
