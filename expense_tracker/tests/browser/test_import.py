"""A person's path from a file to the ledger and back, with drag and drop and the keyboard."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import DESKTOP, PHONE, axe_violations
from expense_tracker.tests.browser.test_pages import overflows
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from statements.models import StatementLine
from statements.tests.files import booked, csv, staged
from statements.tests.imports import stage

pytestmark = pytest.mark.browser

AMBIGUOUS = "Date;Payee;Debit\n01/02/2024;Coffee;2.50\n02/03/2024;Bread;4.00\n03/03/2024;Cinema;12.00\n"
DROP = """([name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name, { type: "text/csv" }));
  for (const kind of ["dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  }
}"""


def added(ledger):
    found = Expense.objects.in_ledger(ledger).order_by("date")
    return list(found.values_list("payee", "category__name", "amount"))


def test_a_file_is_dropped_asked_about_corrected_added_undone_and_added_again(window_of, alice, ledger):

    page = window_of(alice).open(f"/ledgers/{ledger.pk}/statements/")
    page.evaluate(DROP, ["march.csv", AMBIGUOUS])
    page.get_by_text("In which order are they written?").wait_for()
    page.get_by_label("day, month, year").check()
    page.get_by_role("button", name="Read it like that").click()
    expect(page.locator(".sum")).to_contain_text("3 expenses €18.50")

    page.locator(".lines select").first.focus()
    for key in ("f", "ArrowDown", "f", "ArrowDown", "e"):
        page.keyboard.press(key)
    expect(page.locator(".otherwise select")).to_have_count(0)
    expect(page.get_by_label("Category, line 4")).to_be_focused()
    page.get_by_label("Paid to, line 4").fill("Pictures")
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Add to the ledger").click()
    expect(page.get_by_role("status").first).to_contain_text("3 expenses added.")
    expected = [
        ("Coffee", "Food", Decimal("2.5")),
        ("Bread", "Food", Decimal(4)),
        ("Pictures", "Entertainment", Decimal(12)),
    ]
    assert added(ledger) == expected
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("This import was undone.")).to_be_visible()
    assert added(ledger) == []
    page.get_by_role("button", name="Add to the ledger").click()
    expect(page.get_by_role("status").first).to_contain_text("3 expenses added.")
    assert added(ledger) == expected


def test_lines_are_selected_with_the_keyboard_and_changed_together(window_of, alice, ledger):
    of_import = stage(ledger, "Bakery", "Bakery", "Cinema", "Bakery")
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/statements/{of_import.pk}/")
    page.get_by_label("Select line 1").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Shift+Space"):
        page.keyboard.press(key)
    page.get_by_label("Category of the selected lines").select_option("Food")
    page.get_by_role("button", name="Set").click()
    expect(page.get_by_role("button", name="also for 1 other of this payee")).to_have_count(2)
    page.get_by_role("button", name="also for 1 other of this payee").first.click()
    expect(page.get_by_role("button", name="also for")).to_have_count(0)
    page.get_by_label("Add line 3").uncheck()
    expect(page.locator(".sum")).to_contain_text("3 expenses €15.00")
    lines = StatementLine.objects.of(of_import).order_by("pk")
    assert [(line.category.name, line.plan) for line in lines] == [
        ("Food", "add"),
        ("Food", "add"),
        ("Food", "skip"),
        ("Food", "add"),
    ]


def test_nothing_to_add_and_one_question_before_discarding(window_of, alice, ledger):
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/statements/{stage(ledger, 'Bakery').pk}/")
    button = page.get_by_role("button", name="Add to the ledger")
    page.get_by_label("Add line 1").uncheck()
    expect(button).to_be_disabled()
    page.get_by_label("Add line 1").check()
    expect(button).to_be_enabled()
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("The import was discarded.")).to_be_visible()
    assert len(questions) == 1


def test_what_cannot_be_saved_stays_as_it_was_typed(window_of, alice, ledger):
    of_import = stage(ledger, "Bakery")
    page = window_of(alice).open(f"/ledgers/{ledger.pk}/statements/{of_import.pk}/")
    page.route("**/statements/**", lambda route: route.abort())
    page.get_by_label("Paid to, line 1").fill("The bakery")
    page.get_by_label("Paid to, line 1").press("Enter")
    expect(page.get_by_text("The server did not answer as it should.")).to_be_visible()
    expect(page.locator(".line.unsaved")).to_have_count(1)
    page.unroute("**/statements/**")
    page.get_by_role("button", name="Add to the ledger").click()
    expect(page.get_by_role("status").first).to_contain_text("1 expense added.")
    assert added(ledger) == [("The bakery", "Other", Decimal(5))]


def every_kind(ledger):
    """An import with a question, a refusal, and lines of all states."""
    of_import = staged(ledger, csv([booked("03-01", "-2.50"), booked("03-02", "9", "Shop")]), b"%PDF-1.7")
    file = of_import.statements.order_by("pk").first()
    typed = make_expense(ledger, "5", payee="the baker")
    base = {
        "ledger": ledger,
        "statement": file,
        "kind": "booked",
        "date": "2024-08-01",
        "amount": Decimal(-5),
    }
    reason = {"template": "“%(what)s” is no date", "values": {"what": "31 February"}}
    for number, more in enumerate(
        [
            {"state": "likely", "plan": "open", "twin": typed, "payee": "Bakery"},
            {"state": "known", "plan": "skip", "payee": "Cinema"},
            {"state": "pending", "plan": "skip", "payee": "Hotel"},
            {"state": "rejected", "plan": "skip", "reason": reason, "source": "31.2.;5"},
            {"state": "new", "plan": "add", "file_category": "Groceries", "suggested_by": "file"},
            {
                "state": "new",
                "plan": "add",
                "payee": "Baker",
                "suggested_by": "hand",
                "category": Category.objects.get(ledger=ledger, name="Food"),
            },
        ],
        start=10,
    ):
        StatementLine.objects.create(number=number, **base | more)
    return of_import


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESKTOP), ("dark", PHONE)])
def test_no_page_of_an_import_has_a_violation(window_of, alice, ledger, scheme, viewport):
    base, of_import = f"/ledgers/{ledger.pk}/statements/", every_kind(ledger)
    asking, done = staged(ledger, AMBIGUOUS.encode()), stage(ledger, "Bakery", amount=Decimal(-7))
    window = window_of(alice, color_scheme=scheme, viewport=viewport)
    states = [f"{base}{of_import.pk}/?state={state}" for state in StatementLine.State.values]
    for path in [base, f"{base}{asking.pk}/", *states]:
        page = window.visit(path)
        assert (path, axe_violations(page), overflows(page)) == (path, [], False)
    page = window.visit(f"{base}{done.pk}/")
    page.get_by_role("button", name="Add to the ledger").click()
    page.get_by_role("button", name="Undo the import").wait_for()
    assert (axe_violations(page), overflows(page)) == ([], False)
