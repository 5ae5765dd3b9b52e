"""Expenses as the CSV file that ``reading.py`` reads, harmless in a spreadsheet, and whole before a byte is sent."""

import csv
import io
import re
from datetime import date
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from weakref import finalize

from expenses.formulas import guard
from expenses.models import ExpenseQuerySet
from expenses.reading import OPTIONAL, REQUIRED
from ledgers.models import Ledger
from ledgers.money import plain

COLUMNS = REQUIRED + OPTIONAL
ROWS_AT_ONCE = 2_000
IN_MEMORY = 250_000  # bytes; a longer file goes to the disk
# For long files of this process, made or on their way. Whoever reads one slowly keeps a thread busy, and half of the
# threads that gunicorn has in a process have to be left for everybody else.
SEATS = BoundedSemaphore(2)


class TooManyExports(Exception):
    """Every seat is taken."""


class ExportFile(SpooledTemporaryFile):
    """A file without a name. A long one has one of the ``SEATS`` until it is closed or forgotten.

    Writing raises TooManyExports where it would have to wait for a seat.
    """

    seat = None

    def __init__(self):
        super().__init__(max_size=IN_MEMORY)

    def rollover(self):
        if not SEATS.acquire(blocking=False):
            raise TooManyExports
        self.seat = finalize(self, SEATS.release)
        super().rollover()

    def __exit__(self, *error):
        self.close()

    def close(self):
        try:
            super().close()
        finally:
            if self.seat:
                self.seat()


def write_csv(file: ExportFile, expenses: ExpenseQuerySet, ledger: Ledger) -> int:
    """Write the names of the columns and a line per expense, and go back to the begin. Gives the number of expenses.

    To be called in a transaction: PostgreSQL keeps the rows, and gives them out as they are written.
    """
    rows = expenses.values_list("date", "amount", "category__name", "notes", "payee")
    text, count = io.TextIOWrapper(file, "utf-8", newline=""), 0
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        writer.writerow(_line(*row, ledger.decimals))
        count += 1
    text.detach().seek(0)
    return count


def file_name(ledger: Ledger, start: date | None, end: date | None) -> str:
    """``expenses-Household-from-2024-08-01-to-2024-08-31.csv``; of the ledger's name only letters and digits."""
    parts = [ledger.name[:60], f"from-{start}" if start else "", f"to-{end}" if end else ""]
    words = re.sub(r"[\W_]+", "-", "-".join(parts)).strip("-")
    return f"expenses-{words}.csv" if words else "expenses.csv"


def _line(day: date, amount, category: str, notes: str, payee: str, decimals: int) -> tuple[str, ...]:
    return day.isoformat(), plain(amount, decimals), guard(category), guard(notes), guard(payee)
