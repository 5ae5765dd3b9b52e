"""CSV with the columns that ``expenses/reading.py`` knows, harmless in a spreadsheet."""

import csv

from expenses.exports.seats import ExportFile
from expenses.exports.selection import Selection
from expenses.formulas import guard
from ledgers.money import exact

COLUMNS = ("date", "amount", "category", "notes", "payee", "spread_months", "tags", "receipt")
FIELDS = ("date", "amount", "category__name", "notes", "payee", "spread_months", "tags", "receipt")


def write(file: ExportFile, selection: Selection) -> int:
    """The names of the columns, and a line for each expense."""
    decimals, count = selection.ledger.decimals, 0
    with file.as_text() as text:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for day, amount, *texts, months, tags, receipt in selection.rows(*FIELDS):
            said = *map(guard, texts), months, guard(" ".join(tags)), receipt
            writer.writerow((day.isoformat(), exact(amount, decimals), *said))
            count += 1
    return count
