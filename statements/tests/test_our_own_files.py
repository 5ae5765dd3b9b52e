"""What was exported is read as it was, to the last blank."""

import io
from datetime import date

import pytest

from expenses.exports import EXTENSIONS, Selection, export
from expenses.models import Expense
from expenses.tests.factories import make_expense
from statements.formats import csv, own, xlsx

READERS = {"csv": csv, "xlsx": xlsx, "json": own}
TEXTS = [
    "",
    "=1+1",
    "'=1+1",
    "'",
    "a;=1",
    "two\nlines\r\n",
    "\t-tab",
    "_x0041_",
    "\x01",
    "“é” 🍜",
    "01.02.2024",
    "1.5",
]

TAGS, RECEIPT = ("größe", "work", "＝1"), "12345678-1234-5678-1234-567812345678"


@pytest.mark.django_db
@pytest.mark.parametrize("extension", READERS)
def test_dates_amounts_and_texts_come_back(ledger, extension):
    for number, text in enumerate(TEXTS, 1):
        more = {"tags": TAGS[:number], "receipt": RECEIPT}
        make_expense(ledger, f"{number}.05", day=f"2024-08-{number:02}", payee=text, notes=text[::-1], **more)
    file, _count = export(EXTENSIONS[extension], Selection(ledger, Expense.objects.in_ledger(ledger), True))
    with file:
        content = io.BytesIO(file.read())
    assert READERS[extension].recognise(content.getvalue(), "")
    reading = READERS[extension].read(content, "", {})
    lines = [
        (
            *(line.date, f"{-line.amount:.2f}", line.category, line.payee, line.text),
            *(line.tags, line.receipt),
        )
        for line in reading.lines
    ]
    assert (reading.is_ours, reading.questions) == (True, ())
    assert lines == [
        (date(2024, 8, number), f"{number}.05", "Food", text, text[::-1], TAGS[:number], RECEIPT)
        for number, text in enumerate(TEXTS, 1)
    ]


def lines_of(content: bytes):
    reading = csv.read(io.BytesIO(content), "", {})
    return reading.is_ours, [(line.spread_months, line.tags, line.receipt) for line in reading.lines]


def test_over_how_many_months_is_read_and_a_file_of_before_has_none():
    before = b"date,amount,category,notes,payee\n2024-08-01,600,Other,Insurance,Allsafe\n"
    assert lines_of(before) == (True, [(1, (), "")])
    header = b"date,amount,category,notes,payee,spread_months\n"
    rows = b"".join(
        b"2024-08-01,600,Other,Insurance,Allsafe,%s\n" % said for said in (b"12", b"", b"x", b"-1")
    )
    assert lines_of(header + rows) == (True, [(months, (), "") for months in (12, 1, 0, 0)])
