"""The list of expenses as a file."""

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from database.acting import streamed
from expenses.export import csv_pieces, file_name
from expenses.filters import ExpenseFilter
from expenses.models import Expense
from expenses.views.listing import expense_list
from ledgers.access import ledger_page
from users import security_log


@ledger_page
@require_safe
def export_expenses(request, ledger):
    """Every expense that the list's filter lets through, newest first, as CSV. The list says what a filter lacks."""
    filterset = ExpenseFilter(request.GET, Expense.objects.in_ledger(ledger), request=request).on_page_of(
        ledger
    )
    if not filterset.is_valid():
        return expense_list(request, ledger.pk)
    expenses, chosen = filterset.qs.newest_first(), filterset.form.cleaned_data
    security_log.record("export", request, ledger=ledger.pk, rows=expenses.count())
    name = file_name(ledger, chosen["date_after"], chosen["date_before"])
    return StreamingHttpResponse(
        streamed(lambda: csv_pieces(expenses, ledger)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )
