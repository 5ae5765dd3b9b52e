"""`manage.py verify` after a lot of ordinary work, and where something is wrong."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from database import blueprint
from database.acting import Actor, acting_as, operator
from expenses.day import Row, save_day
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, make_user, share
from history.models import ChangeSet
from history.tests.verifying.corrupting import everything_found
from history.undoing import undo
from history.verifying import CHECKS
from ledgers.models import Ledger

DAY = date(2024, 8, 1)

NEXT = "nextval(pg_get_serial_sequence('history_changeset', 'id'))"


@pytest.fixture
def verify():
    """Carry out the command; returns what it says and how that ends."""

    def carry_out() -> tuple[list[str], str]:
        out = StringIO()
        try:
            call_command("verify", stdout=out)
        except CommandError as error:
            return out.getvalue().splitlines(), f"{error} {error.returncode}"
        return out.getvalue().splitlines(), ""

    return carry_out


@contextmanager
def doing(actor):
    """One request, command or session of psql: what it changes is one change set."""
    with acting_as(actor), transaction.atomic():
        yield


def work(alice, bob, ledger):
    """All kinds of changes, each a change set of its own."""
    as_alice = Actor(user_id=alice.pk, via="page", act="day")
    food = Category.objects.get(ledger=ledger, name="Food")
    with doing(as_alice):
        rows = [Row({"amount": Decimal(n), "category": food}) for n in range(1, 6)]
        first = save_day(ledger, DAY, rows, alice).created
    with doing(as_alice):
        share(ledger, bob, "owner")
        Category.objects.create(ledger=ledger, name="Pets", position=9)
        Category.objects.filter(ledger=ledger).update(position=3)
    with doing(operator("staff", via="admin", act="bulk")):
        Expense.objects.in_ledger(ledger).recategorise(Category.objects.get(ledger=ledger, name="Pets"))
        Expense.objects.in_ledger(ledger).shift_date(-1)
    with doing(as_alice):
        save_day(ledger, DAY, [Row(None, first[0].pk, 3)], alice)
        Expense.objects.filter(pk=first[1].pk).delete()
    for _back_and_forth in range(3):
        take_back(alice, ledger)
    with doing(operator("psql")), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE expenses_expense SET notes = 'from psql'; UPDATE ledgers_ledger SET name = 'New'"
        )


def take_back(user, ledger):
    """Undo the last change set of the ledger."""
    with doing(Actor(user_id=user.pk, via="page", act="undo")):
        last = ChangeSet.objects.in_ledger(ledger).newest_first()[0]
        undo(Ledger.objects.for_user(user).get(pk=ledger.pk), last)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_worked_with_is_sound(alice, bob, ledger, verify):
    work(alice, bob, ledger)
    call_command("load_demo", stdout=StringIO())
    gone = make_ledger(bob, "Gone")
    make_expense(gone)
    gone.delete()
    leaving = make_user("leaving")
    share(ledger, leaving, "editor")
    make_expense(ledger, created_by=leaving)
    leaving.delete()
    assert verify() == ([f"{check.promise}: ok" for check in CHECKS], "")


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_web_finds_it_sound_too(alice, bob, ledger):
    with connection.owner():
        blueprint.expected()  # is kept; only the owner can make it
    work(alice, bob, ledger)
    assert everything_found() == []


@pytest.mark.django_db(transaction=True)
def test_what_is_wrong_is_told_and_the_command_fails(ledger, verify):
    empty = "INSERT INTO history_changeset (id, ledger_id, who, via, act) VALUES"
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute(f"{empty} ({NEXT}, {ledger.pk}, '', 'sql', '') RETURNING id")
        (number,) = cursor.fetchone()
    said, failed = verify()
    assert said[-2:] == [
        "Events and change sets belong together: NO",
        f"  history_changeset, ledger {ledger.pk}: changed nothing: {number}",
    ]
    assert failed == "1 check found something. 1"


@pytest.mark.django_db(transaction=True)
def test_it_tells_no_more_than_anybody_reads(alice, verify):
    ledgers = [make_ledger(alice, f"Ledger {number}") for number in range(22)]
    values = ", ".join(f"({ledger.pk}, '', 'sql', '')" for ledger in ledgers)
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO history_changeset (ledger_id, who, via, act) VALUES {values}")
    said, _failed = verify()
    assert said[-1] == "  and 2 more"
    assert len(said) == len(CHECKS) + 20 + 1
