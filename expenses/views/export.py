"""The list of expenses as a file."""

from contextlib import ExitStack

from django.http import FileResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from database.errors import RETRY_AFTER
from expenses.export import ExportFile, TooManyExports, file_name, write_csv
from expenses.filters import ExpenseFilter
from expenses.models import Expense
from expenses.views.listing import expense_list
from ledgers.access import ledger_page
from users import security_log


@ledger_page
@require_safe
def export_expenses(request, ledger):
    """Every expense that the list's filter lets through, newest first, as CSV. The list says what a filter lacks.

    The file is made before the answer begins: what goes wrong is said instead of cut off, a file cut off on its way is
    shorter than announced, and no connection to the database waits for a slow reader.
    """
    filterset = ExpenseFilter(request.GET, Expense.objects.in_ledger(ledger), request=request).on_page_of(
        ledger
    )
    if not filterset.is_valid():
        return expense_list(request, ledger.pk)
    with ExitStack() as unless_answered:
        file = unless_answered.enter_context(ExportFile())
        try:
            count = write_csv(file, filterset.qs.newest_first(), ledger)
        except TooManyExports:
            return _come_back(request)
        security_log.record("export", request, ledger=ledger.pk, rows=count)
        unless_answered.pop_all()
    chosen = filterset.form.cleaned_data
    name = file_name(ledger, chosen["date_after"], chosen["date_before"])
    return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _come_back(request):
    message = _("Others are exporting at the moment. Try again in a few seconds.")
    response = render(request, "error.html", {"message": message, "status": 503}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
