"""Undoing while somebody else writes the same rows: real threads, real connections."""

import pytest
from django.urls import reverse

from database.acting import acting_as, operator
from expenses.models import Expense
from expenses.tests.factories import make_expense
from expenses.tests.threads import at_once, while_blocked
from history.models import ChangeSet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def change_set(ledger) -> ChangeSet:
    make_expense(ledger, "1")
    with acting_as(operator("tests")):
        Expense.objects.update(amount=2)
    return ChangeSet.objects.newest_first()[0]


@pytest.fixture
def undoing(as_user, alice, ledger, change_set):
    """``undoing()`` posts the undo from a browser of its own and returns the status."""
    address = reverse("change_set", args=[ledger.pk, change_set.pk])
    return lambda: as_user(alice).post(address).status_code


def test_a_change_that_is_just_being_made_is_not_overwritten(undoing):
    with while_blocked(undoing) as answers:
        Expense.objects.update(amount=3)
    assert (answers, Expense.objects.get().amount) == ([409], 3)


def test_a_row_that_is_just_being_deleted_stays_deleted(undoing):
    with while_blocked(undoing) as answers:
        Expense.objects.all().delete()
    assert (answers, Expense.objects.count()) == ([409], 0)


def test_of_two_who_undo_at_once_one_does(undoing, change_set):
    assert sorted(at_once(undoing, undoing)) == [302, 409]
    assert (Expense.objects.get().amount, Expense.objects.get().version) == (1, 3)
    assert ChangeSet.objects.filter(undoes=change_set).count() == 1
