"""The analytics page by keyboard and mouse: what is left out comes back, and addresses say what is shown."""

import re

import pytest
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import axe_violations
from expenses.models import Category
from expenses.tests.factories import make_expense, make_ledger, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def book(transactional_db):
    """Alice, a ledger with rent and food in one month, and the id of the food."""
    alice = make_user("alice")
    ledger = make_ledger(alice)
    make_expense(ledger, "700", "Rent", "2024-03-01")
    make_expense(ledger, "300.50", "Food", "2024-03-02")
    return alice, ledger, Category.objects.get(ledger=ledger, name="Food").pk


MARCH = "start=2024-03-01&end=2024-03-31"


def test_a_category_is_left_out_and_brought_back_by_keyboard(window_of, book):
    alice, ledger, food = book
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/analytics/?{MARCH}")
    total = page.locator("#analytics .totals .figure")
    page.get_by_role("link", name="Food leave out").focus()
    page.keyboard.press("Enter")
    expect(total).to_have_text("€700.00")
    expect(page).to_have_url(re.compile(f"without={food}"))
    expect(page.locator("#said")).to_have_text("€700.00 in 1 expense")
    expect(page.get_by_role("link", name="Food bring back")).to_be_focused()
    assert axe_violations(page) == []
    page.keyboard.press("Enter")
    expect(total).to_have_text("€1,000.50")
    expect(page.get_by_role("link", name="Food leave out")).to_be_focused()


def test_a_click_on_a_chart_leaves_a_category_out_and_going_back_undoes_it(window_of, book):
    alice, ledger, food = book
    page = window_of(alice, reduced_motion="reduce").open(
        f"/ledgers/{ledger.pk}/analytics/?{MARCH}&chart=treemap"
    )
    colour = Category.objects.get(pk=food).colour
    page.locator(f"[data-chart=treemap] svg path[fill='{colour}' i]").first.click()
    expect(page.locator("#analytics .totals .figure")).to_have_text("€700.00")
    expect(page.locator("[data-chart=treemap] svg")).to_have_count(1)
    page.go_back()
    expect(page.locator("#analytics .totals .figure")).to_have_text("€1,000.50")


def test_dates_that_make_no_sense_stay_where_they_were_typed(window_of, book):
    alice, ledger, _food = book
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/analytics/?{MARCH}&view=table")
    page.get_by_label("To", exact=True).fill("2024-02-01")
    page.get_by_role("button", name="Show").first.click()
    expect(page.get_by_text("The last date lies before the first one.")).to_be_visible()
    assert page.get_by_label("To", exact=True).input_value() == "2024-02-01"
    assert axe_violations(page) == []
