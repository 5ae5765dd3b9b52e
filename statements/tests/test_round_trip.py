"""What goes out comes in again, through the same preview as any statement, and goes out as the same file."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from expenses.exports import EXTENSIONS, Selection, export
from expenses.models import Expense
from expenses.tests.factories import make_expense, make_ledger
from ledgers.models import Ledger
from statements.applying import apply
from statements.tests.files import staged

ROWS = [
    ("01", "12.50", "Food", "Market Hall", "apples, pears"),
    ("01", "3.20", "Food", "Café", ""),
    ("01", "3.20", "Food", "Café", ""),
    ("02", "-20", "Shopping", "Shop", "=1+1"),
    ("02", "1000000.01", "Rent", "'quoted", " two\nlines "),
]


@pytest.fixture
def truth(alice) -> Ledger:
    ledger = make_ledger(alice, name="Truth")
    for day, amount, category, payee, notes in ROWS:
        make_expense(ledger, amount, category, f"2024-08-{day}", payee=payee, notes=notes)
    return ledger


def exported(ledger: Ledger, extension: str) -> bytes:
    file, _count = export(EXTENSIONS[extension], Selection(ledger, Expense.objects.in_ledger(ledger), False))
    with file:
        return file.read()


def comparable(content: bytes, extension: str):
    """The bytes; of a workbook, which says when it was made, the cells; of our JSON all but such moments."""
    if extension == "xlsx":
        return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active]
    return content


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_export_that_came_in_goes_out_the_same(alice, truth, extension):
    content, other = exported(truth, extension), make_ledger(alice, name="Empty")
    of_import = staged(other, content)
    assert apply(of_import, of_import.version) == len(ROWS)
    assert comparable(exported(other, extension), extension) == comparable(content, extension)


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_what_the_ledger_has_is_not_added_again(truth, extension):
    of_import = staged(truth, exported(truth, extension))
    assert [line.state for line in of_import.statements.get().lines.order_by("pk")] == ["known"] * len(ROWS)
