"""Everything out: one module for each format, with the same function ``write(file, selection) -> count``.

``write`` writes the selection's expenses to an ``ExportFile`` and gives their number; with none, a file that is valid
all the same. Adding a format is adding a module here and a line to ``FORMATS``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from expenses.exports import beancount, csv, hledger, json, ofx, xlsx
from expenses.exports.seats import ExportFile
from expenses.exports.selection import Selection
from ledgers.models import Ledger

__all__ = ["EXTENSIONS", "FORMATS", "ExportFile", "Format", "Selection", "export", "file_name"]


@dataclass(frozen=True)
class Format:
    """One kind of file. ``label`` is its name to people, ``hint`` what it is good for."""

    name: str
    extension: str
    media_type: str
    label: str
    hint: str | Promise
    write: Callable[[ExportFile, Selection], int]
    is_binary: bool = False


FORMATS = (
    Format("csv", "csv", "text/csv; charset=utf-8", "CSV", _("any spreadsheet"), csv.write),
    Format("xlsx", "xlsx", xlsx.MEDIA_TYPE, "XLSX", _("Excel, LibreOffice"), xlsx.write, is_binary=True),
    Format("json", "json", "application/json", "JSON", _("complete"), json.write),
    Format(
        "beancount", "beancount", "text/plain; charset=utf-8", "Beancount", _("plain text"), beancount.write
    ),
    Format(
        "hledger", "journal", "text/plain; charset=utf-8", "hledger, Ledger", _("plain text"), hledger.write
    ),
    Format("ofx", "ofx", "application/x-ofx", "OFX", _("finance programs"), ofx.write),
)
EXTENSIONS = {format.extension: format for format in FORMATS}


def export(format: Format, selection: Selection) -> tuple[ExportFile, int]:
    """A file of the selection, at its begin and whole, and how many expenses it has. Raises TryAgain.

    To be called in a transaction. Whoever calls it closes the file.
    """
    file = ExportFile()
    try:
        count = format.write(file, selection)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, count


def file_name(ledger: Ledger, start, end, extension: str = "csv", about: str = "expenses") -> str:
    """``expenses-Household-from-2024-08-01-to-2024-08-31.csv``; of the ledger's name only letters and digits.

    ``start`` and ``end`` are the dates that the filter names, or None.
    """
    parts = [ledger.name[:60], f"from-{start}" if start else "", f"to-{end}" if end else ""]
    words = re.sub(r"[\W_]+", "-", "-".join(parts)).strip("-")
    return f"{about}-{words}.{extension}" if words else f"{about}.{extension}"
