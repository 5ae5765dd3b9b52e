"""Figures as a file."""

from django.http import FileResponse
from django.views.decorators.http import require_safe

from analytics import queries
from analytics.files import WRITERS, Table, Tables
from analytics.shown import Shown
from analytics.views.analytics import page
from analytics.views.asked import Asked, ask
from expenses.exports import EXTENSIONS, ExportFile, file_name
from expenses.exports.selection import TryAgain
from expenses.views.export import try_again
from ledgers.access import ledger_page
from ledgers.models import Ledger
from users import security_log

# Payees are not more in a file, but for one row that is all the others.
MOST_ROWS = 20_000


@ledger_page
@require_safe
def export_analytics(request, ledger, extension):
    """The table that the analytics page shows for the same query, with all of its rows; the page says what it lacks."""
    asked = ask(request, ledger)
    table = _table(asked) if asked.selection else None
    if table is None:
        return page(request, asked)
    try:
        file = _written(table, ledger, extension)
    except TryAgain as reason:
        return try_again(request, reason)
    chosen = asked.selection
    security_log.record("export", request, ledger=ledger.pk, rows=len(table.rows))
    name = file_name(ledger, chosen.start, chosen.end, extension, about="analytics")
    media_type = EXTENSIONS[extension].media_type
    return FileResponse(file, as_attachment=True, filename=name, content_type=media_type)


def _table(asked: Asked) -> Table | None:
    """None where there would be too many columns, as the form says then."""
    tables, selection = Tables(asked.naming), asked.selection
    if asked.shows == "comparison":
        return tables.comparison(queries.comparison(*asked.compared))
    if asked.shows == "breakdown":
        by = asked.view.cleaned_data["by"]
        return tables.breakdown(by, queries.breakdown(selection, by, MOST_ROWS))
    found = asked.matrix.matrix(selection)
    if not found:
        return None
    levels = asked.matrix.cleaned_data
    lines = Shown(selection, asked.naming).sorted(found, levels["rows"], asked.sort)
    return tables.matrix(**levels, found=found, lines=lines)


def _written(table: Table, ledger: Ledger, extension: str) -> ExportFile:
    """A file of the table, at its begin. Raises TryAgain."""
    file = ExportFile()
    try:
        WRITERS[extension](file, table, ledger)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file
