"""A form pressed twice in a real browser is carried out once, and the page offers to undo what it saved."""

import pytest
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import axe_violations
from expense_tracker.tests.browser.test_pages import LOOKS, overflows
from expenses.models import Category
from history.models import ChangeSet

pytestmark = pytest.mark.browser


@pytest.fixture
def page(window_of, alice, ledger):
    """The categories, in a browser whose every form arrives twice: the first answer is lost."""
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/categories/")
    page.route("**/categories/**", sent_twice)
    return page


def sent_twice(route):
    if route.request.method == "POST":
        route.fetch(max_redirects=0)
    route.continue_()


@pytest.mark.catalogue(42)
def test_a_double_click_on_add_adds_one_category_and_reports_no_error(page, ledger):
    page.get_by_role("textbox", name="Name", exact=True).fill("Pets")
    page.get_by_role("button", name="Add", exact=True).dblclick()
    expect(page.get_by_role("status")).to_contain_text("Saved already.")
    expect(page.get_by_label("Name of Pets")).to_have_count(1)
    assert Category.objects.filter(ledger=ledger, name="Pets").count() == 1


@pytest.mark.catalogue(42)
def test_a_double_click_on_move_moves_by_one_place(page, ledger):
    page.get_by_role("button", name="Move down: Rent").dblclick()
    expect(page.get_by_role("status")).to_contain_text("Saved already.")
    names = Category.objects.in_ledger(ledger).values_list("name", flat=True)
    assert list(names) == ["Food", "Rent", "Shopping", "Entertainment", "Other"]


@LOOKS
def test_undo_is_offered_beside_the_sentence_after_each_kind_of_save(
    window_of, alice, ledger, scheme, viewport
):
    window = window_of(alice, color_scheme=scheme, viewport=viewport)
    page = window.visit(f"/ledgers/{ledger.pk}/expenses/2024-08-01/")
    page.get_by_label("Amount 1").fill("12.50")
    page.get_by_label("Category 1").select_option("Food")
    page.get_by_role("button", name="Save the day").click()
    check_offer(page, ledger, "Saved: 1 added.")
    page = window.visit(f"/ledgers/{ledger.pk}/categories/")
    page.get_by_label("More about Rent").click()
    page.get_by_role("button", name="Archive").locator("visible=true").click()
    check_offer(page, ledger, "Category “Rent” archived.")


def check_offer(page, ledger, sentence):
    """The sentence and the link stand in one line of the status region."""
    line = page.get_by_role("status").locator("p")
    expect(line).to_have_text(f"{sentence} Undo")
    link = line.get_by_role("link", name="Undo")
    latest = ChangeSet.objects.in_ledger(ledger).latest("pk")
    expect(link).to_have_attribute("href", f"/ledgers/{ledger.pk}/history/{latest.pk}/")
    assert line.bounding_box()["height"] < 2 * link.bounding_box()["height"]
    assert (axe_violations(page), overflows(page)) == ([], False)
