"""From the first visit to the figures, as one person."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import DESKTOP, PHONE, axe_violations
from expenses.models import Category, Expense
from expenses.tests.factories import PASSWORD, make_expense, make_ledger, make_user
from users.models import User

pytestmark = pytest.mark.browser


def test_the_first_visitor_makes_an_account_and_writes_a_day(window_of, settings):
    settings.SIGNUP = "first"
    page = window_of(timezone_id="Asia/Tokyo").open("/")
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Email").fill("alice@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_label("Name of your first ledger").fill("Our flat")
    page.get_by_label("Currency").select_option("JPY")
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("link", name="Write a whole day").click()
    page.get_by_label("Amount 1").fill("1,200")
    page.get_by_label("Category 1").select_option("Rent")
    page.get_by_role("button", name="Save the day").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added.")
    expect(page.locator(".month-to-date")).to_contain_text("¥1,200")
    assert User.objects.get().time_zone == "Asia/Tokyo"
    assert Expense.objects.get().amount == Decimal(1200)


def test_the_list_is_filtered_as_one_types_and_the_address_keeps_the_filter(window_of):
    alice = make_user("alice")
    ledger = make_ledger(alice)
    make_expense(ledger, "10", notes="bread")
    make_expense(ledger, "20", notes="milk")
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/expenses/")
    page.get_by_label("Paid to or notes contain").press_sequentially("milk")
    expect(page.locator(".totals")).to_contain_text("€20.00")
    expect(page).to_have_url(re.compile("text=milk"))
    page.reload()
    expect(page.locator(".totals")).to_contain_text("€20.00")
    expect(page.locator("table.list tbody tr:not(.day)")).to_have_count(1)


def test_a_figure_of_the_analytics_opens_the_rows_that_make_it(window_of):
    alice = make_user("alice")
    ledger = make_ledger(alice)
    make_expense(ledger, "10", "Food")
    make_expense(ledger, "20.25", "Food", day="2024-08-31")
    make_expense(ledger, "500", "Rent")
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/analytics/?start_date=2024-08-01&end_date=2024-08-31")
    expect(page.locator("[data-chart] svg")).to_have_count(1)
    page.get_by_role("row", name="Food").get_by_role("link", name="30.25").click()
    expect(page.locator(".totals")).to_contain_text("€30.25")
    expect(page.locator("table.list tbody tr:not(.day)")).to_have_count(2)


@pytest.fixture
def two_months(transactional_db):
    """Alice and a ledger in which Food of March is one of four figures of two months."""
    alice = make_user("alice")
    ledger = make_ledger(alice)
    for amount, category, day in [
        ("700", "Rent", "2024-03-01"),
        ("300.50", "Food", "2024-03-02"),
        ("80", "Food", "2024-04-02"),
        ("710", "Rent", "2024-04-01"),
    ]:
        make_expense(ledger, amount, category, day)
    return alice, ledger


MARCH_AND_APRIL = "start=2024-03-01&end=2024-04-30&view=table"


def test_a_segment_of_the_months_opens_the_rows_of_one_category(window_of, two_months):
    alice, ledger = two_months
    page = window_of(alice, reduced_motion="reduce").open(
        f"/ledgers/{ledger.pk}/analytics/?{MARCH_AND_APRIL}"
    )
    colour = Category.objects.get(ledger=ledger, name="Food").colour
    march = page.locator(f"[data-chart=stacked] svg path[fill='{colour}' i]").first
    march.scroll_into_view_if_needed()
    box = march.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".totals")).to_contain_text("€300.50")
    expect(page.locator("table.list tbody tr:not(.day)")).to_have_count(1)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_table_has_every_figure(window_of, two_months, viewport):
    alice, ledger = two_months
    page = window_of(alice, viewport=viewport).open(f"/ledgers/{ledger.pk}/analytics/?{MARCH_AND_APRIL}")
    table = page.get_by_role("table", name="Category × Month")
    assert [row.inner_text().split() for row in table.get_by_role("row").all()] == [
        ["Category", "Mar", "2024", "Apr", "2024", "Total", "EUR"],
        ["Rent", "leave", "out", "700.00", "710.00", "1,410.00"],
        ["Food", "leave", "out", "300.50", "80.00", "380.50"],
        ["Total", "1,000.50", "790.00", "1,790.50"],
    ]
    table.get_by_role("link", name="80.00", exact=True).click()
    expect(page.locator(".totals")).to_contain_text("€80.00")
    expect(page.locator("table.list tbody tr:not(.day)")).to_have_count(1)


def test_a_wide_table_scrolls_inside_its_card(window_of):
    alice = make_user("alice")
    ledger = make_ledger(alice)
    for name in list(Category.objects.in_ledger(ledger).values_list("name", flat=True)):
        make_expense(ledger, "1234567.89", name)
    page = window_of(alice, viewport=PHONE).open(
        f"/ledgers/{ledger.pk}/analytics/?range=all&view=table&columns=day"
    )
    scroller = page.get_by_role("region", name="Category × Day")
    scroller.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("element => element.scrollLeft > 0", arg=scroller.element_handle())
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_ledger_switcher_keeps_the_page(window_of):
    alice = make_user("alice")
    household, firm = make_ledger(alice, "Household"), make_ledger(alice, "Firm")
    page = window_of(alice).open(f"/ledgers/{household.pk}/expenses/2024-08-01/")
    page.locator(".ledger-menu summary").click()
    page.get_by_role("link", name="Firm").click()
    expect(page).to_have_url(f"{page.url.split('/ledgers')[0]}/ledgers/{firm.pk}/expenses/2024-08-01/")


def test_the_browsable_api_changes_a_day(window_of):
    alice = make_user("alice")
    ledger = make_ledger(alice)
    expense = make_expense(ledger, "10")
    page = window_of(alice).open(f"/api/v1/ledgers/{ledger.pk}/expenses/{expense.pk}/")
    page.get_by_label("PATCH").fill('{"amount": "12.30", "version": 1}')
    page.get_by_role("button", name="PATCH").click()
    expect(page.get_by_label("Answer")).to_contain_text('"amount": "12.30"')
    expense.refresh_from_db()
    assert expense.amount == Decimal("12.3")


def test_the_browsable_api_deletes_what_it_shows_and_nothing_else(window_of):
    alice = make_user("alice")
    ledger = make_ledger(alice)
    expense = make_expense(ledger, "10")
    page = window_of(alice).open(f"/api/v1/ledgers/{ledger.pk}/expenses/{expense.pk}/")
    Expense.objects.update(notes="changed since")
    page.get_by_role("button", name="DELETE").click()
    expect(page.get_by_label("Answer")).to_contain_text("HTTP 412")
    expect(page.get_by_label("Answer")).to_contain_text("changed since")
    assert axe_violations(page) == []
    page.get_by_role("button", name="DELETE").click()
    expect(page.get_by_label("Answer")).to_contain_text("HTTP 204")
    assert not Expense.objects.exists()
