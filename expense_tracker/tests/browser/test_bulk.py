"""Changing many expenses on the list, with the keyboard alone: select, look, confirm, undo."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import PHONE, axe_violations_in_light_and_dark
from expenses.models import Expense
from expenses.tests.factories import make_expense, make_ledger, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def alice(transactional_db):
    return make_user("alice")


@pytest.fixture
def ledger(alice):
    ledger = make_ledger(alice)
    for number in range(52):
        day = "2024-08-02" if number > 47 else "2024-07-01"
        make_expense(
            ledger, f"{number}.25", day=day, payee=f"Shop {number}", tags=["old"] if number > 49 else []
        )
    return ledger


def state():
    return list(Expense.objects.order_by("pk").values_list("payee", "category__name", "tags", "date"))


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def overflows(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_rows_are_selected_changed_and_brought_back_with_the_keyboard_alone(window_of, alice, ledger):
    before = state()
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/expenses/")
    bar, said = page.locator(".bulk-bar"), page.locator("[data-said]")
    expect(bar).to_be_hidden()
    page.get_by_label("Select: Shop 51, 51.25").focus()
    press(page, "Space", "ArrowDown", "j", "Shift+Space")
    expect(bar).to_contain_text("3 selected · 150.75 EUR")
    expect(said).to_have_text("3 selected · 150.75 EUR")
    press(page, "k", "Space")
    expect(bar).to_contain_text("2 selected · 100.50 EUR")
    press(page, "Control+a")
    expect(bar).to_contain_text("50 selected")
    page.get_by_role("button", name="Select none").focus()
    press(page, "Enter")
    expect(bar).to_be_hidden()
    expect(page.get_by_label("Select: Shop 51, 51.25")).to_be_focused()

    press(page, "Space", "ArrowDown", "Space")
    page.locator(".bulk-bar summary").focus()
    press(page, "Enter", "Tab")
    expect(page.get_by_label("Category").last).to_be_focused()
    press(page, "R", "Tab", "Tab")
    page.keyboard.type("#new")
    assert axe_violations_in_light_and_dark(page) == []
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change expenses")
    expect(page.locator(".figure-line")).to_contain_text("2 expenses · €101.50")
    assert (axe_violations_in_light_and_dark(page), state()) == ([], before)
    page.get_by_role("button", name="Change these 2 expenses").focus()
    press(page, "Enter")
    expect(page.get_by_role("status").first).to_contain_text("2 expenses were changed.")
    changed = [(payee, name, tags) for payee, name, tags, _day in state()[-2:]]
    assert changed == [("Shop 50", "Rent", ["new", "old"]), ("Shop 51", "Rent", ["new", "old"])]
    page.get_by_role("link", name="Undo").focus()
    press(page, "Enter")
    page.get_by_role("button", name="Undo this change").focus()
    press(page, "Enter")
    expect(page.get_by_role("button", name="Undo this change")).to_have_count(0)
    assert state() == before


def test_all_that_match_are_deleted_after_a_filter_without_loading_the_page_anew(window_of, alice, ledger):
    page = window_of(alice, viewport=PHONE).open(f"/ledgers/{ledger.pk}/expenses/")
    page.get_by_label("Paid to or notes contain").fill("Shop")
    expect(page.get_by_label("All 52 that match")).to_be_visible()
    page.get_by_label("All 52 that match").check()
    expect(page.locator(".bulk-bar")).to_contain_text("52 expenses · €1,339.00")
    assert (axe_violations_in_light_and_dark(page), overflows(page)) == ([], False)
    page.get_by_role("button", name="Delete …").click()
    expect(page.locator(".figure-line")).to_contain_text("52 expenses · €1,339.00")
    assert (axe_violations_in_light_and_dark(page), overflows(page)) == ([], False)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_label("Paid to or notes contain")).to_have_value("Shop")
    page.get_by_label("All 52 that match").check()
    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Delete these 52 expenses").click()
    expect(page.get_by_text("No expense matches this filter.")).to_be_visible()
    assert Expense.objects.count() == 0


def test_without_javascript_boxes_and_buttons_do_the_same(window_of, alice, ledger):
    window = window_of(alice, java_script_enabled=False)
    window.scripted = False
    page = window.open(f"/ledgers/{ledger.pk}/expenses/?tag=old")
    page.get_by_label("Select: Shop 51, 51.25").check()
    page.locator(".bulk-bar summary").click()
    page.get_by_label("Or move by days").fill("-1")
    page.get_by_role("button", name="Show what will change").click()
    page.get_by_role("button", name="Change this expense").click()
    expect(page.get_by_text("1 expense was changed.")).to_be_visible()
    assert [str(day) for *_, day in state()[-2:]] == ["2024-08-02", "2024-08-01"]
    assert sum(Expense.objects.values_list("amount", flat=True)) == Decimal(1339)
