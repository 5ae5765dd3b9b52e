"""`manage.py undo`."""

import pytest
from django.core.management import CommandError, call_command

from database.acting import acting_as, operator
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, share
from history.models import ChangeSet
from ledgers.models import Ledger, Membership


def last() -> int:
    return ChangeSet.objects.newest_first()[0].pk


def test_a_deleted_ledger_comes_back_with_everything_in_it(alice, ledger, capsys):
    make_expense(ledger, "12.5")
    before = [
        list(model.objects.order_by("pk").values_list("pk")) for model in (Membership, Category, Expense)
    ]
    number = ledger.pk
    with acting_as(operator("admin", user_id=alice.pk, via="admin")):
        ledger.delete()
    gone = last()
    assert not Ledger.objects.exists()
    call_command("undo", str(gone))
    assert (
        f"Undone: “Household ({number}): Ledger deleted, 1 member removed, 5 categories deleted, 1 expense deleted"
        in capsys.readouterr().out
    )
    after = [
        list(model.objects.order_by("pk").values_list("pk")) for model in (Membership, Category, Expense)
    ]
    assert (after, Ledger.objects.get().name) == (before, "Household")
    assert (ChangeSet.objects.get(pk=last()).who, ChangeSet.objects.get(pk=last()).undoes_id) == (
        "undo",
        gone,
    )
    with pytest.raises(CommandError, match="The opening of a ledger cannot be undone"):
        call_command("undo", str(last()))


def test_without_a_number_the_newest_changes_are_listed(ledger, capsys):
    with acting_as(operator("tests", via="command")):
        make_expense(ledger)
    call_command("undo")
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(f"{last()}  ")
    assert first.endswith(f"tests  Household ({ledger.pk}): 1 expense added (Aug. 1, 2024)")


def test_a_ledger_comes_back_without_a_member_whose_account_is_gone(alice, bob, ledger):
    share(ledger, bob, "editor")
    with acting_as(operator("admin", user_id=alice.pk, via="admin")):
        ledger.delete()
    gone = last()
    bob.delete()
    call_command("undo", str(gone))
    assert list(Membership.objects.values_list("user", "role")) == [(alice.pk, "owner")]


def test_a_row_changed_since_is_named(ledger):
    with acting_as(operator("tests")):
        expense = make_expense(ledger)
    number = last()
    with acting_as(operator("tests")):
        Expense.objects.update(amount=3)
    with pytest.raises(CommandError, match=f"Somebody changed this since.*\nexpense {expense.pk}"):
        call_command("undo", str(number))
    assert Expense.objects.get().amount == 3


def test_a_number_nobody_knows_is_refused(alice):
    make_ledger(alice)
    with pytest.raises(CommandError, match="There is no change set 123456"):
        call_command("undo", "123456")
