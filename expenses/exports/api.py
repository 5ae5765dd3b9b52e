"""The endpoint that gives expenses as a file."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView

from api.viewsets import LedgerViewMixin
from database.errors import RETRY_AFTER
from expenses.exports import EXTENSIONS
from expenses.exports.answering import file_response
from expenses.exports.selection import TryAgain
from expenses.filters import ExpenseFilter
from expenses.models import Expense


class NotNow(APIException):
    """503: other exports have to end first."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    wait = RETRY_AFTER


FILES = {
    (200, format.media_type.partition(";")[0]): (
        OpenApiTypes.OBJECT if format.name == "json" else OpenApiTypes.BINARY
    )
    for format in EXTENSIONS.values()
}


class ExportView(LedgerViewMixin, GenericAPIView):
    """Expenses of the ledger as a file: all of them, or what a filter lets through, oldest first."""

    queryset = Expense.objects.all()
    filterset_class = ExpenseFilter
    pagination_class = None

    @extend_schema(
        operation_id="expenses_export",
        filters=True,
        responses=FILES,
        parameters=[OpenApiParameter("extension", str, "path", enum=list(EXTENSIONS))],
    )
    def get(self, request, ledger_id, extension):
        expenses = self.filter_queryset(self.get_queryset())
        try:
            return file_response(request, self.ledger, expenses, extension)
        except TryAgain as reason:
            raise NotNow(str(reason)) from None

    def perform_content_negotiation(self, request, force=False):
        """Any: the address says which format it is, and a client may accept no other."""
        return super().perform_content_negotiation(request, force=True)
