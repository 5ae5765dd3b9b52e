"""The favourites of a ledger: rows that are put into a day with one key."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from expenses.favourite_form import FavouriteForm
from expenses.models import Category, Favourite
from ledgers.access import ledger_page


@ledger_page
@require_http_methods(["GET", "HEAD", "POST"])
def favourite_list(request, ledger):
    """All favourites; posting adds a row, to the favourite of that name if there is one."""
    form, categories = None, list(Category.objects.in_ledger(ledger))
    if request.method == "POST":
        new = Favourite(ledger=ledger)
        form = FavouriteForm(request.POST, instance=new, prefix="new", categories=categories)
        if form.is_saved(position=Favourite.objects.in_ledger(ledger).next_position()):
            messages.success(request, _("Favourite “%(name)s” added.") % {"name": new.name})
            return redirect("favourites", ledger.pk)
    return _page(request, ledger, categories, new=form)


@ledger_page
@require_POST
def favourite_edit(request, ledger, pk):
    """Change one row of a favourite."""
    favourite, categories = _locked(ledger, pk), list(Category.objects.in_ledger(ledger))
    form = FavouriteForm(request.POST, instance=favourite, prefix=f"favourite-{pk}", categories=categories)
    if form.is_saved():
        messages.success(request, _("Favourite “%(name)s” saved.") % {"name": favourite.name})
        return redirect("favourites", ledger.pk)
    return _page(request, ledger, categories, edited=form)


@ledger_page
@require_POST
def favourite_move(request, ledger, pk):
    """Move one row up or down by one place."""
    step = -1 if request.POST.get("direction") == "up" else 1
    if not Favourite.objects.in_ledger(ledger).move(pk, step):
        raise Http404(_("No such favourite."))
    messages.success(request, _("The order of the favourites was saved."))
    return redirect("favourites", ledger.pk)


@ledger_page
@require_POST
def favourite_delete(request, ledger, pk):
    """Delete one row of a favourite."""
    favourite = _locked(ledger, pk)
    favourite.delete()
    messages.success(request, _("Favourite “%(name)s” deleted.") % {"name": favourite.name})
    return redirect("favourites", ledger.pk)


def _locked(ledger, pk) -> Favourite:
    favourite = Favourite.objects.in_ledger(ledger).select_for_update().filter(pk=pk).first()
    if favourite is None:
        raise Http404(_("No such favourite."))
    favourite.ledger = ledger
    return favourite


def _page(request, ledger, categories, new=None, edited=None):
    favourites = list(Favourite.objects.in_ledger(ledger).select_related("category"))
    rows = [(each, _form(each, ledger, categories, edited)) for each in favourites]
    blank = Favourite(ledger=ledger)
    context = {
        "ledger": ledger,
        "rows": rows,
        "today": timezone.localdate(),
        "new": new or FavouriteForm(instance=blank, prefix="new", categories=categories),
    }
    return render(request, "expenses/favourites.html", context, status=422 if new or edited else 200)


def _form(favourite, ledger, categories, edited) -> FavouriteForm:
    if edited and edited.instance.pk == favourite.pk:
        return edited
    favourite.ledger = ledger
    return FavouriteForm(instance=favourite, prefix=f"favourite-{favourite.pk}", categories=categories)
