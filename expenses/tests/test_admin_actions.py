"""The admin's actions: a page with the figures, then one statement over exactly those rows."""

import re
from datetime import date, timedelta
from decimal import Decimal
from hashlib import md5

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expenses.bulk import figures_of, mark
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, make_user, share
from expenses.tests.test_admin import EXPENSE_PERMISSIONS, LIST, make_staff, texts
from history.models import ExpenseEvent

DAY = date(2024, 8, 1)


@pytest.fixture
def root(db, as_user):
    return as_user(make_user("root", is_staff=True, is_superuser=True))


@pytest.fixture
def many(ledger):
    """10,000 expenses of one euro each on one date."""
    food = Category.objects.get(ledger=ledger, name="Food")
    Expense.objects.bulk_create(
        Expense(ledger=ledger, date=DAY, amount=1, category=food, payee="Shop") for _ in range(10_000)
    )


def ask(client, action, expenses, url=LIST, **more):
    """Tick the expenses and choose the action, as on the list."""
    data = {
        "action": action,
        "index": "0",
        "_selected_action": [e.pk for e in expenses],
        "select_across": "0",
    }
    return client.post(url, data | more)


def confirm(client, page, url=LIST, **typed):
    """Press the button of the action's page."""
    html = page.content.decode()
    form = html[html.rindex('<form method="post" novalidate>') :]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    data = {name: [v for n, v in fields if n == name] for name, _value in fields}
    return client.post(url, data | typed)


def category_of(ledger, name):
    return Category.objects.get(ledger=ledger, name=name)


def test_page_shows_figures_of_each_currency_and_changes_nothing(root, alice, ledger):
    euro = [make_expense(ledger, "10.50", notes="first"), make_expense(ledger, "-0.25")]
    yen = make_expense(make_ledger(alice, "Tokyo", "JPY"), "1500")
    page = ask(root, "change_date", [*euro, yen])
    assert "3 expenses are touched." in texts(page)
    rows = re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)</td><td>([^<]+)</td>', page.content.decode())
    assert rows == [("Household", "2", "€10.25"), ("Tokyo", "1", "¥1,500")]
    assert "08/01/2024 · €10.50 · Food · first" in texts(page)
    assert set(Expense.objects.values_list("version", flat=True)) == {1}


def test_a_member_is_offered_to_undo_what_was_done_and_a_superuser_who_is_none_is_not(
    root, ledger, as_user, alice
):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    offered = []
    for client in (as_user(alice), root):
        page = ask(client, "delete_selected", [make_expense(ledger)])
        listed = client.get(LIST) if confirm(client, page).status_code == 302 else None
        offered.append(re.findall(r'<a href="(/ledgers/[^"]+)">Undo</a>', listed.content.decode()))
    change_set = ExpenseEvent.objects.filter(pgh_label="delete").earliest("pgh_id").change_set_id
    assert offered == [[f"/ledgers/{ledger.pk}/history/{change_set}/"], []]


def test_set_category_of_those_ticked(root, ledger):
    ticked, other = make_expense(ledger), make_expense(ledger)
    page = ask(root, "set_category", [ticked])
    rent = category_of(ledger, "Rent")
    done = confirm(root, page, category=rent.pk)
    assert done.status_code == 302
    assert "1 expense was moved to “Rent”." in texts(root.get(LIST))
    assert [Expense.objects.get(pk=e.pk).category.name for e in (ticked, other)] == ["Rent", "Food"]
    assert LogEntry.objects.get().change_message == "1 expense was moved to “Rent”."


def test_ten_thousand_that_match_are_one_update_without_their_ids(root, many, ledger):
    kept = make_expense(ledger, payee="Elsewhere")
    url = f"{LIST}?q=Shop"
    page = ask(root, "set_category", Expense.objects.filter(payee="Shop")[:100], url, select_across="1")
    assert "10000 expenses are touched." in texts(page)
    assert "€10,000.00" in texts(page)
    assert page.content.decode().count('name="_selected_action"') == 1
    with CaptureQueriesContext(connection) as queries:
        assert confirm(root, page, url, category=category_of(ledger, "Rent").pk).status_code == 302
    updates = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "expenses_expense"')]
    assert len(updates) == 1
    assert len(queries) < 30
    assert Expense.objects.filter(category__name="Rent").count() == 10_000
    kept.refresh_from_db()
    assert kept.category.name == "Food"


def test_ten_thousand_are_deleted_in_one_statement(root, many, ledger):
    page = ask(root, "delete_selected", Expense.objects.all()[:1], select_across="1")
    with CaptureQueriesContext(connection) as queries:
        confirm(root, page)
    assert len([q for q in queries if q["sql"].startswith('DELETE FROM "expenses_expense"')]) == 1
    assert Expense.objects.count() == 0
    assert "10000 expenses were deleted." in texts(root.get(LIST))


@pytest.mark.parametrize(
    ("typed", "expected"), [({"date": "2024-12-24"}, date(2024, 12, 24)), ({"days": "-31"}, date(2024, 7, 1))]
)
def test_date_is_set_or_shifted(root, ledger, typed, expected):
    expense = make_expense(ledger)
    assert confirm(root, ask(root, "change_date", [expense]), **typed).status_code == 302
    expense.refresh_from_db()
    assert expense.date == expected
    assert "The date of 1 expense was changed." in texts(root.get(LIST))


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Give either a date or a number of days."),
        ({"date": "2024-12-24", "days": "1"}, "Give either a date or a number of days."),
        ({"date": "1899-12-31"}, "The date must lie between 1900 and 2200."),
        ({"days": "3"}, "The date must lie between 1900 and 2200."),
        ({"days": "-110000"}, "Ensure this value is greater than or equal to -109937."),
    ],
)
def test_dates_out_of_bounds_are_refused_and_nothing_is_written(root, ledger, typed, error):
    expenses = [make_expense(ledger), make_expense(ledger, day="2200-12-29")]
    page = confirm(root, ask(root, "change_date", expenses), **typed)
    assert page.status_code == 200
    assert error in texts(page)
    assert ("days" in page.context["form"].errors) == (set(typed) == {"days"})
    assert set(Expense.objects.values_list("version", flat=True)) == {1}


def test_shift_to_the_last_possible_date_is_accepted(root, ledger):
    expense = make_expense(ledger, day="2200-12-29")
    assert confirm(root, ask(root, "change_date", [expense]), days="2").status_code == 302
    expense.refresh_from_db()
    assert expense.date == date(2200, 12, 31)


def test_changed_figures_are_shown_again_instead_of_acting(root, ledger):
    expenses = [make_expense(ledger, "10"), make_expense(ledger, "20")]
    page = ask(root, "delete_selected", expenses[:1], select_across="1")
    make_expense(ledger, "5")
    again = confirm(root, page)
    assert "These expenses have changed in the meantime and nothing was done." in texts(again)
    assert "3 expenses are touched." in texts(again)
    assert "€35.00" in texts(again)
    assert Expense.objects.count() == 3
    assert confirm(root, again).status_code == 302
    assert Expense.objects.count() == 0


@pytest.mark.parametrize("change", ["replaced", "rewritten"])
def test_rows_nobody_saw_are_shown_though_the_figures_are_the_same(root, ledger, change):
    seen = make_expense(ledger, "10", notes="seen")
    page = ask(root, "delete_selected", [seen], select_across="1")
    if change == "replaced":
        make_expense(ledger, "10", notes="another")
        seen.delete()
    else:
        Expense.objects.filter(pk=seen.pk).update(notes="another")
    again = confirm(root, page)
    assert "These expenses have changed in the meantime and nothing was done." in texts(again)
    assert "another" in texts(again)
    assert Expense.objects.count() == 1
    assert confirm(root, again).status_code == 302
    assert Expense.objects.count() == 0


def test_the_mark_knows_each_row_and_version_in_any_order(ledger):
    for amount in ("1", "2", "3"):
        make_expense(ledger, amount)
    rows = Expense.objects.all()
    assert mark(figures_of(rows.order_by("amount"))) == mark(figures_of(rows.order_by("-amount")))
    expected = ",".join(f"{pk}:{version}" for pk, version in rows.order_by("pk").values_list("pk", "version"))
    assert mark(figures_of(rows)) == f"{ledger.pk}:{md5(expected.encode()).hexdigest()}"  # noqa: S324


@pytest.mark.parametrize("index", ["abc", "7", "-9", "9" * 5000, ""])
@pytest.mark.parametrize("action", ["set_category", "change_date", "delete_selected"])
def test_a_crafted_index_is_answered_by_the_page_of_the_action(root, ledger, action, index):
    page = ask(root, action, [make_expense(ledger)], index=index)
    assert page.status_code == 200
    assert f'name="action" value="{action}"' in page.content.decode()


def test_category_for_several_ledgers_is_refused(root, alice, ledger):
    expenses = [make_expense(ledger), make_expense(make_ledger(alice, "Business"))]
    assert ask(root, "set_category", expenses).status_code == 302
    assert "These expenses are in 2 ledgers, and a category belongs to one." in texts(root.get(LIST))


@pytest.mark.parametrize("name", ["foreign", "archived", "none"])
def test_category_not_offered_is_refused(root, alice, ledger, name):
    expense = make_expense(ledger)
    foreign = category_of(make_ledger(alice, "Business"), "Rent")
    archived = category_of(ledger, "Rent")
    Category.objects.filter(pk=archived.pk).update(archived=True)
    chosen = {"foreign": foreign.pk, "archived": archived.pk, "none": ""}[name]
    page = confirm(root, ask(root, "set_category", [expense]), category=chosen)
    assert "Nothing was changed. See below." in texts(page)
    expense.refresh_from_db()
    assert (expense.category.name, expense.version) == ("Food", 1)


def test_selection_that_is_gone_is_said_so(root, ledger):
    expense = make_expense(ledger)
    page = ask(root, "delete_selected", [expense])
    expense.delete()
    assert confirm(root, page).status_code == 302
    assert "None of these expenses is there any more." in texts(root.get(LIST))


def test_more_than_a_thousand_ticks_or_no_numbers_are_refused(root, ledger):
    make_expense(ledger)
    for ticked in (["x"], [str(n) for n in range(1001)], ["9" * 5000]):
        data = {"action": "delete_selected", "index": "0", "_selected_action": ticked}
        assert root.post(LIST, data).status_code == 302
        assert "Tick at most 1000 expenses, or select all that match." in texts(root.get(LIST))


@pytest.mark.parametrize("action", ["set_category", "change_date", "delete_selected"])
@pytest.mark.parametrize("role", ["viewer", None])
def test_actions_reach_no_row_that_the_role_does_not_allow(bob, ledger, as_user, action, role):
    expense = make_expense(ledger)
    client = as_user(make_staff(bob, *EXPENSE_PERMISSIONS))
    if role:
        share(ledger, bob, role)
    confirmed = mark(figures_of(Expense.objects.all()))
    typed = {"days": "1", "category": category_of(ledger, "Rent").pk, "confirmed": confirmed}
    for more in ({}, typed, typed | {"select_across": "1"}):
        assert ask(client, action, [expense], **more).status_code == 302
    expense.refresh_from_db()
    assert (expense.date, expense.category.name, expense.version) == (DAY, "Food", 1)


def test_select_all_of_an_editor_stays_in_their_ledgers(bob, ledger, charlie, as_user):
    share(ledger, bob, "editor")
    mine, foreign = make_expense(ledger), make_expense(make_ledger(charlie))
    client = as_user(make_staff(bob, *EXPENSE_PERMISSIONS))
    page = ask(client, "change_date", [mine], select_across="1")
    assert "1 expense is touched." in texts(page)
    assert confirm(client, page, days="1").status_code == 302
    assert [Expense.objects.get(pk=e.pk).date for e in (mine, foreign)] == [DAY + timedelta(1), DAY]


def test_actions_need_the_permission(bob, ledger, as_user):
    share(ledger, bob, "editor")
    expense = make_expense(ledger)
    client = as_user(make_staff(bob, "view_expense", "change_expense"))
    ask(client, "delete_selected", [expense], confirmed=mark(figures_of(Expense.objects.all())))
    assert Expense.objects.count() == 1


def test_what_only_the_database_refuses_is_shown_on_the_page(root, ledger, monkeypatch):
    expense = make_expense(ledger)
    page = ask(root, "change_date", [expense])
    monkeypatch.setattr("expenses.admin.actions.ChangeDateForm._check_shift", lambda form, shift: None)
    refused = confirm(root, page, days=str(-100_000))
    assert "The date must lie between 1900 and 2200." in texts(refused)
    expense.refresh_from_db()
    assert (expense.date, expense.amount) == (DAY, Decimal(10))
