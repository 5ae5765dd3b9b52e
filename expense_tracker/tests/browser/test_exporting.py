"""The menu of the list that gives what it shows as a file."""

from pathlib import Path

import pytest

from expense_tracker.tests.browser.conftest import axe_violations
from expense_tracker.tests.browser.test_pages import LOOKS, overflows
from expenses.tests.exports.reading import READERS
from expenses.tests.factories import make_expense, make_ledger, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def ledger(transactional_db):
    ledger = make_ledger(make_user("alice"))
    make_expense(ledger, "12.50", notes="bread", payee="Bakery")
    make_expense(ledger, "1227", "Rent", notes="Monthly rent payment")
    return ledger


@LOOKS
def test_the_open_menu_has_no_violation(window_of, ledger, scheme, viewport):
    window = window_of(ledger.memberships.get().user, color_scheme=scheme, viewport=viewport)
    page = window.open(f"/ledgers/{ledger.pk}/expenses/")
    page.locator(".export-menu > summary").click()
    page.get_by_role("link", name="Beancount").wait_for()
    assert (axe_violations(page), overflows(page)) == ([], False)


def test_what_was_just_searched_for_is_saved_by_keyboard_alone(window_of, ledger):
    page = window_of(ledger.memberships.get().user).open(f"/ledgers/{ledger.pk}/expenses/")
    page.get_by_label("Paid to or notes contain").fill("bread")
    page.get_by_text("Monthly rent payment").wait_for(state="detached")
    page.locator(".export-menu > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_text("The one expense found, as").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_download() as saving:
        page.keyboard.press("Enter")
    assert saving.value.suggested_filename == "expenses-Household.xlsx"
    assert [row[3:] for row in READERS["xlsx"](Path(saving.value.path()).read_bytes())] == [
        ("Bakery", "bread")
    ]
