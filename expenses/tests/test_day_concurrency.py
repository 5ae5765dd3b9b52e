"""Real threads, real connections: what happens when requests meet in the database."""

import pytest
from django.urls import reverse

from expenses.day import replace_day
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, share
from expenses.tests.pages import Page
from expenses.tests.test_day import DAY, values
from expenses.tests.test_day_page import category, opened, saved, stored
from expenses.tests.threads import at_once, while_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_people_saving_the_same_rows_at_once_one_is_told_and_nothing_is_lost(
    browser, ledger, bob, as_user
):
    share(ledger, bob, "editor")
    expenses = [make_expense(ledger, "1") for _ in range(6)]
    claimed = 0
    for turn in range(2, 10):
        forms = [(client, opened(client, ledger)) for client in (browser, as_user(bob))]
        for number, (_client, form) in enumerate(forms):
            for index in range(6):
                form.write(index, amount=turn * 10 + number, notes=f"by {number}")
        answers = at_once(*(lambda c=c, f=f: saved(c, ledger, f).status_code for c, f in forms))
        assert sorted(answers) == [302, 409]
        claimed += 1
        winner = answers.index(302)
        assert stored(ledger) == [(str(turn * 10 + winner), "Food", f"by {winner}")] * 6
    versions = Expense.objects.order_by("id").values_list("pk", "version")
    assert list(versions) == [(expense.pk, 1 + claimed) for expense in expenses]


def test_two_people_changing_different_rows_at_once_both_keep_their_change(browser, ledger, bob, as_user):
    share(ledger, bob, "editor")
    make_expense(ledger, "1"), make_expense(ledger, "2")
    mine = opened(browser, ledger).write(0, notes="alice")
    theirs = opened(as_user(bob), ledger).write(1, notes="bob")
    clients = [(browser, mine), (as_user(bob), theirs)]
    answers = at_once(*(lambda c=c, f=f: saved(c, ledger, f).status_code for c, f in clients))
    assert answers == [302, 302]
    assert [row[2] for row in stored(ledger)] == ["alice", "bob"]


@pytest.mark.catalogue(42)
def test_ten_identical_submissions_at_once_write_one_row(alice, ledger, as_user):
    clients = [as_user(alice) for _ in range(10)]
    form = opened(clients[0], ledger).write(0, amount="5", category=category(ledger).pk)
    answers = at_once(*(lambda c=c: saved(c, ledger, form).status_code for c in clients))
    assert answers == [302] * 10
    assert stored(ledger) == [("5", "Food", "")]


def test_a_form_that_comes_back_with_one_more_row_from_many_at_once_adds_that_row_once(
    alice, ledger, as_user
):
    clients = [as_user(alice) for _ in range(6)]
    form = opened(clients[0], ledger).write(0, amount="5", category=category(ledger).pk)
    saved(clients[0], ledger, form)
    form.write(1, amount="6", category=category(ledger).pk)
    answers = at_once(*(lambda c=c: saved(c, ledger, form).status_code for c in clients))
    assert answers == [302] * 6
    assert stored(ledger) == [("5", "Food", ""), ("6", "Food", "")]


def test_an_empty_day_replaced_twice_at_once_is_that_day_once(alice, ledger):
    wanted = [values(ledger, "5"), values(ledger, "5"), values(ledger, "7", notes="x")]
    with while_blocked(lambda: replace_day(ledger, DAY, wanted, alice)) as twin:
        replace_day(ledger, DAY, wanted, alice)
    assert [bool(difference) for difference in twin] == [False]
    assert stored(ledger) == [("5", "Food", ""), ("5", "Food", ""), ("7", "Food", "x")]


def test_a_category_deleted_while_a_row_with_it_is_saved_is_said_and_nothing_is_written(browser, ledger):
    food = category(ledger)
    form = opened(browser, ledger).write(0, amount="5", category=food.pk, notes="kept")
    with while_blocked(lambda: saved(browser, ledger, form)) as answers:
        Category.objects.filter(pk=food.pk).delete()
    (response,) = answers
    assert (response.status_code, stored(ledger)) == (409, [])
    page = Page(response)
    assert page.text("box").startswith("This ledger has no such category.")
    assert page.form("day-form").row(0) == ("5", "", "kept")


def test_a_category_being_used_while_it_is_deleted_stays(browser, ledger):
    food = category(ledger)
    url = reverse("category_delete", args=[ledger.pk, food.pk])
    with while_blocked(lambda: browser.post(url).status_code) as answers:
        make_expense(ledger)
    assert answers == [302]
    assert stored(ledger) == [("10", "Food", "")]
    messages = Page(browser.get(reverse("categories", args=[ledger.pk]))).text("messages")
    assert (
        messages == "“Food” has expenses, so it cannot be deleted. Archive it, or merge it into another one."
    )


def test_categories_moved_by_many_at_once_are_all_still_there_once(alice, ledger, as_user):
    categories = list(Category.objects.in_ledger(ledger))
    acts = []
    for moved in categories * 2:
        client, url = as_user(alice), reverse("category_move", args=[ledger.pk, moved.pk])
        acts.append(lambda c=client, u=url: c.post(u, {"direction": "down"}).status_code)
    assert at_once(*acts) == [302] * 10
    positions = Category.objects.in_ledger(ledger).values_list("position", flat=True)
    assert list(positions) == [0, 1, 2, 3, 4]
