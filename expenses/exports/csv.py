"""CSV with the columns that ``expenses/reading.py`` knows, harmless in a spreadsheet."""

import csv

from expenses.exports.seats import ExportFile
from expenses.exports.selection import Selection
from expenses.formulas import guard
from ledgers.money import exact

COLUMNS = ("date", "amount", "category", "notes", "payee", "spread_months")
FIELDS = ("date", "amount", "category__name", "notes", "payee", "spread_months")


def write(file: ExportFile, selection: Selection) -> int:
    """The names of the columns, and a line for each expense."""
    decimals, count = selection.ledger.decimals, 0
    with file.as_text() as text:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for day, amount, *texts, months in selection.rows(*FIELDS):
            writer.writerow((day.isoformat(), exact(amount, decimals), *map(guard, texts), months))
            count += 1
    return count
