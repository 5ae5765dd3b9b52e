"""What goes out comes in again, through the same preview as any statement, and goes out as the same file."""

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook

from expenses.exports import EXTENSIONS, Selection, export
from expenses.models import Expense
from expenses.tests.factories import make_expense, make_ledger
from ledgers.models import Ledger
from statements.applying import apply
from statements.tests.files import staged
from statements.wording import shown

ROWS = [
    ("01", "12.50", "Food", "Market Hall", "apples, pears"),
    ("01", "3.20", "Food", "Café", ""),
    ("01", "3.20", "Food", "Café", ""),
    ("02", "-20", "Shopping", "Shop", "=1+1"),
    ("02", "1000000.01", "Rent", "'quoted", " two\nlines "),
]

RECEIPT = "12345678-1234-5678-1234-567812345678"


@pytest.fixture
def truth(alice) -> Ledger:
    ledger = make_ledger(alice, name="Truth")
    for day, amount, category, payee, notes in ROWS:
        make_expense(ledger, amount, category, f"2024-08-{day}", payee=payee, notes=notes)
    rows = Expense.objects.filter(ledger=ledger)
    rows.filter(category__name="Rent").update(spread_months=12, tags=["größe", "work", "＝1"])
    rows.filter(amount="12.5").update(receipt=RECEIPT)
    return ledger


def exported(ledger: Ledger, extension: str) -> bytes:
    file, _count = export(EXTENSIONS[extension], Selection(ledger, Expense.objects.in_ledger(ledger), False))
    with file:
        return file.read()


def comparable(content: bytes, extension: str):
    """The bytes; of a workbook, which says when it was made, the cells; of our JSON all but such moments."""
    if extension == "xlsx":
        return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active]
    if extension == "json":
        moments = {"created_at", "created_by"}
        rows = json.loads(content)["expenses"]
        return [{name: said for name, said in row.items() if name not in moments} for row in rows]
    return content


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
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


@pytest.mark.django_db
@pytest.mark.parametrize("months", ["0", "121", "twelve", "99999"])
def test_months_that_no_expense_can_have_are_named_and_the_other_lines_are_offered(ledger, months):
    rows = f"2024-08-01,600,Other,Insurance,,{months}\n2024-08-01,3,Food,Lunch,,1\n"
    of_import = staged(ledger, f"date,amount,category,notes,payee,spread_months\n{rows}".encode())
    bad, good = of_import.statements.get().lines.order_by("pk")
    assert (bad.state, shown(bad.reason)) == ("rejected", "An expense can be spread over 1 to 120 months.")
    assert (good.state, good.spread_months) == ("new", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "said", "reason"),
    [
        ("tags", "work a.b", "An expense has at most 20 tags, each a word: not “a.b”."),
        (
            "tags",
            " ".join(f"t{n:02}" for n in range(22)),
            "An expense has at most 20 tags, each a word: not “t20 t21”.",
        ),
        ("receipt", "7", "The id of a receipt is a UUID."),
    ],
)
def test_tags_and_receipts_that_no_expense_can_have_are_named(ledger, column, said, reason):
    row = {"tags": "", "receipt": ""} | {column: said}
    header = "date,amount,category,notes,payee,spread_months,tags,receipt\n"
    of_import = staged(
        ledger, f"{header}2024-08-01,3,Food,Lunch,,1,{row['tags']},{row['receipt']}\n".encode()
    )
    line = of_import.statements.get().lines.get()
    assert (line.state, shown(line.reason)) == ("rejected", reason)
