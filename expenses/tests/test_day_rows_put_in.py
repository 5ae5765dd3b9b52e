"""Rows that the day's page shows although nothing has saved them: copied from another day, or kept by a browser."""

from datetime import date

import pytest
from django.urls import reverse

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from expenses.tests.pages import Page

pytestmark = pytest.mark.django_db

RECEIPT = "0a8f3b1e-58a5-4b0e-9d0c-0a8f3b1e58a5"


@pytest.fixture
def url(ledger):
    return reverse("day", args=[ledger.pk, date(2024, 8, 1)])


def day_form(response):
    return Page(response).form("day-form")


def test_a_copied_day_is_shown_behind_what_is_there_and_saved_as_new(browser, ledger, url):
    make_expense(ledger, "1")
    make_expense(ledger, "2.50", "Rent", "2024-07-01", payee="Shop", notes="a", tags=["b"], spread_months=3)
    for amount in ("3", "4"):
        make_expense(ledger, amount, day="2024-07-01", receipt=RECEIPT)
    form = day_form(browser.get(url, {"copy": "2024-07-01"}))
    assert [form.row(n)[0] for n in range(5)] == ["1.00", "2.50", "3.00", "4.00", ""]
    assert form.row(1, "id", "version", "payee", "notes", "spread_months") == ("", "", "Shop", "a #b", "3")
    assert Expense.objects.count() == 4
    response = browser.post(url, form.data, follow=True)
    assert Page(response).said == "Saved: 3 added."
    receipts = Expense.objects.filter(date="2024-08-01").order_by("id").values_list("receipt", flat=True)
    assert receipts[2] == receipts[3] != None  # noqa: E711
    assert str(receipts[2]) != RECEIPT


def test_an_archived_category_is_not_copied(browser, ledger, url):
    make_expense(ledger, day="2024-07-01")
    Category.objects.filter(ledger=ledger, name="Food").update(archived=True)
    form = day_form(browser.get(url, {"copy": "2024-07-01"}))
    assert form.row(0, "amount", "category") == ("10.00", "")


@pytest.mark.parametrize(
    ("copied", "said"),
    [("2024-07-01", "Nothing was spent on that day."), ("1.7.2024", "Write a date as YYYY-MM-DD.")],
)
def test_a_day_that_cannot_be_copied_is_told(browser, url, copied, said):
    assert Page(browser.get(url, {"copy": copied})).said == said


def test_a_kept_row_is_shown_at_its_place_among_what_is_there_by_now(browser, ledger, url):
    food = make_expense(ledger, "1").category_id
    form = day_form(browser.get(url)).write(1, amount="2", category=food, payee="kept").data
    kept = {name: value for name, value in form.items() if not name.startswith(("row-0", "initial-row-0"))}
    make_expense(ledger, "3")
    response = browser.post(url, kept | {"restore": "1"})
    shown = day_form(response)
    assert [shown.row(n, "amount", "payee") for n in range(2)] == [("1.00", ""), ("2", "kept")]
    assert [expense.amount for expense in Expense.objects.order_by("id")] == [1, 3]
    assert shown.data["submission"] == form["submission"]
    assert "3.00" in [shown.row(n)[0] for n in range(shown.rows)]
    browser.post(url, shown.data)
    assert [expense.amount for expense in Expense.objects.order_by("id")] == [1, 3, 2]


def test_a_kept_row_that_was_saved_after_all_is_known_again(browser, ledger, url):
    food = Category.objects.get(ledger=ledger, name="Food").pk
    form = day_form(browser.get(url)).write(0, amount="2", category=food).data
    browser.post(url, form)
    shown = day_form(browser.post(url, form | {"restore": "1"}))
    assert [shown.row(n)[0] for n in range(shown.rows)].count("2") == 1
    response = browser.post(url, shown.data, follow=True)
    assert (Page(response).said, Expense.objects.count()) == ("Saved already.", 1)


def test_the_grid_is_told_where_to_go_and_offered_to_undo(browser, ledger, url):
    food = Category.objects.get(ledger=ledger, name="Food").pk
    form = day_form(browser.get(url)).write(0, amount="2", category=food).data
    response = browser.post(url, form, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (200, url)
    assert Page(browser.get(url)).text("messages") == "Saved: 1 added. Undo"
