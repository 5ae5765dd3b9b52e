"""Expenses as the CSV file that ``reading.py`` reads, in pieces, and harmless in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from itertools import chain, islice

from expenses.formulas import guard
from expenses.models import ExpenseQuerySet
from expenses.reading import OPTIONAL, REQUIRED
from ledgers.models import Ledger
from ledgers.money import plain

COLUMNS = REQUIRED + OPTIONAL
ROWS_AT_ONCE = 2_000


def csv_pieces(expenses: ExpenseQuerySet, ledger: Ledger) -> Iterator[str]:
    """The file in pieces of ``ROWS_AT_ONCE`` lines, the names of the columns first.

    To be read inside a transaction: PostgreSQL keeps the rows, and gives them out as they are asked for.
    """
    rows = expenses.values_list("date", "amount", "category__name", "notes", "payee")
    lines = (_line(*row, ledger.decimals) for row in rows.iterator(chunk_size=ROWS_AT_ONCE))
    records = chain([COLUMNS], lines)
    while piece := list(islice(records, ROWS_AT_ONCE)):
        file = io.StringIO(newline="")
        csv.writer(file).writerows(piece)
        yield file.getvalue()


def file_name(ledger: Ledger, start: date | None, end: date | None) -> str:
    """``expenses-Household-from-2024-08-01-to-2024-08-31.csv``; of the ledger's name only letters and digits."""
    parts = [ledger.name[:60], f"from-{start}" if start else "", f"to-{end}" if end else ""]
    words = re.sub(r"[\W_]+", "-", "-".join(parts)).strip("-")
    return f"expenses-{words}.csv" if words else "expenses.csv"


def _line(day: date, amount, category: str, notes: str, payee: str, decimals: int) -> tuple[str, ...]:
    return day.isoformat(), plain(amount, decimals), guard(category), guard(notes), guard(payee)
