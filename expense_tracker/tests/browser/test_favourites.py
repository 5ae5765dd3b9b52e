"""Favourites are kept from the grid and put in with one key; a finger turns the days."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import PHONE, axe_violations_in_light_and_dark
from expenses.models import Expense, Favourite
from expenses.tests.factories import make_favourite

pytestmark = pytest.mark.browser

SWIPE = """(across) => {
  const point = (x) => new Touch({ identifier: 1, target: document.body, clientX: x, clientY: 300 });
  const send = (name, x, touches) => document.body.dispatchEvent(
    new TouchEvent(name, { bubbles: true, touches, changedTouches: [point(x)] }));
  send("touchstart", 200, [point(200)]);
  send("touchend", 200 + across, []);
}"""


def day_url(ledger) -> str:
    return f"/ledgers/{ledger.pk}/expenses/2024-08-01/"


def test_a_favourite_is_put_in_with_one_key_and_saved_with_the_day(window_of, alice, ledger):
    make_favourite(ledger, payee="Canteen", notes="coffee", tags=["work"])
    make_favourite(ledger, "Bread", amount=None)
    page = window_of(alice).open(day_url(ledger))
    page.keyboard.press("Alt+2")
    expect(page.get_by_label("Category 1")).not_to_have_value("")
    expect(page.get_by_label("Amount 1")).to_be_focused()
    page.keyboard.type("4")
    page.keyboard.press("Alt+1")
    expect(page.locator("[data-total]")).to_have_text("7.20")
    page.locator("[data-favourites-menu] summary").click()
    expect(page.locator("[data-favourites-list] button")).to_have_text(["Coffee Alt 1", "Bread Alt 2"])
    assert axe_violations_in_light_and_dark(page) == []
    page.keyboard.press("Escape")
    page.get_by_label("Amount 3").press("Control+z")
    expect(page.locator("[data-total]")).to_have_text("4.00")
    page.get_by_label("Amount 1").press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added.")
    assert list(Expense.objects.values_list("amount", "category__name")) == [(Decimal(4), "Food")]


def test_the_row_written_last_is_kept_as_a_favourite(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    page.keyboard.type("2*1.60")
    page.get_by_label("Category 1").select_option("Food")
    page.get_by_label("Notes 1").fill("coffee #work")
    page.locator(".keeping summary").click()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("[data-told]")).to_have_text("Give the favourite a name.")
    page.locator("[name=favourite-name]").fill("Coffee")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("[data-told]")).to_have_text("Kept as a favourite: 1 row.")
    kept = Favourite.objects.values_list("name", "amount", "notes", "tags")
    assert list(kept) == [("Coffee", Decimal("3.2"), "coffee", ["work"])]
    assert not Expense.objects.exists()
    expect(page.get_by_label("Amount 1")).to_have_value("2*1.60")


def test_a_phone_shows_one_blank_row_at_a_time_and_turns_the_days(window_of, alice, ledger):
    page = window_of(alice, viewport=PHONE, has_touch=True).open(day_url(ledger))
    rows = page.locator("tbody tr[data-row]:visible")
    expect(rows).to_have_count(1)
    page.get_by_label("Amount 1").fill("5")
    expect(rows).to_have_count(2)
    page.get_by_label("Amount 1").fill("")
    expect(rows).to_have_count(1)
    page.evaluate(SWIPE, -40)
    page.evaluate(SWIPE, -150)
    page.wait_for_url("**/expenses/2024-08-02/")
    page.evaluate(SWIPE, 150)
    page.wait_for_url("**/expenses/2024-08-01/")
