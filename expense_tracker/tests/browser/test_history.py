"""The history in a real browser: every state of its pages, and undoing with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from database.acting import acting_as, operator
from expense_tracker.tests.browser.conftest import axe_violations_in_light_and_dark
from expense_tracker.tests.browser.test_pages import WALKS, overflows
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_user, share
from history.models import ChangeSet

pytestmark = pytest.mark.browser


def changed(ledger) -> ChangeSet:
    """Three expenses changed at once: one is changed again later, one deleted."""
    rows = [make_expense(ledger, amount, notes=f"note {amount}") for amount in ("1", "2", "3")]
    with acting_as(operator("tests")):
        Expense.objects.update(amount=9, payee="A rather long name of somebody who was paid")
    found = ChangeSet.objects.newest_first()[0]
    Expense.objects.filter(pk=rows[0].pk).update(amount=11)
    Expense.objects.filter(pk=rows[1].pk).delete()
    return found


@WALKS
def test_no_page_of_the_history_has_a_violation(window_of, alice, bob_of, ledger, scheme, viewport):
    change_set = changed(ledger)
    Category.objects.filter(name="Rent").update(name="Flat", colour="#000000")
    base = f"/ledgers/{ledger.pk}/history/"
    window = window_of(alice, color_scheme=scheme, viewport=viewport)
    numbers = ChangeSet.objects.values_list("pk", flat=True)
    for path in [base, f"{base}?who=nobody", f"{base}?date_after=x", *(f"{base}{n}/" for n in numbers)]:
        page = window.visit(path)
        assert (path, axe_violations_in_light_and_dark(page), overflows(page)) == (path, [], False)
    page = window.visit(f"{base}{change_set.pk}/")
    make_stale = Expense.objects.filter(amount=9)
    make_stale.update(amount=12)
    page.get_by_role("button", name="Undo the other row").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is left here that could be undone.")
    assert (axe_violations_in_light_and_dark(page), overflows(page)) == ([], False)


@pytest.fixture
def bob_of(ledger):
    return share(ledger, make_user("bob"), "viewer")


def test_a_day_is_saved_and_taken_back_with_the_keyboard_alone(window_of, alice, ledger):
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/expenses/2024-08-01/")
    page.get_by_label("Amount 1").press_sequentially("12.50")
    page.keyboard.press("Tab")
    page.keyboard.type("Food")
    page.keyboard.press("Control+Enter")
    undo = page.get_by_role("link", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Undo this change").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Undone: 1 row is as it was.")
    assert not Expense.objects.exists()
    page.get_by_role("status").get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Do it again").click()
    expect(page.get_by_role("status")).to_contain_text("Done again: 1 row.")
    assert list(Expense.objects.values_list("amount", "version")) == [(12.5, 2)]
