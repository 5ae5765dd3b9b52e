"""Undoing in one go what gave a name or a place to somebody else: whatever stands in the way makes room first."""

import pytest

from database.acting import Actor, acting_as
from expenses.models import Account, Category, Expense
from expenses.tests.factories import make_account, make_expense, share
from history.models import ChangeSet
from history.undoing import NotUndone, undo
from ledgers.models import Ledger, Membership


@pytest.fixture
def round_trip(alice, ledger):
    """``round_trip(change)`` carries it out as Alice, undoes it and undoes that: rows are as before, and as after."""

    def carry_out(change):
        before = rows()
        with acting_as(Actor(user_id=alice.pk)):
            change()
        after = rows()
        assert after != before
        for wanted in (before, after):
            last = ChangeSet.objects.latest("pk")
            with acting_as(Actor(user_id=alice.pk)):
                undo(Ledger.objects.for_user(alice).get(pk=ledger.pk), last)
            assert rows() == wanted

    return carry_out


def rows():
    categories = Category.objects.order_by("pk").values_list("pk", "name", "colour", "position", "archived")
    expenses = Expense.objects.order_by("pk").values_list("pk", "category", "amount", "date")
    members = Membership.objects.order_by("pk").values_list("pk", "user", "role")
    accounts = Account.objects.order_by("pk").values_list("pk", "name")
    return list(categories), list(expenses), list(members), list(accounts)


def rename(old: str, new: str):
    Category.objects.filter(name=old).update(name=new)


def test_a_name_that_a_new_category_has(ledger, round_trip):
    def change():
        rename("Food", "Groceries")
        Category.objects.create(ledger=ledger, name="FOOD")

    round_trip(change)


def test_a_category_deleted_and_made_again_with_all_its_expenses(ledger, round_trip):
    make_expense(ledger)

    def change():
        rename("Food", "Old")
        new = Category.objects.create(ledger=ledger, name="Food")
        Expense.objects.update(category=new)
        Category.objects.filter(name="Old").delete()

    round_trip(change)


def test_a_member_removed_and_added_again(bob, ledger, round_trip):
    share(ledger, bob, "viewer")

    def change():
        Membership.objects.filter(user=bob).delete()
        share(ledger, bob, "editor")

    round_trip(change)


def test_an_expense_that_uses_a_category_keeps_it(alice, ledger):
    with acting_as(Actor(user_id=alice.pk)):
        Category.objects.create(ledger=ledger, name="Pets")
    added = ChangeSet.objects.latest("pk")
    with acting_as(Actor(user_id=alice.pk)):
        make_expense(ledger, category="Pets")
    with (
        pytest.raises(NotUndone, match="one that would go has expenses by now"),
        acting_as(Actor(user_id=alice.pk)),
    ):
        undo(Ledger.objects.for_user(alice).get(), added)
    assert Expense.objects.get().category.name == "Pets"


def test_names_of_accounts_that_were_swapped(ledger, round_trip):
    first, second = make_account(ledger, "Checking"), make_account(ledger, "Card")

    def change():
        for account, name in ((first, "–"), (second, "Checking"), (first, "Card")):
            Account.objects.filter(pk=account.pk).update(name=name)

    round_trip(change)


@pytest.mark.parametrize("names", [["Rent", "Food"], ["Rent", "Food", "Other"]])
def test_names_that_went_round(round_trip, names):
    def change():
        rename(names[0], "–")
        for old, new in zip(names[1:], names, strict=False):
            rename(old, new)
        rename("–", names[-1])

    round_trip(change)
