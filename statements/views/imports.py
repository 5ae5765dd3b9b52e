"""The door in: upload files or paste rows, and the imports there were."""

from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from history.models import ChangeSet
from ledgers.access import editors_only, ledger_page
from statements.applying import applied_among
from statements.forms import UploadForm
from statements.models import Import, Statement, StatementLine
from statements.staging import read
from statements.uploading import ALL_BYTES, NotTaken, begin_import

PAGE_SIZE = 20
BESIDE_FILES = 6_000_000  # bytes of a form beside its files: what was pasted


@ledger_page
@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request, ledger):
    """All imports, newest first; posting begins one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        files = [(file.name, file) for file in form.cleaned_data["files"]]
        try:
            of_import = _begin(ledger, request.user, files, form.cleaned_data["pasted"])
        except NotTaken as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect("import", ledger.pk, of_import.pk)
    context = {"ledger": ledger, "form": form, "imports": _imports(ledger)}
    return render(request, "statements/imports.html", context, status=422 if form.errors else 200)


import_list.most_bytes = ALL_BYTES + BESIDE_FILES  # for BoundedMiddleware


@transaction.atomic
def _begin(ledger, user, files, pasted: str) -> Import:
    """An import of these. What was only pasted is read at once: it could not be mended once it left the form.

    Raises NotTaken.
    """
    of_import = begin_import(ledger, user, files, pasted)
    if not files and read(of_import.statements.get()).state == Statement.State.REFUSED:
        raise NotTaken(
            _("What you pasted cannot be read: it has to be a table with a date and an amount in each row.")
        )
    return of_import


def _imports(ledger) -> list[dict]:
    """The latest of them, each with what it added and whether that is in the ledger. Five queries."""
    files = Statement.objects.filter(ledger=ledger).defer("content").order_by("pk")
    latest = Import.objects.in_ledger(ledger).newest_first().select_related("created_by")
    imports = list(latest.prefetch_related(Prefetch("statements", files))[:PAGE_SIZE])
    counts = _counts(ledger, imports)
    applied_in = ChangeSet.objects.in_ledger(ledger)
    applied = applied_in.in_bulk([each.change_set_id for each in imports if each.change_set_id])
    in_ledger = applied_among(imports)
    return [
        {
            "import": each,
            "files": list(each.statements.all()),
            "counts": counts.get(each.pk, {}),
            "is_refused": {file.state for file in each.statements.all()} == {Statement.State.REFUSED},
            "change_set": applied.get(each.change_set_id),
            "undone": each.change_set_id is not None and each.pk not in in_ledger,
        }
        for each in imports
    ]


def _counts(ledger, imports) -> dict[int, dict]:
    """How many lines there are and how many of them are to be added, by import."""
    lines = StatementLine.objects.filter(ledger=ledger, statement__of_import__in=imports).order_by()
    add = Count("pk", filter=Q(plan=StatementLine.Plan.ADD))
    found = lines.values("statement__of_import").annotate(lines=Count("pk"), added=add)
    return {each["statement__of_import"]: each for each in found}
