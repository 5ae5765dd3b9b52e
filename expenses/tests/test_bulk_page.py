"""Changing many expenses of the list at once: a page with the figures, then one statement over exactly those rows."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import Page, in_production
from history.models import ChangeSet

pytestmark = pytest.mark.django_db
DAY = "2024-08-01"


def send(browser, ledger, rows, query="", **said):
    """What the list sends: these rows ticked, or ``"all"`` that match."""
    which = {"all": "on"} if rows == "all" else {"expense": [row.pk for row in rows]}
    url = reverse("bulk_edit", args=[ledger.pk]) + query
    return browser.post(url, {"do": "change", **which, **said})


def confirm(browser, page, **typed):
    """Press the button of the page."""
    form = Page(page).form("bulk-preview")
    ticked = [f.decode() for f in _values(page, b'name="expense" value="')]
    return browser.post(
        form.attributes["action"], form.data | ({"expense": ticked} if ticked else {}) | typed
    )


def _values(page, begin):
    return [part.split(b'"')[0] for part in page.content.split(begin)[1:]]


def state():
    return list(
        Expense.objects.order_by("pk").values("pk", "date", "category__name", "payee", "tags", "amount")
    )


def category_of(ledger, name):
    return Category.objects.get(ledger=ledger, name=name)


@pytest.fixture
def three(ledger):
    """Three expenses of 10, two of them tagged."""
    return [
        make_expense(ledger, payee=payee, tags=tags, notes=payee)
        for payee, tags in [("Baker", ["b"]), ("Baker", []), ("Cinema", ["a", "b"])]
    ]


@pytest.mark.parametrize(
    ("said", "column", "expected"),
    [
        ({"category": "Rent"}, "category__name", ["Rent", "Rent"]),
        ({"payee": "Bakery"}, "payee", ["Bakery", "Bakery"]),
        ({"add_tags": "#Work, zz a"}, "tags", [["a", "b", "work", "zz"], ["a", "work", "zz"]]),
        ({"remove_tags": "b"}, "tags", [[], []]),
        ({"remove_tags": "b", "add_tags": "c"}, "tags", [["c"], ["c"]]),
        ({"date": "2024-12-24"}, "date", [date(2024, 12, 24)] * 2),
        ({"shift_days": "-31"}, "date", [date(2024, 7, 1)] * 2),
    ],
)
def test_each_change_is_shown_then_made_in_one_statement_and_can_be_undone(
    browser, ledger, three, said, column, expected
):
    if "category" in said:
        said = {"category": category_of(ledger, said["category"]).pk}
    before = state()
    page = send(browser, ledger, three[:2], "?text=baker", **said)
    assert (page.status_code, Page(page).text("figure-line"), state()) == (200, "2 expenses · €20.00", before)
    with CaptureQueriesContext(connection) as queries:
        done = confirm(browser, page)
    assert done["Location"] == reverse("expenses", args=[ledger.pk]) + "?text=baker"
    assert len([q for q in queries if q["sql"].startswith('UPDATE "expenses_expense"')]) == 1
    assert [row[column] for row in state()] == [*expected, before[2][column]]
    listed = browser.get(done["Location"])
    assert Page(listed).said in ("2 expenses were changed.", "1 expense was changed.")
    [undo] = _values(listed, b'<a class="button quiet" href="/ledgers/%d/history/' % ledger.pk)
    browser.post(f"/ledgers/{ledger.pk}/history/{undo.decode()}")
    assert state() == before


def test_several_changes_at_once_are_one_statement_and_rows_that_are_so_already_are_left_alone(
    browser, ledger, three
):
    rent = category_of(ledger, "Rent")
    Expense.objects.filter(pk=three[0].pk).update(category=rent, payee="Landlord")
    said = {"category": rent.pk, "payee": "Landlord"}
    sets = ChangeSet.objects.count()
    assert confirm(browser, send(browser, ledger, three, **said)).status_code == 302
    assert Page(browser.get(reverse("expenses", args=[ledger.pk]))).said == "2 expenses were changed."
    assert list(Expense.objects.order_by("pk").values_list("version", flat=True)) == [2, 2, 2]
    assert ChangeSet.objects.count() == sets + 1


def test_deleting_asks_with_the_figures_and_is_undone_with_the_same_ids(browser, ledger, three):
    before = state()
    page = send(browser, ledger, three[:2], do="delete")
    assert Page(page).text("h1") == "Delete expenses"
    done = confirm(browser, page)
    assert [row["pk"] for row in state()] == [three[2].pk]
    [undo] = _values(
        browser.get(done["Location"]), b'<a class="button quiet" href="/ledgers/%d/history/' % ledger.pk
    )
    browser.post(f"/ledgers/{ledger.pk}/history/{undo.decode()}")
    assert state() == before


@pytest.mark.parametrize("rows", [1, 3, 120])
def test_all_that_match_are_changed_at_a_constant_number_of_statements(browser, ledger, rows):
    food = category_of(ledger, "Food")
    Expense.objects.bulk_create(
        Expense(ledger=ledger, category=food, amount=1, date=DAY, payee="Shop") for _ in range(rows)
    )
    kept = make_expense(ledger, payee="Elsewhere")
    with CaptureQueriesContext(connection) as shown:
        page = send(browser, ledger, "all", "?payee=Shop", payee="Market")
    assert f"{rows} expense" in Page(page).text("figure-line")
    with CaptureQueriesContext(connection) as queries:
        assert confirm(browser, page).status_code == 302
    assert Expense.objects.filter(payee="Market").count() == rows
    kept.refresh_from_db()
    assert (kept.payee, kept.version) == ("Elsewhere", 1)
    assert (len(in_production(shown)), len(in_production(queries))) == (8, 13)


@pytest.mark.parametrize("change", ["joins", "leaves", "is rewritten"])
def test_rows_that_nobody_saw_are_shown_again_and_nothing_is_done(browser, ledger, three, change):
    page = send(browser, ledger, "all", "?payee=Baker", do="delete")
    if change == "joins":
        make_expense(ledger, payee="Baker")
    elif change == "leaves":
        three[0].delete()
    else:
        Expense.objects.filter(pk=three[0].pk).update(notes="other")
    before = state()
    again = confirm(browser, page)
    assert (again.status_code, state()) == (409, before)
    assert "Something here has changed in the meantime" in Page(again).text("box")
    assert confirm(browser, again).status_code == 302
    assert list(Expense.objects.values_list("payee", flat=True)) == ["Cinema"]


def test_another_change_than_the_one_shown_is_shown_first(browser, ledger, three):
    page = send(browser, ledger, three, payee="Seen")
    again = confirm(browser, page, payee="Unseen")
    assert (again.status_code, Expense.objects.filter(payee="Unseen").count()) == (409, 0)
    assert confirm(browser, again).status_code == 302
    assert Expense.objects.filter(payee="Unseen").count() == 3


def test_a_form_that_comes_twice_is_carried_out_once(browser, ledger, three):
    page = send(browser, ledger, three, shift_days="1")
    for _ in range(2):
        assert confirm(browser, page).status_code == 302
    assert {row["date"] for row in state()} == {date(2024, 8, 2)}


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, "Say what is to be changed."),
        ({"date": "1899-12-31"}, "The date must lie between 1900 and 2200."),
        ({"date": "2024-12-24", "shift_days": "1"}, "Give either a date or a number of days."),
        ({"shift_days": "-60000"}, "The date must lie between 1900 and 2200."),
        ({"shift_days": "999999"}, "Ensure this value is less than or equal to 109937."),
        ({"payee": "x" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"add_tags": "a!b"}, "“a!b” cannot be a tag."),
        ({"add_tags": "x y", "remove_tags": "y z"}, "“y” cannot be added and removed."),
        (
            {"add_tags": " ".join(f"t{n}" for n in range(19))},
            "One of these expenses would have more than 20 tags.",
        ),
        ({"category": "archived"}, "This ledger has no such category."),
        ({"category": "foreign"}, "This ledger has no such category."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_what_was_typed_is_kept(
    browser, ledger, three, charlie, said, error
):
    Category.objects.filter(ledger=ledger, name="Rent").update(archived=True)
    known = {"archived": category_of(ledger, "Rent"), "foreign": category_of(make_ledger(charlie), "Food")}
    if "category" in said:
        said = {"category": known[said["category"]].pk}
    before = state()
    page = send(browser, ledger, three, **said, notes="kept")
    assert (page.status_code, Page(page).text("error"), state()) == (422, error, before)
    typed = {name: value for name, value in said.items() if name != "category"}
    assert {name: Page(page).form("bulk-preview").data[name] for name in typed} == typed


@pytest.mark.parametrize(
    ("said", "query", "error"),
    [
        ({}, "", "Tick the expenses that you want to change first."),
        ({"expense": ["x"]}, "", "Tick at most 1000 expenses, or choose all that match."),
        ({"expense": list(range(1001))}, "", "Tick at most 1000 expenses, or choose all that match."),
        ({"expense": [10**9]}, "", "None of these expenses is there any more."),
        ({"all": "on"}, "?basis=spread", "The filter finds no expenses that can be changed together."),
        ({"all": "on"}, "?date_after=x", "The filter finds no expenses that can be changed together."),
    ],
)
def test_a_choice_of_no_expenses_leads_back_to_the_list(browser, ledger, three, said, query, error):
    response = browser.post(reverse("bulk_edit", args=[ledger.pk]) + query, {"do": "delete", **said})
    assert response["Location"] == reverse("expenses", args=[ledger.pk]) + query
    assert Page(browser.get(response["Location"])).said == error
    assert Expense.objects.count() == 3


def test_another_ledgers_expenses_are_not_among_those_ticked(browser, ledger, three, alice):
    foreign = make_expense(make_ledger(alice, "Business"))
    page = send(browser, ledger, [three[0], foreign], do="delete")
    assert Page(page).text("figure-line") == "1 expense · €10.00"
    confirm(browser, page)
    assert Expense.objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize(
    ("parts", "said", "warned"),
    [
        (2, {"do": "delete"}, "2 of these are parts of split payments whose other parts stay as they are."),
        (1, {"shift_days": "1"}, "1 of these is part of a split payment whose other parts stay as they are."),
        (3, {"do": "delete"}, ""),
        (2, {"add_tags": "x"}, ""),
    ],
)
def test_parts_that_stay_behind_are_mentioned(browser, ledger, parts, said, warned):
    receipt = uuid4()
    rows = [make_expense(ledger), *[make_expense(ledger, receipt=receipt) for _ in range(3)][:parts]]
    page = send(browser, ledger, rows, **said)
    assert Page(page).text("warn") == warned
    assert confirm(browser, page).status_code == 302


def test_a_viewer_has_no_boxes_and_is_refused_and_a_stranger_finds_nothing(
    ledger, three, bob, charlie, as_user
):
    share(ledger, bob, "viewer")
    assert b'name="expense"' not in as_user(bob).get(reverse("expenses", args=[ledger.pk])).content
    assert send(as_user(bob), ledger, three, do="delete").status_code == 403
    assert send(as_user(charlie), ledger, three, do="delete").status_code == 404
    assert Expense.objects.count() == 3


def test_parts_spread_over_months_have_no_boxes(browser, ledger, three):
    listing = reverse("expenses", args=[ledger.pk])
    boxes = [browser.get(listing + query).content.count(b"data-pick") for query in ("", "?basis=spread")]
    assert boxes == [3, 0]
