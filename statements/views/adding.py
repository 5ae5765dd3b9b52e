"""Adding an import to the ledger, taking that back, and throwing an import away."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from database.timeouts import take_longer_than_a_page
from history.models import ChangeSet
from history.undoing import NotUndone, undo
from ledgers.access import ledger_page
from statements.applying import NotApplied, OutOfDate, apply, is_applied
from statements.changing import NotChanged
from statements.deciding import refresh
from statements.forms import ApplyForm, by_id
from statements.review import choices
from statements.saving import SentPlan
from statements.views.plan import IN_LEDGER, save
from statements.views.preview import locked, preview


@ledger_page
@require_POST
def import_apply(request, ledger, pk):
    """Add the import as it was looked at. What was changed on the page and not saved yet is saved before."""
    of_import, categories = locked(ledger, pk), choices(ledger)
    sent, form = SentPlan(of_import, request.POST, categories), ApplyForm(request.POST, by_id(categories))
    if is_applied(of_import):
        return preview(request, ledger, of_import, problem=str(IN_LEDGER), status=409)
    if not (sent.is_valid() and form.is_valid()):
        return preview(request, ledger, of_import, sent=sent, form=form, status=422)
    version = form.cleaned_data["version"]
    try:
        if save(of_import, sent):
            version = of_import.version
        count = apply(of_import, version, request.user, form.cleaned_data["otherwise"])
    except NotChanged as refusal:
        return preview(request, ledger, of_import, sent=sent, form=form, problem=refusal.sentence, status=409)
    except NotApplied as refusal:
        return _not_applied(request, ledger, of_import, refusal, form)
    messages.success(request, ngettext("%(n)s expense added.", "%(n)s expenses added.", count) % {"n": count})
    return redirect("import", ledger.pk, pk)


@ledger_page
@require_POST
def import_undo(request, ledger, pk):
    """Take out of the ledger what the import added; it can be added again."""
    of_import = locked(ledger, pk)
    if not is_applied(of_import):
        return redirect("import", ledger.pk, pk)
    change_set = ChangeSet.objects.in_ledger(ledger).get(pk=of_import.change_set_id)
    try:
        with transaction.atomic():
            undo(ledger, change_set)
    except NotUndone as refusal:
        messages.error(request, str(refusal))
        return redirect("change_set", ledger.pk, change_set.pk)  # which shows what stands against it
    messages.success(request, _("The import was undone: the ledger is as it was before."))
    return redirect("import", ledger.pk, pk)


@ledger_page
@require_POST
def import_discard(request, ledger, pk):
    """Throw away an import that is not in the ledger."""
    of_import = locked(ledger, pk)
    if is_applied(of_import):
        return preview(request, ledger, of_import, problem=str(IN_LEDGER), status=409)
    take_longer_than_a_page()
    of_import.delete()
    messages.success(request, _("The import was discarded. Nothing in the ledger has changed."))
    return redirect("imports", ledger.pk)


def _not_applied(request, ledger, of_import, refusal: NotApplied, form: ApplyForm):
    if isinstance(refusal, OutOfDate):
        refresh(of_import)
    of_import.refresh_from_db()
    return preview(
        request, ledger, of_import, problem=str(refusal), lines=refusal.lines, form=form, status=409
    )
