"""Merging, splitting and archiving categories, each after a page that shows what it comes to."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from database.errors import explain
from expenses.models import Category
from expenses.reorganising import Act, Archive, Split, locked_categories
from expenses.reorganising_forms import MergeForm, SplitFilter, SplitForm
from ledgers.access import editors_only, ledger_page

FORM_METHODS = ["GET", "HEAD", "POST"]


@ledger_page
@editors_only
@require_http_methods(FORM_METHODS)
def category_merge(request, ledger, pk):
    """Make one category of two: choose the other, look, confirm."""
    categories, category = _categories(request, ledger, pk)
    form = MergeForm(request.POST or None, category=category, categories=categories)
    if not form.is_valid():
        return _choosing(request, ledger, form)
    said = _("“%(name)s” was merged into “%(into)s”.") % {"name": category, "into": form.act.into}
    return previewed(request, ledger, form.act, [form], said)


@ledger_page
@editors_only
@require_http_methods(FORM_METHODS)
def category_split(request, ledger, pk):
    """Move some expenses of a category to another one or a new one: say which, look, confirm."""
    categories, category = _categories(request, ledger, pk)
    filterset = SplitFilter(request.POST or None, request=request).on_page_of(ledger)
    form = SplitForm(
        request.POST or None, ledger=ledger, category=category, categories=categories, filterset=filterset
    )
    if not form.is_valid():
        return _choosing(request, ledger, form, filterset.form)
    count = form.act.outlook.count
    said = ngettext(
        "%(count)d expense was moved to “%(into)s”.", "%(count)d expenses were moved to “%(into)s”.", count
    )
    said %= {"count": count, "into": form.act.into}
    return previewed(request, ledger, form.act, [form, filterset.form], said)


@ledger_page
@require_POST
def category_archive(request, ledger, pk):
    """Stop offering a category, or offer it again. Its expenses stay as they are."""
    _all, category = _categories(request, ledger, pk)
    if request.POST.get("archived") != "yes":
        category.archived = False
        category.save(update_fields=["archived"])
        messages.success(request, _("Category “%(name)s” is offered again.") % {"name": category})
        return redirect("categories", ledger.pk)
    said = _("Category “%(name)s” archived.") % {"name": category}
    return previewed(request, ledger, Archive(category), [], said)


def previewed(request, ledger, act: Act, forms: list, said: str):
    """The page of what an act comes to, until exactly that is confirmed: then it is done, and ``said``.

    ``forms`` are those that were filled in; they travel along.
    """
    outlook, confirmed = act.outlook, request.POST.get("confirmed")
    if confirmed == outlook.mark or (confirmed is None and not act.is_worth_asking):
        try:
            with transaction.atomic():
                act.apply()
        except (ValidationError, IntegrityError) as error:
            refusal = explain(error) if isinstance(error, IntegrityError) else error
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, said)
        return redirect("categories", ledger.pk)
    context = {
        "ledger": ledger,
        "act": act,
        "kind": type(act).__name__,
        "outlook": outlook,
        "forms": forms,
        "expenses": _list_of(act, forms),
        "changed": confirmed is not None,
    }
    return render(request, "expenses/reorganise.html", context, status=409 if context["changed"] else 200)


def _list_of(act: Act, forms: list) -> str:
    """The address of the list of exactly the expenses that an act touches."""
    touched = [category.pk for category in act.touched]
    others = act.category.children.exclude(pk__in=touched).values_list("pk", flat=True)
    query = {"category": touched, "without": list(others)}
    if isinstance(act, Split):
        query |= forms[0].filterset.said
    return f"{reverse('expenses', args=[act.category.ledger_id])}?{urlencode(query, doseq=True)}"


def _choosing(request, ledger, form, conditions=None):
    context = {"ledger": ledger, "form": form, "conditions": conditions, "category": form.category}
    return render(
        request, "expenses/reorganise_choose.html", context, status=422 if request.method == "POST" else 200
    )


def _categories(request, ledger, pk) -> tuple[dict[int, Category], Category]:
    """All categories of the ledger, and the one that the address names; locked where something may be written."""
    writes = request.method == "POST"
    categories = locked_categories(ledger) if writes else Category.objects.in_ledger(ledger).in_bulk()
    if pk not in categories:
        raise Http404(_("No such category."))
    return categories, categories[pk]
