"""What is written in the day's grid survives a closed tab, a lost connection and an answer that never came."""

import pytest
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import axe_violations
from expense_tracker.tests.browser.test_day import day_url, type_row
from expenses.models import Expense
from expenses.tests.factories import make_expense

pytestmark = pytest.mark.browser

KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"


def amounts() -> list[int]:
    return [int(expense.amount) for expense in Expense.objects.order_by("id")]


def test_a_draft_of_a_crashed_tab_is_offered_and_restored_beside_what_came_meanwhile(
    window_of, alice, ledger
):
    make_expense(ledger, "1", notes="mine")
    window = window_of(alice)
    page = window.open(day_url(ledger))
    page.get_by_label("Notes 1").fill("changed")
    page.get_by_label("Amount 2").focus()
    type_row(page, "2", "Food")
    page.wait_for_function(f"() => ({KEPT})() === 1")
    page.close()
    make_expense(ledger, "3", notes="theirs")
    page = window.open(day_url(ledger))
    offer = page.get_by_role("region", name="Unsaved draft")
    expect(offer).to_contain_text("2 rows of this day.")
    assert axe_violations(page) == []
    expect(page.get_by_label("Notes 1")).to_have_value("mine")
    offer.get_by_role("button", name="Restore").click()
    expect(page.get_by_label("Notes 1")).to_have_value("changed")
    assert [page.get_by_label(f"Amount {n}").input_value() for n in (1, 2, 3)] == ["1.00", "2", "3.00"]
    expect(page.locator("[data-total]")).to_have_text("6.00")
    expect(offer).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added, 1 changed.")
    assert (amounts(), page.evaluate(KEPT)) == ([1, 3, 2], 0)


def test_a_draft_is_discarded(window_of, alice, ledger):
    window = window_of(alice)
    page = window.open(day_url(ledger))
    page.keyboard.type("5")
    page.wait_for_function(f"() => ({KEPT})() === 1")
    page.close()
    page = window.open(day_url(ledger))
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Amount 1")).to_be_focused()
    assert page.evaluate(KEPT) == 0


def test_a_save_without_a_connection_keeps_the_page_and_can_be_repeated(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    type_row(page, "5", "Food")
    page.route("**/2024-08-01/", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("No connection. Nothing is lost")
    expect(page.get_by_label("Amount 1")).to_have_value("5")
    assert (amounts(), page.evaluate(KEPT)) == ([], 1)
    page.unroute("**/2024-08-01/")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added.")
    assert (amounts(), page.evaluate(KEPT)) == ([5], 0)


def test_a_save_whose_answer_was_lost_is_restored_and_not_doubled(window_of, alice, ledger):
    window = window_of(alice)
    page = window.open(day_url(ledger))
    type_row(page, "5", "Food")
    page.route("**/2024-08-01/", lambda route: (route.fetch(max_redirects=0), route.abort()))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("No connection.")
    assert amounts() == [5]
    page.close()
    page = window.open(day_url(ledger))
    expect(page.get_by_role("region", name="Unsaved draft")).to_contain_text("writes nothing twice")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("[data-total]")).to_have_text("5.00")
    page.get_by_label("Amount 2").fill("6")
    page.get_by_label("Category 2").select_option("Other")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added.")
    assert (amounts(), page.evaluate(KEPT)) == ([5, 6], 0)


def test_storage_that_is_full_or_forbidden_breaks_nothing(window_of, alice, ledger):
    window = window_of(alice)
    window.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied') } })"
    )
    page = window.open(day_url(ledger))
    type_row(page, "5", "Food")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added.")
    assert amounts() == [5]
