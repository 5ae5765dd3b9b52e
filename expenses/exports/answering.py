"""An export as the answer to a request, for the page and the API alike."""

from django.http import FileResponse

from expenses.exports import EXTENSIONS, Selection, export, file_name
from expenses.filters import ExpenseFilter
from expenses.models import ExpenseQuerySet
from ledgers.models import Ledger
from users import security_log


def file_response(request, ledger: Ledger, expenses: ExpenseQuerySet, extension: str) -> FileResponse:
    """The expenses that the filter in the request's address lets through, as a file of this kind. Raises TryAgain.

    The file is made before the answer begins: what goes wrong is said instead of cut off, a file cut off on its way is
    shorter than announced, and no connection to the database waits for a slow reader.
    """
    format, query = EXTENSIONS[extension], request.GET
    whole = not any(query.get(each) for each in ExpenseFilter.base_filters)
    file, count = export(format, Selection(ledger, expenses, whole))
    security_log.record("export", request, ledger=ledger.pk, rows=count)
    name = file_name(ledger, query.get("date_after"), query.get("date_before"), extension)
    return FileResponse(file, as_attachment=True, filename=name, content_type=format.media_type)
