"""How each format writes texts that mean something in it, and what it leaves out."""

import io
import json
from datetime import datetime
from xml.etree.ElementTree import fromstring

import pytest
from openpyxl import load_workbook

from expenses.exports import EXTENSIONS, Selection, export
from expenses.exports.hledger import _description
from expenses.models import Category, Expense
from expenses.tests.exports.reading import from_beancount, from_xlsx
from expenses.tests.factories import make_expense, make_ledger

pytestmark = pytest.mark.django_db
TEXTS = [
    'a "quoted" \\ word',
    "two\nlines\r\n",
    "\ttab",
    "\\n",
    "=1+1",
    "'=1",
    "_x0041_",
    "\x01\x1f",
    "\ufffe",
    " a ",
    "é 🍜",
]
RECEIPT = "12345678-1234-5678-1234-567812345678"


def written(ledger, extension) -> bytes:
    file, _count = export(EXTENSIONS[extension], Selection(ledger, Expense.objects.in_ledger(ledger)))
    with file:
        return file.read()


@pytest.mark.parametrize(("extension", "read"), [("beancount", from_beancount), ("xlsx", from_xlsx)])
def test_any_text_comes_back(ledger, extension, read):
    for text in TEXTS:
        make_expense(ledger, payee=text, notes=text)
    assert [row[3:] for row in read(written(ledger, extension))] == [(text, text) for text in TEXTS]


def test_a_transaction_of_beancount(ledger):
    make_expense(ledger, "-12.5", "Food", "2024-08-02", payee="Café", notes='say "hi"')
    make_expense(ledger, "3", "Food", "2024-08-01", spread_months=12)
    Category.objects.create(ledger=ledger, name="Größe & more", position=9)
    lines = written(ledger, "beancount").decode().splitlines()
    assert lines[:4] == [
        'option "title" "Household"',
        'option "operating_currency" "EUR"',
        "",
        "2024-08-01 open Assets:Unknown",
    ]
    assert lines[9:] == [
        "2024-08-01 open Expenses:Größe-more",
        '  name: "Größe & more"',
        "",
        '2024-08-01 * ""',
        "  spread_months: 12",
        "  Expenses:Food  3.00 EUR",
        "  Assets:Unknown  -3.00 EUR",
        "",
        '2024-08-02 * "Café" "say \\"hi\\""',
        "  Expenses:Food  -12.50 EUR",
        "  Assets:Unknown  12.50 EUR",
    ]


def test_tags_and_the_receipt_of_a_transaction_of_beancount(ledger):
    make_expense(ledger, "3", payee="Café", tags=["a-b_1", "größe", "work", "日本"], receipt=RECEIPT)
    make_expense(ledger, "4", day="2024-08-02", notes="lunch", tags=["work"])
    first, second = written(ledger, "beancount").decode().split("\n\n")[-2:]
    assert first.splitlines()[:2] == [
        f'2024-08-01 * "Café" "" #a-b_1 #work ^receipt-{RECEIPT}',
        '  tags: "größe 日本"',
    ]
    assert second.splitlines()[0] == '2024-08-02 * "lunch" #work'


@pytest.mark.parametrize(
    ("payee", "notes", "description"),
    [
        ("Café", "lunch", "Café | lunch"),
        ("", "lunch", "lunch"),
        ("Café", "", "Café"),
        ("a|b", "c|d", "a/b | c|d"),
        ("(code)", "x", "() (code) | x"),
        ("a;b", "two\r\nlines  ;", "a,b | two lines ,"),
    ],
)
def test_a_description_of_hledger(payee, notes, description):
    assert _description(payee, notes) == description


def test_a_transaction_of_hledger_with_all_that_it_can_have(ledger):
    tags = {"tags": ["größe-2", "uuid", "work"], "receipt": RECEIPT}
    make_expense(ledger, "3", notes="lunch", spread_months=12, **tags)
    assert written(ledger, "journal").decode().splitlines()[-8:] == [
        "2024-08-01 * lunch",
        "    ; spread_months: 12",
        "    ; :größe-2:",
        "    ; :uuid_:",
        "    ; :work:",
        f"    ; receipt: {RECEIPT}",
        "    Expenses:Food  3.00 EUR",
        "    Assets:Unknown  -3.00 EUR",
    ]


@pytest.mark.parametrize(
    ("currency", "lines"),
    [
        ("EUR", ["commodity EUR", "    format 1000.00 EUR", ""]),
        ("TND", ["commodity TND", "    format 1000.000 TND", ""]),
        ("JPY", ["commodity JPY", "", "account Assets:Unknown"]),
    ],
)
def test_the_currency_of_a_journal(alice, currency, lines):
    ledger = make_ledger(alice, currency=currency)
    assert written(ledger, "journal").decode().splitlines()[2:5] == lines


def test_a_transaction_of_ofx(ledger):
    long = "A payee whose name is longer than OFX has room for"
    expense = make_expense(ledger, "12.5", payee=long, notes="<b> & \x01 more")
    make_expense(ledger, "-3", day="2024-08-02", notes="back")
    statement = fromstring(written(ledger, "ofx")).find(".//STMTRS")  # noqa: S314  our own file
    first, second = ({each.tag: each.text for each in one} for one in statement.iter("STMTTRN"))
    assert first == {
        "TRNTYPE": "DEBIT",
        "DTPOSTED": "20240801120000",
        "TRNAMT": "-12.50",
        "FITID": str(expense.pk),
        "NAME": "A payee whose name is longer tha",
        "MEMO": f"{long}; <b> & more; Food",
    }
    assert [second[tag] for tag in ("TRNTYPE", "TRNAMT", "NAME", "MEMO")] == [
        "CREDIT",
        "3.00",
        "back",
        "Food",
    ]
    facts = [statement.findtext(f".//{tag}") for tag in ("CURDEF", "DTSTART", "DTEND", "BALAMT", "DTASOF")]
    assert facts == ["EUR", "20240801", "20240802", "-9.50", "20240802"]


def test_cells_of_a_workbook_are_dates_numbers_and_texts(ledger):
    make_expense(ledger, "12.5", notes="=1+1")
    make_expense(ledger, "1", day="1900-01-01")
    sheet = load_workbook(io.BytesIO(written(ledger, "xlsx"))).active
    old, row = sheet[2], sheet[3]
    assert [cell.data_type for cell in row[:4]] == ["d", "n", "s", "s"]
    assert [row[0].value, row[0].number_format] == [datetime(2024, 8, 1), "yyyy-mm-dd"]  # noqa: DTZ001
    assert [row[1].value, row[1].number_format, row[3].value] == [12.5, "0.00", "'=1+1"]
    assert old[0].value == "1900-01-01"  # which day 1 is, not all agree
    assert (sheet.freeze_panes, sheet["A1"].font.bold, sheet.column_dimensions["D"].width) == ("A2", True, 44)


def test_a_workbook_in_a_currency_without_decimals(alice):
    ledger = make_ledger(alice, currency="JPY")
    make_expense(ledger, "1200")
    sheet = load_workbook(io.BytesIO(written(ledger, "xlsx"))).active
    assert (sheet["B2"].value, sheet["B2"].number_format) == (1200, "0")


def test_a_json_file_is_json(ledger):
    make_expense(ledger, notes="“Lunch” 🍜")
    assert json.loads(written(ledger, "json"))["expenses"][0]["notes"] == "“Lunch” 🍜"
