from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import Page, in_production

pytestmark = pytest.mark.django_db
CELLS = ("date", "amount", "category", "payee", "notes")


@pytest.fixture
def book(ledger):
    make_expense(ledger, "7", "Food", payee="Aldi")
    return ledger


def address(ledger):
    return reverse("quick_add", args=[ledger.pk])


def understood(browser, ledger, text, **values):
    """The form that shows what a text says."""
    response = browser.post(address(ledger), {"text": text, "read": "1", **values})
    assert response.status_code == 200
    return Page(response).form("quick-page")


def saved() -> list[tuple]:
    rows = Expense.objects.filter(date__year=2026).order_by("pk")
    return list(rows.values_list("date", "amount", "category__name", "payee", "notes", "tags"))


def test_the_line_of_the_header_leads_to_its_row_and_back_without_javascript(browser, book):
    back = f"{reverse('expenses', args=[book.pk])}?text=x"
    header = Page(browser.get(back)).form("/quick/")
    assert header.data == {"text": "", "back": back}
    page = Page(browser.get(address(book), header.data | {"text": "12.5 aldi milk #work 2026-11-01"}))
    form, food = page.form("quick-page"), Category.objects.get(ledger=book, name="Food")
    assert form.row(0, *CELLS) == ("2026-11-01", "12.50", str(food.pk), "Aldi", "milk #work")
    assert (form.data["row-0-line"], page.text("why")) == (
        "12.5 aldi milk #work 2026-11-01",
        "Category: usual for this payee",
    )
    response = browser.post(address(book), form.data)
    assert (response.status_code, response["Location"]) == (302, back)
    assert saved() == [(date(2026, 11, 1), Decimal("12.5"), "Food", "Aldi", "milk", ["work"])]
    after = Page(browser.get(back))
    assert after.said == "Saved: €12.50 for Food on Nov. 1, 2026."
    assert "Undo" in after.text("messages")


def test_a_line_that_is_not_understood_becomes_a_row_to_complete_and_nothing_is_lost(browser, book):
    form = understood(browser, book, "5 rent 1.11.2026\nmilk\n3 zebra 2.11.2026")
    assert [form.row(index, "amount", "notes") for index in range(3)] == [
        ("5.00", ""),
        ("", "milk"),
        ("3.00", "zebra"),
    ]
    refused = browser.post(address(book), form.data)
    kept = Page(refused).form("quick-page")
    assert (refused.status_code, saved()) == (422, [])
    assert [kept.row(index, *CELLS) for index in range(3)] == [form.row(index, *CELLS) for index in range(3)]
    assert kept.errors == {
        "row-1-amount": "Enter an amount.",
        "row-1-category": "Choose a category.",
        "row-2-category": "Choose a category.",
    }
    food = Category.objects.get(ledger=book, name="Food").pk
    kept.write(1, amount="1+1", category=food, date="2026-11-03").write(2, category=food)
    assert browser.post(address(book), kept.data).status_code == 302
    assert [(row[1], row[2], row[4]) for row in saved()] == [
        (Decimal(5), "Rent", ""),
        (Decimal(2), "Food", "milk"),
        (Decimal(3), "Food", "zebra"),
    ]
    assert Page(browser.get(address(book))).said == "Saved: 3 expenses, €10.00."


def test_lines_written_below_rows_are_shown_before_anything_is_saved(browser, book):
    form = understood(browser, book, "5 rent").write(0, notes="changed")
    response = browser.post(address(book), form.data | {"text": "6 food", "save": ""})
    shown = Page(response).form("quick-page")
    assert (response.status_code, shown.rows) == (200, 2)
    assert [shown.row(index, "amount", "notes") for index in range(2)] == [("5.00", "changed"), ("6.00", "")]
    assert Expense.objects.count() == 1


def test_a_row_is_removed_and_a_blank_one_is_none(browser, book):
    form = understood(browser, book, "5 rent\n6 food\n7 food")
    form.data |= {"row-0-DELETE": "on"} | {f"row-1-{name}": "" for name in CELLS}
    assert browser.post(address(book), form.data).status_code == 302
    assert [row[1] for row in saved()] == [Decimal(7)]


@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_to_save_is_said(browser, book, rows):
    data = {"row-TOTAL_FORMS": rows, "row-INITIAL_FORMS": 0}
    response = browser.post(address(book), data)
    assert (response.status_code, Page(response).text("error")) == (
        422,
        "There is nothing to save. Write a line below.",
    )


@pytest.mark.parametrize("text", ["", "5 food\n" * 201])
def test_a_text_that_cannot_be_read_is_given_back(browser, book, text):
    response = browser.post(address(book), {"text": text, "read": "1"})
    assert response.status_code == 422
    assert response.content.decode().count("5 food") == text.count("5 food")


def test_rows_cannot_become_too_many(browser, book, monkeypatch):
    monkeypatch.setattr("expenses.quick.forms.MOST_LINES", 2)
    form = understood(browser, book, "5 food\n6 food")
    response = browser.post(address(book), form.data | {"text": "7 food"})
    assert (response.status_code, Page(response).form("quick-page").rows) == (422, 2)
    assert "7 food" in response.content.decode()
    response = browser.post(address(book), {"row-TOTAL_FORMS": 201, "row-INITIAL_FORMS": 0})
    assert (response.status_code, Page(response).text("error")) == (422, "Write at most 200 lines at once.")


def test_an_amount_of_zero_is_refused_at_its_row(browser, book):
    form = understood(browser, book, "5 rent").write(0, amount="5-5")
    assert Page(browser.post(address(book), form.data)).form("quick-page").errors == {
        "row-0-amount": "An amount cannot be zero."
    }


def test_a_form_that_comes_twice_is_saved_once(browser, book):
    form = understood(browser, book, "5 rent")
    assert [browser.post(address(book), form.data).status_code for _ in "12"] == [302, 302]
    assert Expense.objects.count() == 2


def test_what_is_typed_in_the_header_is_answered_with_the_row_alone(browser, book):
    query = {"text": "5 aldi", "back": address(book)}
    response = browser.get(address(book), query, headers={"HX-Request": "true"})
    [form] = Page(response).forms
    assert form.row(0, "amount", "payee") == ("5.00", "Aldi")
    assert form.data["back"] == address(book)
    refused = browser.get(address(book), {"text": "milk"}, headers={"HX-Request": "true"})
    assert Page(refused).text("error") == "There is no amount. Write one such as 12.50."


def test_the_way_back_leads_only_to_pages_of_the_ledger(browser, alice, book):
    other = make_ledger(alice, "Other")
    for back in [
        "//evil.example/",
        "https://evil.example/",
        f"/ledgers/{other.pk}/",
        "/nowhere/",
        "http://[",
        "x",
    ]:
        form = understood(browser, book, "5 rent", back=back)
        assert "back" not in form.data
        response = browser.post(address(book), form.data | {"back": back})
        assert response["Location"] == address(book)


def test_the_number_of_queries_does_not_grow_with_the_lines(browser, book):
    counts = []
    for lines in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            browser.get(address(book), {"text": "5 aldi\n" * lines})
        counts.append(len(in_production(queries)))
    assert counts[0] == counts[1]


def test_a_viewer_has_neither_the_line_nor_the_page(as_user, bob, book):
    share(book, bob, "viewer")
    browser = as_user(bob)
    assert b"quick-add" not in browser.get(reverse("expenses", args=[book.pk])).content
    assert browser.get(address(book), {"text": "5 food"}).status_code == 403
