"""What holds for every format: the rows and the sum of the page, whatever filter, and always a whole file."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from database.acting import NOBODY, acting_as
from expenses import exports
from expenses.exports import EXTENSIONS, FORMATS, ExportFile, Selection, export
from expenses.exports.seats import IN_MEMORY
from expenses.models import Category, Expense
from expenses.tests.exports.reading import READERS
from expenses.tests.factories import make_expense
from expenses.tests.pages import Page, in_production
from ledgers.money import write_currency

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize("extension", EXTENSIONS)


def download(browser, ledger, extension, query="") -> bytes:
    response = browser.get(reverse("export_expenses", args=[ledger.pk, extension]) + query)
    assert response.status_code == 200
    with acting_as(NOBODY):  # as a server reads it: after the request
        return response.getvalue()


@pytest.fixture
def shop(ledger):
    """Some expenses, not entered in the order of their dates."""
    make_expense(ledger, "1227", "Rent", "2024-08-02", payee="Landlord", notes="Monthly rent")
    make_expense(ledger, "-20.5", "Food", "2024-08-01", payee="Café Blau", notes="Größe 3 €")
    make_expense(ledger, "0.01", "Food", "2024-08-02", payee="Bakery", notes="bread")
    make_expense(ledger, "999999999999.99", "Other", "2024-08-03", payee="House", notes="bread & more")
    return ledger


@EVERY
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?date_after=2024-08-02&date_before=2024-08-02",
        "?text=bread",
        "?amount_max=-1",
        "?amount_min=5000",
    ],
)
def test_the_rows_and_the_sum_are_those_of_the_page(browser, shop, extension, query):
    page = browser.get(reverse("expenses", args=[shop.pk]) + query)
    listed = [row for _day, _spent, rows in page.context["days"] for row in rows]
    rows = READERS[extension](download(browser, shop, extension, query))
    assert rows == [
        (row.date, row.amount, row.category.name, row.payee, row.notes)
        for row in sorted(listed, key=lambda row: (row.date, row.pk))
    ]
    assert sum(row[1] for row in rows) == page.context["totals"]["spent"]
    assert Page(page).text("totals").startswith(write_currency(sum(row[1] for row in rows), "EUR", 2))


@EVERY
def test_a_filter_that_finds_nothing_gives_a_file_with_nothing(browser, shop, extension):
    assert READERS[extension](download(browser, shop, extension, "?text=nothing")) == []


@EVERY
def test_an_amount_stored_by_hand_with_more_decimals_is_not_rounded(browser, ledger, extension):
    make_expense(ledger, "0.005", payee="P", notes="N")
    assert [row[1] for row in READERS[extension](download(browser, ledger, extension))] == [Decimal("0.005")]


@EVERY
def test_a_file_costs_the_same_statements_however_long_it_is(browser, ledger, extension):
    counts = []
    for rows in (1, 3):
        make_expense(ledger, rows)
        with CaptureQueriesContext(connection) as queries:
            download(browser, ledger, extension)
        counts.append(len(in_production(queries)))
    assert counts[0] == counts[1]


@EVERY
def test_what_does_not_fit_into_the_memory_takes_a_seat_and_leaves_it(ledger, extension):
    food = Category.objects.get(ledger=ledger, name="Food")
    Expense.objects.bulk_create(
        Expense(ledger=ledger, category=food, date="2024-08-01", amount=1, notes="x" * 1000, payee="p")
        for _ in range(2_000 if extension == "xlsx" else 300)
    )
    file, count = export(EXTENSIONS[extension], Selection(ledger, Expense.objects.in_ledger(ledger)))
    with file:
        assert file.seat.alive
        assert len(READERS[extension](file.read())) == count
    assert not file.seat.alive


def test_adding_a_format_is_adding_a_module():
    modules = {path.stem for path in Path(exports.__file__).parent.glob("*.py")}
    rest = {"__init__", "accounts", "answering", "api", "command", "seats", "selection"}
    assert modules - rest == {format.name for format in FORMATS}


def test_a_short_file_takes_no_seat(ledger):
    with ExportFile() as file:
        file.write(b"x" * IN_MEMORY)
        assert file.seat is None
