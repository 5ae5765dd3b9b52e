"""A ledger that things can be broken in, by the owner of the tables, in a transaction that is never committed."""

import uuid

import pgtrigger
import pytest
from django.db import connection

from api.models import IdempotencyKey, Submission
from database import blueprint
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, share
from history.tests.verifying.corrupting import run
from ledgers.models import Membership


@pytest.fixture
def owner(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connection.owner():
        yield


@pytest.fixture
def db(owner, db):
    """The whole test works as the owner of the tables."""


def foreign_key(table, column):
    """Its name, which Django makes up."""
    (part,) = (
        part
        for part in blueprint.expected()
        if part.table == table and part.definition.startswith(f"FOREIGN KEY ({column})")
    )
    return part.name


@pytest.fixture
def world(alice, bob, ledger):
    """Alice's ledger with some history, and one of Bob's; gives names to what the corruptions are about."""
    other, gone_ledger = make_ledger(bob, "Other"), make_ledger(bob, "Gone")
    membership = share(ledger, bob, "editor")
    coffee, tea, gone = (make_expense(ledger, amount, created_by=alice) for amount in (1, 2, 3))
    Expense.objects.filter(pk=tea.pk).update(amount="2.50")
    Expense.objects.filter(pk=gone.pk).delete()
    Category.objects.filter(ledger=ledger, name="Food").update(position=7)
    gone_ledger.delete()
    submission = Submission.objects.create(ledger=ledger, user=alice, key=uuid.uuid4())
    key = IdempotencyKey.objects.create(ledger=ledger, user=alice, key="k", fingerprint="f")
    ((event, change_set),) = run(
        f"SELECT pgh_id, change_set_id FROM history_expenseevent WHERE id = {coffee.pk}"
    )
    return {
        "alice": alice.pk,
        "ledger": ledger.pk,
        "other": other.pk,
        "food": Category.objects.get(ledger=ledger, name="Food").pk,
        "rent": Category.objects.get(ledger=ledger, name="Rent").pk,
        "others_food": Category.objects.get(ledger=other, name="Food").pk,
        "ownership": Membership.objects.get(ledger=ledger, user=alice).pk,
        "membership": membership.pk,
        "coffee": coffee.pk,
        "tea": tea.pk,
        "gone": gone.pk,
        "event": event,
        "change_set": change_set,
        "other_change_set": run(f"SELECT id FROM history_changeset WHERE ledger_id = {other.pk}")[0][0],
        "api_submission_id": submission.pk,
        "api_idempotencykey_id": key.pk,
        "created_by": foreign_key("expenses_expense", "created_by_id"),
        "member": foreign_key("ledgers_membership", "user_id"),
        "api_submission": foreign_key("api_submission", "ledger_id"),
        "api_idempotencykey": foreign_key("api_idempotencykey", "ledger_id"),
        "updated": next(
            trigger.get_pgid(model)
            for model, trigger in pgtrigger.registered()
            if model is Expense and trigger.name == "update"
        ),
    }
