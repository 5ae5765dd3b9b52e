"""History is read by the members of its ledger, and written by nobody but the triggers."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError

from database.acting import NOBODY, Actor, acting_as, operator, person
from expenses.models import Expense
from expenses.tests.factories import (
    make_account,
    make_expense,
    make_favourite,
    make_ledger,
    make_rule,
    share,
)
from history.models import TRACKED, ChangeSet
from ledgers.models import Ledger, Membership

TABLES = [ChangeSet._meta.db_table, *(tracked.events._meta.db_table for tracked in TRACKED)]


def execute(statement, *parameters) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def count(table) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


@pytest.fixture
def filled(alice, ledger):
    make_expense(ledger)
    make_account(ledger)
    make_rule(ledger)
    make_favourite(ledger)
    return ledger


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("actor", ["owner of the ledger", "operator"])
def test_nobody_adds_changes_or_deletes_a_row_by_hand(alice, filled, table, actor):
    before = count(table)
    assert before
    with acting_as(person(alice) if actor == "owner of the ledger" else operator("tests")):
        # A copy of a row that is there, under a number of its own: only row security is in the way.
        with pytest.raises(ProgrammingError, match="row-level security"):
            execute(_copy(table))
        assert execute(f"UPDATE {table} SET ledger_id = ledger_id") == 0
        assert execute(f"DELETE FROM {table}") == 0
    assert count(table) == before


def _copy(table) -> str:
    key = "id" if table == ChangeSet._meta.db_table else "pgh_id"
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    values = ["-1" if column == key else column for column in columns]
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} LIMIT 1"


def test_a_change_set_is_not_begun_by_calling_what_the_triggers_call(alice, filled):
    with acting_as(person(alice)), pytest.raises(ProgrammingError, match="row-level security"):
        execute("SELECT join_change_set(%s)", filled.pk)


def test_no_setting_of_the_session_switches_history_off(filled):
    with transaction.atomic():
        execute("SELECT set_config('pgtrigger.ignore', '{insert,update,delete,append_only}', true)")
        Expense.objects.update(notes="seen")
    assert count("history_expenseevent") == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        execute("SET LOCAL session_replication_role = replica")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TABLES)
def test_the_owner_of_the_tables_does_not_change_or_delete_either(filled, table):
    before = count(table)
    with connection.owner():
        for statement in (f"UPDATE {table} SET ledger_id = ledger_id", f"DELETE FROM {table}"):
            with pytest.raises(ProgrammingError, match="Cannot update or delete rows"):
                execute(statement)
    assert count(table) == before


@pytest.mark.parametrize("table", TABLES)
def test_members_read_it_and_strangers_do_not(alice, bob, charlie, filled, table):
    share(filled, bob, "viewer")
    other = make_ledger(charlie, "Other")
    mine = len(_ids_of(table, filled))
    assert mine
    readers = {
        "owner": (person(alice), mine),
        "viewer": (person(bob), mine),
        "stranger": (person(charlie), 0),
        "token of the ledger": (Actor(user_id=alice.pk, only_ledger_id=filled.pk, read_only=True), mine),
        "token of another ledger": (Actor(user_id=alice.pk, only_ledger_id=other.pk), 0),
        "operator": (operator("tests"), mine),
    }
    found = {}
    for name, (actor, _wanted) in readers.items():
        with acting_as(actor):
            found[name] = len(_ids_of(table, filled))
    assert found == {name: wanted for name, (_actor, wanted) in readers.items()}


def _ids_of(table, ledger) -> list:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE ledger_id = %s", [ledger.pk])
        return cursor.fetchall()


def test_nobody_at_all_reads_nothing(filled):
    with acting_as(NOBODY):
        assert [count(table) for table in TABLES] == [0] * len(TABLES)


def test_it_is_closed_to_a_member_who_left_and_outlives_the_ledger(bob, filled):
    membership = share(filled, bob, "editor")
    membership.delete()
    with acting_as(person(bob)):
        assert [count(table) for table in TABLES] == [0] * len(TABLES)
    before = count("history_expenseevent")
    Ledger.objects.all().delete()
    assert not Membership.objects.exists()
    assert count("history_expenseevent") == before + 1
    with acting_as(person(bob)):
        assert [count(table) for table in TABLES] == [0] * len(TABLES)
