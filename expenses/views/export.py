"""The list of expenses as a file."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from database.errors import RETRY_AFTER
from expenses.exports.answering import file_response
from expenses.exports.selection import TryAgain
from expenses.filters import ListFilter
from expenses.models import Basis, Expense
from expenses.views.listing import expense_list
from ledgers.access import ledger_page


@ledger_page
@require_safe
def export_expenses(request, ledger, extension):
    """Every expense that the list's filter lets through, in one of the formats. The list says what a filter lacks."""
    filterset = ListFilter(request.GET, Expense.objects.in_ledger(ledger), request=request).on_page_of(ledger)
    if not filterset.is_valid():
        return expense_list(request, ledger.pk)
    if filterset.basis_asked == Basis.SPREAD:
        message = _(
            "basis: An export has expenses as they were paid, not the parts that reports spread them into."
        )
        return render(request, "error.html", {"message": message, "status": 400}, status=400)
    try:
        return file_response(request, ledger, filterset.qs, extension)
    except TryAgain as reason:
        return try_again(request, reason)


def try_again(request, reason: TryAgain):
    """503 with the reason, and when to come again."""
    response = render(request, "error.html", {"message": str(reason), "status": 503}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
