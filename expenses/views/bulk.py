"""Changing or deleting many expenses of the list at once, after a page that shows what that comes to."""

import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from database.errors import explain
from database.timeouts import take_longer_than_a_page
from expenses.bulk import MOST_TICKED, SAMPLES, Figures, figures_of, locked, parts_left_behind
from expenses.bulk_forms import EditForm
from expenses.filters import ListFilter
from expenses.models import Basis, Category, Expense, ExpenseQuerySet
from expenses.views.listing import tags_used
from ledgers.access import ledger_page
from ledgers.models import Ledger


@ledger_page
@require_POST
def bulk_edit(request, ledger):
    """What the change of the expenses chosen comes to, until exactly that is confirmed: then it is done."""
    confirmed = request.POST.get("confirmed")
    try:
        rows = _chosen(request, ledger)
        if confirmed is not None:
            take_longer_than_a_page()
            rows = locked(rows)
        [figures] = figures_of(rows) or _none()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(_list_of(request, ledger))
    categories = list(Category.objects.in_ledger(ledger))
    form = EditForm(request.POST, categories=categories, rows=rows)
    changed = form.is_valid() and confirmed not in (None, form.edit.mark([figures]))
    if form.is_valid() and confirmed and not changed and _applied(request, form):
        return redirect(_list_of(request, ledger))
    return _page(request, ledger, form, figures, changed)


def _chosen(request, ledger: Ledger) -> ExpenseQuerySet:
    """The expenses that are ticked, or all that match the filter in the address. Raises ValidationError."""
    rows = Expense.objects.in_ledger(ledger)
    if "all" in request.POST:
        filterset = ListFilter(request.GET, rows, request=request).on_page_of(ledger)
        if not filterset.is_valid() or filterset.basis_asked == Basis.SPREAD:
            raise ValidationError(_("The filter finds no expenses that can be changed together."))
        return filterset.qs
    ticked = request.POST.getlist("expense")
    if not ticked:
        raise ValidationError(_("Tick the expenses that you want to change first."))
    if len(ticked) > MOST_TICKED or not all(re.fullmatch("[0-9]{1,18}", pk) for pk in ticked):
        message = _("Tick at most %(most)d expenses, or choose all that match.")
        raise ValidationError(message % {"most": MOST_TICKED})
    return rows.filter(pk__in=ticked)


def _none():
    raise ValidationError(_("None of these expenses is there any more."))


def _list_of(request, ledger: Ledger) -> str:
    """The page of the list that was left."""
    query = request.GET.urlencode()
    return reverse("expenses", args=[ledger.pk]) + (f"?{query}" if query else "")


def _applied(request, form: EditForm) -> bool:
    """Do it; what PostgreSQL refuses becomes an error of the form."""
    try:
        with transaction.atomic():
            count = form.edit.apply(form.rows)
    except (IntegrityError, DataError) as error:
        form.add_error(None, explain(error).messages)
        return False
    if form.edit.delete:
        said = ngettext("%(count)d expense was deleted.", "%(count)d expenses were deleted.", count)
    else:
        said = ngettext("%(count)d expense was changed.", "%(count)d expenses were changed.", count)
    messages.success(request, said % {"count": count})
    return True


def _page(request, ledger: Ledger, form: EditForm, figures: Figures, changed: bool):
    samples = form.rows.select_related("category").newest_first()[:SAMPLES]
    edit = form.edit
    context = {
        "ledger": ledger,
        "form": form,
        "edit": edit,
        "figures": figures,
        "changed": changed,
        "confirmed": edit and edit.mark([figures]),
        "left_behind": parts_left_behind(form.rows) if edit and edit.takes_apart else 0,
        "samples": [(each, edit and not edit.delete and edit.result(each)) for each in samples],
        "ticked": [] if "all" in request.POST else request.POST.getlist("expense"),
        "tags_used": [] if edit else tags_used(ledger),
        "list": _list_of(request, ledger),
    }
    return render(
        request, "expenses/bulk.html", context, status=422 if form.errors else 409 if changed else 200
    )
