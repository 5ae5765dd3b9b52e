"""The preview of an import, which is the plan: look at its lines, and decide about them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from database.timeouts import take_longer_than_a_page
from ledgers.access import editors_only, ledger_page
from statements.applying import is_applied
from statements.changing import NotChanged
from statements.models import Import
from statements.review import choices, comes_to, rows_of
from statements.saving import SentPlan
from statements.views.preview import address_of, lines_named, locked, preview

IN_LEDGER = gettext_lazy("This import is in the ledger. Undo it before you change anything about it.")
OTHERS = gettext_lazy(
    "Somebody else decided about this import meanwhile. Look at it again before you add it."
)


@ledger_page
@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def plan(request, ledger, pk):
    """An import as it stands; posting decides about lines of it."""
    if request.method != "POST":
        of_import = get_object_or_404(Import.objects.in_ledger(ledger), pk=pk)
        return preview(request, ledger, of_import)
    of_import = locked(ledger, pk)
    if is_applied(of_import):
        return preview(request, ledger, of_import, problem=str(IN_LEDGER), status=409)
    sent = SentPlan(of_import, request.POST, choices(ledger))
    if not sent.is_valid():
        return preview(request, ledger, of_import, sent=sent, status=422)
    try:
        alone = save(of_import, sent)
    except NotChanged as refusal:
        return preview(request, ledger, of_import, sent=sent, problem=refusal.sentence, status=409)
    if request.htmx:
        return _saved(request, ledger, of_import, sent, alone)
    if not alone:
        messages.warning(request, str(OTHERS))
    return redirect(address_of(request, of_import))


def save(of_import: Import, sent: SentPlan) -> bool:
    """Carry out what was sent. Whether nobody else had decided anything since it was shown."""
    take_longer_than_a_page()
    alone = sent.version in (None, of_import.version)
    sent.save()
    of_import.refresh_from_db(fields=["version"])
    return alone


def _saved(request, ledger, of_import, sent, alone):
    """The parts of the page that one row changes. Who has not seen what others did cannot add it."""
    lines = lines_named(of_import, [form.row.line.pk for form in sent.forms])
    context = {
        "ledger": ledger,
        "import": of_import,
        "rows": rows_of(of_import, lines),
        "comes": comes_to(of_import),
        "categories": [category for category in sent.categories.values() if not category.archived],
        "state": sent.many.cleaned_data["state"],
        "version": of_import.version if alone else sent.version,
        "problem": "" if alone else str(OTHERS),
    }
    return render(request, "statements/includes/saved.html", context)
