"""The day editor as people use it: keyboard, paste, two windows, no JavaScript."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import PHONE, axe_violations
from expenses.models import Expense
from expenses.tests.factories import make_expense

pytestmark = pytest.mark.browser


def day_url(ledger) -> str:
    return f"/ledgers/{ledger.pk}/expenses/2024-08-01/"


def saved() -> list[tuple]:
    return list(Expense.objects.order_by("id").values_list("amount", "category__name", "payee", "notes"))


def full(html: str) -> str:
    """The page of a day that holds seven rows at most."""
    return re.sub(r'(-MAX_NUM_FORMS" value=)"\d+"', r'\1"7"', html)


def type_row(page, *cells):
    """Type into the focused row, cell after cell."""
    for number, text in enumerate(cells):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)


def test_a_day_is_written_with_the_keyboard_alone(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    type_row(page, "12.50", "Food", "Bakery", "Bread")
    page.keyboard.press("Enter")
    type_row(page, "1,200", "Rent")
    expect(page.locator("[data-total]")).to_have_text("1,212.50")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 2 added.")
    assert saved() == [(Decimal("12.5"), "Food", "Bakery", "Bread"), (Decimal(1200), "Rent", "", "")]


def test_a_row_is_spread_over_months_with_the_keyboard_alone(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    type_row(page, "600", "Other", "Allsafe", "Liability", "")
    expect(page.get_by_label("More of row 1")).to_be_focused()
    page.keyboard.press("Enter")
    months = page.get_by_label("Spread over months 1")
    expect(months).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Amount 2")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added.")
    assert list(Expense.objects.values_list("amount", "spread_months")) == [(600, 12)]
    expect(months).to_have_value("12")
    expect(months).to_be_visible()
    expect(page.get_by_label("Spread over months 2")).to_be_hidden()


def test_the_total_of_the_day_follows_the_typing_exactly(window_of, alice, ledger):
    make_expense(ledger, "0.10")
    make_expense(ledger, "0.20")
    page = window_of(alice).open(day_url(ledger))
    expect(page.locator("[data-total]")).to_have_text("0.30")
    page.get_by_label("Amount 3").fill("-1,000,000,000.31")
    expect(page.locator("[data-total]")).to_have_text("-1,000,000,000.01")


def test_there_is_always_one_blank_row_more(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    assert page.locator("[data-row]").count() == 5
    for number in range(1, 7):
        page.get_by_label(f"Amount {number}", exact=True).fill("1")
    assert page.locator("[data-row]").count() == 7


def test_a_row_set_to_zero_is_marked_before_it_is_deleted(window_of, alice, ledger):
    make_expense(ledger, "10", notes="keep")
    make_expense(ledger, "20", notes="drop")
    page = window_of(alice).open(day_url(ledger))
    page.get_by_label("Amount 2").fill("0")
    expect(page.locator("[data-row]").nth(1)).to_have_class("doomed changed")
    expect(page.locator("[data-total]")).to_have_text("10.00")
    page.get_by_role("button", name="Save the day").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 deleted.")
    assert saved() == [(Decimal(10), "Food", "", "keep")]


def paste(cell, text):
    cell.evaluate(
        """(cell, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_a_block_of_a_spreadsheet_is_pasted(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    paste(page.get_by_label("Amount 1"), "\n".join(f"{n}.5\tFood\tShop {n}\tNote {n}" for n in range(1, 8)))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: 7 added.")
    assert saved() == [(Decimal(f"{n}.5"), "Food", f"Shop {n}", f"Note {n}") for n in range(1, 8)]


def test_a_pasted_word_that_is_no_category_goes_to_the_notes(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    block = "1\tGroceries\tShop\tmilk\n2\tfood\n3\tPets\n4\t\tShop"
    paste(page.get_by_label("Amount 1", exact=True), block)
    rows = page.locator("[data-row]")
    notes = [rows.nth(n).get_by_placeholder("Notes").input_value() for n in range(4)]
    assert notes == ["milk · Groceries", "", "Pets", ""]
    chosen = [rows.nth(n).locator("select option:checked").inner_text() for n in range(4)]
    assert chosen == ["", "Food", "", ""]
    marked = page.locator("select[aria-invalid=true]")
    expect(marked).to_have_count(2)
    marked.first.select_option("Food")
    expect(marked).to_have_count(1)


def test_a_full_day_takes_no_more_rows_and_says_so(window_of, alice, ledger):
    window = window_of(alice)
    window.context.route(
        f"**{day_url(ledger)}",
        lambda route: route.fulfill(response=(answer := route.fetch()), body=full(answer.text())),
    )
    page = window.open(day_url(ledger))
    paste(page.get_by_label("Amount 5"), "5\tFood\n6\tFood\n7\tFood\n8\tFood")
    expect(page.locator("[data-row]")).to_have_count(7)
    expect(page.locator("[name$=-TOTAL_FORMS]")).to_have_value("7")
    expect(page.get_by_role("alert")).to_contain_text("The day is full")
    page.get_by_label("Notes 7").press("Enter")
    page.get_by_label("Amount 7").press("ArrowDown")
    expect(page.locator("[data-row]")).to_have_count(7)
    paste(page.get_by_label("Amount 6"), "6\tFood\n7\tFood")
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.fixture
def asked():
    """What the browser asked its person; ``asked.watch(page)`` answers that they stay."""
    return Asked()


class Asked(list):
    def watch(self, page):
        page.on("dialog", self._stay)

    def _stay(self, dialog):
        self.append(dialog.type)
        dialog.dismiss()


@pytest.mark.parametrize("way", ["link", "date", "closing"])
def test_leaving_with_something_unsaved_asks(window_of, alice, ledger, asked, way):
    make_expense(ledger, "10")
    page = window_of(alice).open(day_url(ledger))
    asked.watch(page)
    page.get_by_label("Notes 1").press_sequentially("with care")
    leave(page, way)
    page.wait_for_function("document.querySelector('[name=date]').value === '2024-08-01'")
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Notes 1")).to_have_value("with care")
    page.get_by_role("button", name="Save the day").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 changed.")
    assert asked == ["beforeunload"]


def leave(page, way):
    if way == "link":
        page.get_by_role("link", name="Categories").click()
    elif way == "date":
        page.get_by_label("Date").fill("2024-03-05")
    else:
        page.close(run_before_unload=True)


def test_a_row_ticked_for_removal_is_unsaved_too(window_of, alice, ledger, asked):
    make_expense(ledger, "10")
    page = window_of(alice).open(day_url(ledger))
    asked.watch(page)
    page.get_by_label("Remove row 1").check(force=True)
    leave(page, "link")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Aug. 1, 2024")
    assert asked == ["beforeunload"]


def test_leaving_with_nothing_unsaved_does_not_ask(window_of, alice, ledger, asked):
    make_expense(ledger, "10", notes="lunch")
    page = window_of(alice).open(day_url(ledger))
    asked.watch(page)
    page.get_by_label("Notes 1").fill("dinner")
    page.get_by_label("Notes 1").fill("lunch")
    page.get_by_label("Amount 2").fill("5")
    page.get_by_label("Amount 2").fill("")
    page.get_by_label("Amount 3").fill("7")
    page.get_by_label("Remove row 3").check(force=True)
    leave(page, "link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Categories")
    assert asked == []


def test_more_rows_does_not_ask(window_of, alice, ledger, asked):
    page = window_of(alice).open(day_url(ledger))
    asked.watch(page)
    page.get_by_label("Amount 1").fill("5")
    page.locator("[name=more]").evaluate("button => button.form.requestSubmit(button)")
    expect(page.locator("[data-row]")).to_have_count(10)
    assert asked == []


def test_two_clicks_on_save_write_once(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    page.get_by_label("Amount 1").fill("5")
    page.get_by_label("Category 1").select_option("Food")
    page.get_by_role("button", name="Save the day").dblclick()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    assert saved() == [(Decimal(5), "Food", "", "")]


def test_the_back_button_and_saving_again_adds_only_what_is_new(window_of, alice, ledger):
    window = window_of(
        alice, java_script_enabled=False
    )  # with it, the page that was saved is not gone back to
    window.scripted = False
    page = window.open(day_url(ledger))
    page.get_by_label("Amount 1").fill("3.50")
    page.get_by_label("Category 1").select_option("Food")
    page.get_by_role("button", name="Save the day").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added.")
    page.go_back()
    page.get_by_label("Amount 1").fill("3.50")
    page.get_by_label("Category 1").select_option("Food")
    page.get_by_label("Amount 2").fill("8")
    page.get_by_label("Category 2").select_option("Other")
    page.get_by_role("button", name="Save the day").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: 1 added.")
    assert [(amount, name) for amount, name, *_ in saved()] == [
        (Decimal("3.5"), "Food"),
        (Decimal(8), "Other"),
    ]


def test_two_windows_on_one_day_lose_nothing(window_of, alice, ledger):
    make_expense(ledger, "10", notes="lunch")
    first, second = (window_of(alice).open(day_url(ledger)) for _ in range(2))
    first.get_by_label("Amount 1").fill("11")
    first.get_by_role("button", name="Save the day").click()
    expect(first.get_by_role("status")).to_contain_text("Saved: 1 changed.")
    second.get_by_label("Amount 1").fill("12")
    second.get_by_label("Amount 2").fill("99")
    second.get_by_label("Category 2").select_option("Other")
    second.get_by_role("button", name="Save the day").click()
    expect(second.get_by_role("alert")).to_contain_text("Somebody changed this day meanwhile")
    expect(second.get_by_label("Amount 1")).to_have_value("12")
    expect(second.locator(".theirs").first).to_have_text("11.00")
    expect(second.get_by_label("Amount 2")).to_have_value("99")
    assert axe_violations(second) == []
    assert [amount for amount, *_ in saved()] == [Decimal(11)]
    second.get_by_label("Take theirs").check()
    second.get_by_role("button", name="Save the day").click()
    expect(second.get_by_role("status")).to_contain_text("Saved: 1 added.")
    assert [amount for amount, *_ in saved()] == [Decimal(11), Decimal(99)]


def test_an_error_stands_at_its_cell_and_has_the_focus(window_of, alice, ledger):
    page = window_of(alice, viewport=PHONE).open(day_url(ledger))
    page.get_by_label("Amount 1").fill("1e3")
    page.get_by_label("Category 1").select_option("Food")
    page.get_by_label("Notes 1").fill("typed with care")
    page.get_by_role("button", name="Save the day").click()
    cell = page.get_by_label("Amount 1")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(cell).to_be_focused()
    expect(cell).to_have_accessible_description("Write an amount such as 1,234.50.")
    expect(cell).to_have_value("1e3")
    expect(page.get_by_label("Notes 1")).to_have_value("typed with care")
    assert axe_violations(page) == []
    assert saved() == []


def test_a_german_writes_and_reads_german_figures(window_of, alice, ledger):
    alice.language = "de"
    alice.save()
    page = window_of(alice).open(day_url(ledger))
    page.locator("[name=row-0-amount]").fill("1.234,50")
    page.locator("[name=row-0-category]").select_option("Food")
    expect(page.locator("[data-total]")).to_have_text("1.234,50")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[name=row-0-amount]")).to_have_value("1234,50")
    assert [amount for amount, *_ in saved()] == [Decimal("1234.5")]


def test_picking_a_date_opens_that_day(window_of, alice, ledger):
    make_expense(ledger, "7", day="2024-03-05", notes="on another day")
    page = window_of(alice).open(day_url(ledger))
    page.get_by_label("Date").fill("2024-03-05")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday, March 5, 2024")
    expect(page.get_by_label("Notes 1")).to_have_value("on another day")


def test_a_date_being_typed_does_not_lead_away_before_it_is_whole(window_of, alice, ledger):
    page = window_of(alice).open(day_url(ledger))
    page.get_by_label("Date").focus()
    page.keyboard.type("12")
    expect(page.get_by_label("Date")).to_be_focused()
    page.keyboard.type("252023")
    expect(page.get_by_label("Date")).to_have_value("2023-12-25")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Monday, Dec. 25, 2023")


def test_everything_works_without_javascript(window_of, alice, ledger):
    make_expense(ledger, "10", notes="drop")
    window = window_of(alice, java_script_enabled=False)
    window.scripted = False
    page = window.open(day_url(ledger))
    page.get_by_label("Remove row 1").check(force=True)
    page.get_by_label("Amount 5").fill("5")
    page.get_by_label("Category 5").select_option("Food")
    page.get_by_role("button", name="More rows").click()
    expect(page.locator("[data-row]")).to_have_count(10)
    page.get_by_label("Amount 10").fill("6")
    page.get_by_label("Category 10").select_option("Other")
    page.get_by_role("button", name="Save the day").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: 2 added, 1 deleted.")
    assert [(amount, name) for amount, name, *_ in saved()] == [(Decimal(5), "Food"), (Decimal(6), "Other")]
