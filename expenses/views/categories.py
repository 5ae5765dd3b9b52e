"""The categories of a ledger: add, rename, colour, reorder, archive, delete."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from expenses.forms import CategoryForm
from expenses.models import Category
from ledgers.access import ledger_page

COLOURS = ("#4f6bed", "#2f9e6e", "#d9822b", "#a855c7", "#0e8fa8", "#d6476b", "#7a8b1f", "#64748b")


@ledger_page
@require_http_methods(["GET", "HEAD", "POST"])
def category_list(request, ledger):
    """All categories; posting adds one."""
    form = None
    if request.method == "POST":
        form = CategoryForm(request.POST, instance=Category(ledger=ledger), prefix="new")
        if form.is_saved(position=Category.objects.in_ledger(ledger).next_position()):
            messages.success(request, _("Category “%(name)s” added.") % {"name": form.instance.name})
            return redirect("categories", ledger.pk)
    return _page(request, ledger, new=form)


@ledger_page
@require_POST
def category_edit(request, ledger, pk):
    """Rename or recolour one category."""
    category = _locked(ledger, pk)
    form = CategoryForm(request.POST, instance=category, prefix=f"category-{pk}")
    if form.is_saved():
        messages.success(request, _("Category “%(name)s” saved.") % {"name": category.name})
        return redirect("categories", ledger.pk)
    return _page(request, ledger, edited=form)


@ledger_page
@require_POST
def category_move(request, ledger, pk):
    """Move one category up or down by one place."""
    step = -1 if request.POST.get("direction") == "up" else 1
    if not Category.objects.in_ledger(ledger).move(pk, step):
        raise Http404(_("No such category."))
    messages.success(request, _("The order of the categories was saved."))
    return redirect("categories", ledger.pk)


@ledger_page
@require_POST
def category_archive(request, ledger, pk):
    """Stop offering a category, or offer it again. Its expenses stay as they are."""
    category = _locked(ledger, pk)
    category.archived = request.POST.get("archived") == "yes"
    category.save(update_fields=["archived"])
    said = (
        _("Category “%(name)s” archived.")
        if category.archived
        else _("Category “%(name)s” is offered again.")
    )
    messages.success(request, said % {"name": category.name})
    return redirect("categories", ledger.pk)


@ledger_page
@require_POST
def category_delete(request, ledger, pk):
    """Delete a category that no expense uses; the database refuses any other."""
    category = _locked(ledger, pk)
    if Category.objects.with_use().get(pk=pk, ledger=ledger).used:
        messages.error(
            request,
            _("“%(name)s” has expenses, so it cannot be deleted. Archive it instead.")
            % {"name": category.name},
        )
    else:
        category.delete()
        messages.success(request, _("Category “%(name)s” deleted.") % {"name": category.name})
    return redirect("categories", ledger.pk)


def _locked(ledger, pk) -> Category:
    category = Category.objects.in_ledger(ledger).select_for_update().filter(pk=pk).first()
    if category is None:
        raise Http404(_("No such category."))
    return category


def _page(request, ledger, new=None, edited=None):
    categories = list(Category.objects.in_ledger(ledger).with_use())
    forms = [
        edited
        if edited and edited.instance.pk == category.pk
        else CategoryForm(instance=category, prefix=f"category-{category.pk}")
        for category in categories
    ]
    colour = COLOURS[len(categories) % len(COLOURS)]
    context = {
        "ledger": ledger,
        "rows": list(zip(categories, forms, strict=True)),
        "new": new or CategoryForm(prefix="new", initial={"colour": colour}),
    }
    return render(request, "expenses/categories.html", context, status=422 if new or edited else 200)
