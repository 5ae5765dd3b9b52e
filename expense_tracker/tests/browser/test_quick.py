"""Quick add with the keyboard alone, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import PHONE, axe_violations, axe_violations_in_light_and_dark
from expenses.models import Expense
from expenses.tests.factories import make_expense, make_ledger, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def ledger(transactional_db):
    ledger = make_ledger(make_user("alice"))
    make_expense(ledger, "7", "Food", payee="Aldi")
    return ledger


def owner(ledger):
    return ledger.members.get()


def test_a_line_is_written_shown_and_saved_with_the_keyboard_from_any_page(window_of, ledger):
    page = window_of(owner(ledger)).open(f"/ledgers/{ledger.pk}/expenses/?text=")
    panel, field = page.locator("[data-quick-panel]"), page.get_by_label("Quick add: amount")
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("5 zebra")
    expect(panel.get_by_label("Category")).to_be_visible()
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    field.fill("zebra")
    page.keyboard.press("Enter")
    expect(panel).to_have_text(re.compile("There is no amount"))
    expect(field).to_be_focused()
    assert axe_violations(page) == []
    field.fill("12.50+3 aldi milk #work")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Save")).to_be_focused()
    assert axe_violations_in_light_and_dark(page) == []
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Saved: €15.50 for Food")
    expect(page.get_by_role("link", name="Undo")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/expenses/\?text=$"))
    expense = Expense.objects.latest("pk")
    assert (expense.payee, expense.notes, expense.tags) == ("Aldi", "milk", ["work"])


def test_what_is_typed_on_does_not_wait_and_an_old_answer_cannot_be_saved(window_of, ledger):
    page = window_of(owner(ledger)).open(f"/ledgers/{ledger.pk}/expenses/")
    panel, field = page.locator("[data-quick-panel]"), page.get_by_label("Quick add: amount")
    field.fill("5 aldi")
    expect(panel).to_contain_text("Aldi")
    page.route("**/quick/**", lambda route: None)  # the server does not answer any more
    field.press_sequentially("s")
    assert panel.evaluate("panel => panel.inert")
    field.press_sequentially(" and more")
    expect(field).to_have_value("5 aldis and more")


def test_the_server_away_what_was_typed_goes_to_the_page(window_of, ledger):
    page = window_of(owner(ledger)).open(f"/ledgers/{ledger.pk}/expenses/")
    page.route(
        "**/quick/**",
        lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_(),
    )
    page.get_by_label("Quick add: amount").fill("5 aldi")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Amount EUR")).to_have_value("5.00")
    expect(page.get_by_role("button", name="Save")).to_be_focused()


def test_a_thumb_finds_the_page_and_comes_back(window_of, ledger):
    page = window_of(owner(ledger), viewport=PHONE).open(f"/ledgers/{ledger.pk}/expenses/")
    page.get_by_role("link", name="Quick add").click()
    expect(page.get_by_label("Lines")).to_be_focused()
    page.keyboard.type("5 aldi\nrent 1200 1.11.\nzebra")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".quick-row")).to_have_count(3)
    assert axe_violations_in_light_and_dark(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Remove row 3").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages")).to_contain_text("Saved: 2 expenses")
    expect(page).to_have_url(re.compile("/expenses/$"))
