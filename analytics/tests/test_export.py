"""The tables of the analytics page as files."""

import csv
from datetime import datetime
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from analytics import asking, shown
from analytics.views import export
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger

pytestmark = pytest.mark.django_db

SUMMER = "start=2024-07-01&end=2024-08-31"


@pytest.fixture
def filled(ledger):
    make_expense(ledger, "1227", "Rent", "2024-07-03", payee="=Landlord()")
    make_expense(ledger, "12.5", "Food", "2024-08-20")
    make_expense(ledger, "-3", "Food", "2024-08-21", payee="Bakery")
    return ledger


def get(browser, ledger, query, name="export_analytics"):
    return browser.get(f"{reverse(name, args=[ledger.pk])}?{query}")


def rows(response) -> list[list[str]]:
    return list(csv.reader(StringIO(b"".join(response.streaming_content).decode(), newline="")))


def test_a_breakdown_as_csv(browser, filled):
    response = get(browser, filled, SUMMER)
    assert rows(response) == [
        ["category", "total", "gross", "refunds", "percentage", "count"],
        ["Rent", "1227.00", "1227.00", "0.00", "99.2", "1"],
        ["Food", "9.50", "12.50", "-3.00", "0.8", "2"],
        ["total", "1236.50", "1239.50", "-3.00", "100.0", "3"],
    ]
    assert response["Content-Disposition"] == (
        'attachment; filename="analytics-Household-from-2024-07-01-to-2024-08-31.csv"'
    )


def test_tags_say_in_the_first_row_that_they_overlap(browser, filled):
    Expense.objects.filter(amount="12.5").update(tags=["treat", "work"])
    says = "tag (an expense counts in each of its tags and once in the total)"
    assert rows(get(browser, filled, f"{SUMMER}&by=tag")) == [
        [says, "total", "gross", "refunds", "percentage", "count"],
        ["", "1224.00", "1227.00", "-3.00", "99.0", "2"],
        ["treat", "12.50", "12.50", "0.00", "1.0", "1"],
        ["work", "12.50", "12.50", "0.00", "1.0", "1"],
        ["total", "1236.50", "1239.50", "-3.00", "100.0", "3"],
    ]
    assert rows(get(browser, filled, f"{SUMMER}&view=table&rows=tag"))[-1] == [
        "total",
        "1227.00",
        "9.50",
        "1236.50",
    ]
    assert rows(get(browser, filled, f"{SUMMER}&view=table&columns=tag"))[0] == [
        says.replace("tag (", "category (", 1),
        "",
        "treat",
        "work",
        "total",
    ]


def test_a_long_list_is_whole_in_a_file_and_harmless(browser, filled, monkeypatch):
    monkeypatch.setattr(shown, "MOST_LINES", 1)
    payees = [row[0] for row in rows(get(browser, filled, f"{SUMMER}&by=payee"))]
    assert payees == ["payee", "'=Landlord()", "", "Bakery", "total"]


def test_payees_are_so_many_in_a_file_and_one_row_of_the_others(browser, filled, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    table = rows(get(browser, filled, f"{SUMMER}&by=payee"))
    assert [row[:2] for row in table[1:]] == [
        ["'=Landlord()", "1227.00"],
        ["rest", "9.50"],
        ["total", "1236.50"],
    ]


def test_the_table_as_csv_in_the_order_of_the_page(browser, filled):
    assert rows(get(browser, filled, f"{SUMMER}&view=table&sort=name")) == [
        ["category", "2024-07-01", "2024-08-01", "total"],
        ["Food", "", "9.50", "9.50"],
        ["Rent", "1227.00", "", "1227.00"],
        ["total", "1227.00", "9.50", "1236.50"],
    ]


def test_the_comparison_as_csv(browser, filled):
    august = "start=2024-08-01&end=2024-08-31&view=comparison"
    assert rows(get(browser, filled, august)) == [
        ["category", "total", "earlier_total", "change", "change_percentage"],
        ["Rent", "0.00", "1227.00", "-1227.00", "-100.0"],
        ["Food", "9.50", "0.00", "9.50", ""],
        ["total", "9.50", "1227.00", "-1217.50", "-99.2"],
    ]


def test_the_table_as_a_workbook_has_real_dates_and_numbers(browser, filled):
    response = get(browser, filled, f"{SUMMER}&view=table&rows=payee", "export_analytics_xlsx")
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["payee", datetime(2024, 7, 1), datetime(2024, 8, 1), "total"],  # noqa: DTZ001
        ["'=Landlord()", 1227, None, 1227],
        [None, None, 12.5, 12.5],
        ["Bakery", None, -3, -3],
        ["total", 1227, 9.5, 1236.5],
    ]
    assert sheet["B2"].number_format == "0.00"


def test_amounts_have_the_decimals_of_the_currency(browser, alice):
    ledger = make_ledger(alice, currency="JPY")
    make_expense(ledger, "5", day="2024-08-01")
    assert rows(get(browser, ledger, SUMMER))[1] == ["Food", "5", "5", "0", "100.0", "1"]


def test_what_is_left_out_is_left_out_of_the_file(browser, filled):
    rent = Category.objects.get(ledger=filled, name="Rent")
    table = rows(get(browser, filled, f"{SUMMER}&without={rent.pk}&amount_min=0"))
    assert [row[:2] for row in table[1:]] == [["Food", "12.50"], ["total", "12.50"]]


def test_nothing_is_a_file_too(browser, ledger):
    assert rows(get(browser, ledger, SUMMER)) == [
        ["category", "total", "gross", "refunds", "percentage", "count"],
        ["total", "0.00", "0.00", "0.00", "0", "0"],
    ]


@pytest.mark.parametrize(
    "query", ["start=2024-08-02&end=2024-08-01", "basis=guessed", f"{SUMMER}&view=table"]
)
def test_the_page_says_what_cannot_be_exported(browser, filled, monkeypatch, query):
    monkeypatch.setattr(asking, "MOST_COLUMNS", 1)
    response = get(browser, filled, query)
    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
