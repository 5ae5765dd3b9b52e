"""Writing in the day's grid is quick: sums, categories and payees by a few letters, undo, copies, moves, receipts."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

import ledgers
from expense_tracker.tests.browser.conftest import axe_violations, axe_violations_in_light_and_dark
from expense_tracker.tests.browser.test_day import day_url, paste, saved, type_row
from expense_tracker.tests.browser.test_pages import overflows
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense

pytestmark = pytest.mark.browser

SUMS = Path(ledgers.__file__).parent / "tests" / "sums.json"
RECKON = """
async (cases) => {
  const { reader } = await import("/static/js/money.mjs");
  const { Refused } = await import("/static/js/grid/arithmetic.mjs");
  const marks = { en: [".", ","], de: [",", "."] };
  return cases.map(({ language, decimals, text }) => {
    const [decimal, group] = marks[language];
    const money = reader({ decimal, group, digits: decimals, locale: language });
    try {
      return `${money.read(text)}`;
    } catch (error) {
      if (error instanceof Refused) return error.code;
      throw error;
    }
  });
}
"""


@pytest.fixture
def history(ledger):
    """What completions are learned from: the day before, and a week before."""
    Category.objects.filter(ledger=ledger, name="Food").update(aliases=["groceries"])
    make_expense(ledger, "12.50", "Food", "2024-07-31", payee="Bakery", notes="bread", tags=["work"])
    make_expense(ledger, "1200", "Rent", "2024-07-25", payee="Landlord", spread_months=3)


def open_day(window_of, alice, ledger, **options):
    """The day, with what it completes from."""
    window = window_of(alice, **options)
    page = window.context.new_page()
    page.on("pageerror", lambda error: window.troubles.append(str(error)))
    with page.expect_response("**/completions/"):
        page.goto(window.server.url + day_url(ledger))
    return page


def cells(page, number: int) -> list[str]:
    row = page.locator("[data-row]").nth(number - 1)
    texts = [row.get_by_placeholder(name).input_value() for name in ("Amount", "Paid to", "Notes")]
    return [texts[0], row.locator("select option:checked").inner_text(), *texts[1:]]


def suggested(page):
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def press(page, *keys: str):
    for key in keys:
        page.keyboard.press(key)


def test_sums_are_the_same_in_the_browser_as_on_the_server(window_of, alice, ledger):
    cases = json.loads(SUMS.read_text())
    page = window_of(alice).open("/accounts/preferences/")
    expected = [case.get("refused") or str(int(Decimal(case["amount"]) * 1000)) for case in cases]
    assert page.evaluate(RECKON, cases) == expected


def test_a_row_is_written_with_few_keys(window_of, alice, ledger, history):
    page = open_day(window_of, alice, ledger)
    page.keyboard.type("12.50+3*2")
    expect(page.locator(".sum")).to_have_text("= 18.50")
    expect(page.locator("[data-total]")).to_have_text("18.50")
    press(page, "Tab", "o")
    expect(suggested(page)).to_have_text(["Other"])
    press(page, "Escape")
    assert cells(page, 1)[1] == ""
    press(page, *"groc", "Tab", "b")
    expect(suggested(page)).to_have_text(["Bakery Food · 12.50"])
    assert cells(page, 1) == ["12.50+3*2", "Food", "Bakery", ""]
    press(page, "Tab", *"rye #w", "Enter")
    press(page, "Tab", "Tab", *"land", "Tab")
    assert cells(page, 2) == ["1200.00", "Rent", "Landlord", ""]
    press(page, "Shift+Tab", *"Lane", "Tab")
    assert cells(page, 2) == ["1200.00", "Rent", "Lane", ""]
    press(page, "Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 2 added.")
    expect(page.get_by_label("Amount 3")).to_be_focused()
    day = Expense.objects.filter(date="2024-08-01").order_by("id")
    assert list(day.values_list("amount", "category__name", "payee", "notes", "tags")) == [
        (Decimal("18.5"), "Food", "Bakery", "rye", ["work"]),
        (Decimal(1200), "Rent", "Lane", "", []),
    ]


def test_what_cannot_be_reckoned_is_told_when_the_cell_is_left(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    amount = page.get_by_label("Amount 1")
    page.keyboard.type("1/0")
    expect(amount).not_to_have_attribute("aria-invalid", "true")
    press(page, "Tab")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_have_accessible_description("Nothing can be divided by zero.")
    page.keyboard.type("zz")
    expect(suggested(page)).to_have_text("No category begins with “zz”.")
    assert (axe_violations(page), overflows(page)) == ([], False)
    amount.fill("1/4")
    expect(amount).to_have_accessible_description("= 0.25")
    assert amount.get_attribute("aria-invalid") is None


def test_rows_are_repeated_restored_and_undone(window_of, alice, ledger):
    make_expense(ledger, "7", notes="kept")
    page = window_of(alice).open(day_url(ledger))
    press(page, "Control+d")
    assert cells(page, 2) == cells(page, 1) == ["7.00", "Food", "", "kept"]
    page.get_by_label("Notes 2").fill("else")
    press(page, "Escape")
    assert cells(page, 2)[3] == "kept"
    page.get_by_label("Amount 2").fill("8")
    press(page, "Control+Delete")
    expect(page.locator("[data-total]")).to_have_text("7.00")
    for total in ("15.00", "14.00", "7.00"):
        press(page, "Control+z")
        expect(page.locator("[data-total]")).to_have_text(total)
    expect(page.get_by_role("button", name="Undo the last change")).to_be_hidden()
    expect(page.get_by_label("Amount 2")).to_be_focused()
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys of the grid")).to_be_visible()
    assert axe_violations(page) == []
    press(page, "Escape")
    expect(page.get_by_label("Amount 2")).to_be_focused()


def test_another_day_is_copied_and_undone_in_one_go(window_of, alice, ledger, history):
    page = window_of(alice).open(day_url(ledger))
    page.get_by_role("link", name="Copy the day before").click()
    expect(page.get_by_label("Amount 1")).to_be_focused()
    assert cells(page, 1) == ["12.50", "Food", "Bakery", "bread #work"]
    page.get_by_role("link", name="Copy Thursday of last week").click()
    expect(page.locator("[data-told]")).to_have_text("Put in from 2024-07-25: 1 rows, not saved yet.")
    assert cells(page, 2) == ["1200.00", "Rent", "Landlord", ""]
    expect(page.get_by_label("Spread over months 2")).to_have_value("3")
    press(page, "Control+z")
    expect(page.locator("[data-total]")).to_have_text("12.50")
    assert Expense.objects.filter(date="2024-08-01").count() == 0


def test_a_day_is_copied_without_javascript(window_of, alice, ledger, history):
    window = window_of(alice, java_script_enabled=False)
    window.scripted = False
    page = window.open(day_url(ledger))
    page.get_by_role("link", name="Copy the day before").click()
    page.get_by_role("button", name="Save the day").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added.")
    assert saved()[-1] == (Decimal("12.5"), "Food", "Bakery", "bread")


def test_a_pasted_block_says_where_its_rows_go(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    block = "2024-08-01\t1\tFood\n8/3/2024\t2\tFood\n\t3\tPets\nsoon\t4\tFood"
    paste(page.get_by_label("Amount 1", exact=True), block)
    moves = [page.get_by_label(f"Move to another day {n}").input_value() for n in range(1, 5)]
    assert moves == ["", "2024-08-03", "", ""]
    assert [cells(page, n)[3] for n in range(1, 5)] == ["", "", "Pets", "soon"]
    expect(page.locator("[data-told]")).to_have_text(
        "Rows that go to another day: 1. Not understood, and kept in the notes: “Pets”, “soon”."
    )
    expect(page.locator("[data-total]")).to_have_text("8.00")


def test_a_row_is_dragged_to_another_day(window_of, alice, ledger):
    make_expense(ledger, "7")
    page = window_of(alice).open(day_url(ledger))
    page.locator("[data-row]").first.hover()
    page.locator("[data-handle]").first.drag_to(page.locator("[data-day='2024-08-03']"))
    expect(page.get_by_label("Move to another day 1")).to_be_focused()
    expect(page.locator(".goes .cell-amount")).to_have_attribute(
        "data-goes", "moves to Saturday, Aug. 3, 2024"
    )
    press(page, "Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 changed.")
    assert str(Expense.objects.get().date) == "2024-08-03"


@pytest.mark.parametrize(
    "options",
    [{}, {"viewport": {"width": 320, "height": 640}}],
    ids=["desktop", "narrow"],  # or a phone, or 200 % zoom of half a screen
)
def test_one_payment_is_split_over_categories(window_of, alice, ledger, options):
    page = window_of(alice, **options).open(day_url(ledger))
    type_row(page, "40", "Food", "Market")
    press(page, "Control+Shift+S")
    expect(page.get_by_label("Amount 1", exact=True)).to_be_focused()
    page.keyboard.type("27.50")
    expect(page.locator(".left")).to_have_text("12.50 of 40.00 left")
    page.get_by_label("More of row 2").click()
    assert (axe_violations_in_light_and_dark(page), overflows(page)) == ([], False)
    page.get_by_label("Amount 2", exact=True).click()
    expect(page.locator(".left")).to_have_count(0)
    press(page, "Tab", "s", "Tab")
    page.keyboard.type("Bazaar")
    press(page, "Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 2 added.")
    assert saved() == [
        (Decimal("27.5"), "Food", "Bazaar", ""),
        (Decimal("12.5"), "Shopping", "Bazaar", ""),
    ]
    assert len({expense.receipt for expense in Expense.objects.all()} - {None}) == 1
    page.get_by_label("More of row 1").click()
    page.get_by_role("button", name="Remove the whole receipt").click()
    press(page, "Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 2 deleted.")
