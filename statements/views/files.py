"""The files of an import: read them one by one, answer what they leave open, say which account they are of."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from expenses.accounts import random_key
from expenses.models import Account
from ledgers.access import ledger_page
from statements import deciding
from statements.applying import is_applied
from statements.forms import AccountChoiceForm, AnswerForm
from statements.models import Statement
from statements.review import files_of
from statements.staging import read
from statements.views.preview import address_of, locked, preview, reading


@ledger_page
@require_POST
def read_next(request, ledger, pk):
    """Read one file of those that wait. Where a script asks, the answer is how far it is."""
    of_import = locked(ledger, pk)
    waiting = of_import.statements.filter(ledger=ledger, state=Statement.State.WAITING).order_by("pk").first()
    if waiting:
        waiting.ledger, waiting.of_import = ledger, of_import
        read(waiting)
    if not request.htmx:
        return redirect("import", ledger.pk, pk)
    files = files_of(of_import)
    progress = reading(files)
    if not progress["waiting"]:
        return HttpResponseClientRedirect(address_of(request, of_import))
    context = {"ledger": ledger, "import": of_import, "files": files, **progress}
    return render(request, "statements/includes/reading.html", context)


@ledger_page
@require_POST
def file_answer(request, ledger, pk):
    """Answer the questions of a file, which is read with the answers at once."""
    file = _file(ledger, pk)
    form = AnswerForm(request.POST, file.questions)
    if not form.is_valid():
        return _refused(request, ledger, file, form)
    if _can_change(request, file) and file.questions:
        deciding.answer(file, form.cleaned_data)
    return redirect("import", ledger.pk, file.of_import_id)


@ledger_page
@require_POST
def file_account(request, ledger, pk):
    """Say which account a file is of, one that is there or a new one."""
    file = _file(ledger, pk)
    form = AccountChoiceForm(request.POST, Account.objects.in_ledger(ledger))
    if not form.is_valid():
        return _refused(request, ledger, file, form)
    if _can_change(request, file):
        said = form.cleaned_data
        key = said["account_key"] or random_key()
        deciding.set_account(file, key, "" if said["account_key"] else said["account_name"])
    return redirect("import", ledger.pk, file.of_import_id)


@ledger_page
@require_POST
def file_remove(request, ledger, pk):
    """Take a file out of its import; the last one takes the import along."""
    file = _file(ledger, pk)
    of_import = file.of_import
    if is_applied(of_import):
        messages.error(request, _("This import is in the ledger. Undo it before you take a file out."))
        return redirect("import", ledger.pk, of_import.pk)
    deciding.remove(file)
    messages.success(request, _("“%(name)s” was taken out.") % {"name": file.name})
    if not of_import.statements.filter(ledger=ledger).exists():
        of_import.delete()
        return redirect("imports", ledger.pk)
    return redirect("import", ledger.pk, of_import.pk)


def _file(ledger, pk) -> Statement:
    found = Statement.objects.filter(ledger=ledger, pk=pk)
    of_import = found.values_list("of_import", flat=True).first()
    if of_import is None:
        raise Http404(_("No such file."))
    locked(ledger, of_import)
    return get_object_or_404(found.select_related("of_import", "ledger"))


def _can_change(request, file: Statement) -> bool:
    """Whether its content is still there, to be read once more; else says why not."""
    if file.content is not None and not is_applied(file.of_import):
        return True
    messages.error(
        request, _("This file was added to the ledger and is not kept. Upload it again to read it anew.")
    )
    return False


def _refused(request, ledger, file: Statement, form):
    return preview(request, ledger, file.of_import, faults={file.pk: form}, status=422)
