"""The categories of a ledger: add, rename, colour, move, delete."""

from collections import Counter

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from expenses.forms import CategoryForm
from expenses.models import Category, arranged
from expenses.reorganising import Move, locked_categories, why_not_deleted
from expenses.views.reorganising import previewed
from ledgers.access import ledger_page

COLOURS = ("#4f6bed", "#2f9e6e", "#d9822b", "#a855c7", "#0e8fa8", "#d6476b", "#7a8b1f", "#64748b")


@ledger_page
@require_http_methods(["GET", "HEAD", "POST"])
def category_list(request, ledger):
    """All categories; posting adds one."""
    form = None
    if request.method == "POST":
        mains = Category.objects.in_ledger(ledger).main()
        form = CategoryForm(
            request.POST, instance=Category(ledger=ledger), prefix="new", categories=arranged(mains)
        )
        if form.is_saved(position=Category.objects.in_ledger(ledger).next_position()):
            messages.success(request, _("Category “%(name)s” added.") % {"name": form.instance.name})
            return redirect("categories", ledger.pk)
    return _page(request, ledger, new=form)


@ledger_page
@require_POST
def category_edit(request, ledger, pk):
    """Change one category. Where that makes it part of another one, what it comes to is shown first."""
    categories = locked_categories(ledger)
    category = _found(categories.get(pk))
    form = CategoryForm(
        request.POST, instance=category, prefix=f"category-{pk}", categories=arranged(categories.values())
    )
    if form.is_valid() and form.is_moved:
        said = _("Category “%(name)s” saved.") % {"name": category.name}
        return previewed(request, ledger, Move(category, category.parent), [form], said)
    if form.is_saved():
        messages.success(request, _("Category “%(name)s” saved.") % {"name": category.name})
        return redirect("categories", ledger.pk)
    return _page(request, ledger, edited=form)


@ledger_page
@require_POST
def category_move(request, ledger, pk):
    """Move one category up or down by one place among those it stands beside."""
    step = -1 if request.POST.get("direction") == "up" else 1
    if not Category.objects.in_ledger(ledger).move(pk, step):
        raise Http404(_("No such category."))
    messages.success(request, _("The order of the categories was saved."))
    return redirect("categories", ledger.pk)


@ledger_page
@require_POST
def category_delete(request, ledger, pk):
    """Delete a category that neither an expense nor a subcategory uses; the database refuses any other."""
    category = _found(Category.objects.in_ledger(ledger).select_for_update().filter(pk=pk).first())
    if reason := why_not_deleted(category):
        messages.error(request, reason)
    else:
        category.delete()
        messages.success(request, _("Category “%(name)s” deleted.") % {"name": category.name})
    return redirect("categories", ledger.pk)


def _found(category: Category | None) -> Category:
    if category is None:
        raise Http404(_("No such category."))
    return category


def _page(request, ledger, new=None, edited=None):
    categories = arranged(Category.objects.in_ledger(ledger).with_use())
    forms = [
        edited
        if edited and edited.instance.pk == category.pk
        else CategoryForm(instance=category, prefix=f"category-{category.pk}", categories=categories)
        for category in categories
    ]
    siblings = Counter(category.parent_id for category in categories)
    place = Counter()
    for category in categories:
        place[category.parent_id] += 1
        category.is_first = place[category.parent_id] == 1
        category.is_last = place[category.parent_id] == siblings[category.parent_id]
    initial = {"colour": COLOURS[len(categories) % len(COLOURS)], "parent": request.GET.get("part_of")}
    context = {
        "ledger": ledger,
        "rows": list(zip(categories, forms, strict=True)),
        "new": new or CategoryForm(prefix="new", initial=initial, categories=categories),
    }
    return render(request, "expenses/categories.html", context, status=422 if new or edited else 200)
