"""Commands, statements over many rows, SQL by hand and psql leave the same trace as the pages do."""

import os
import subprocess
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import ClientCursor

from database.acting import Actor, acting_as
from database.postgresql.base import DatabaseClient
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger
from history.models import ChangeSet
from history.tests.traces import traced
from history.undoing import undo
from ledgers.models import Ledger

TESTS = (None, "tests", "sql", "")  # who the tests act as


@pytest.fixture
def expenses(ledger):
    return [make_expense(ledger, amount) for amount in ("1", "2", "3")]


def execute(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def new(ledger, count=3) -> list[Expense]:
    food = Category.objects.get(ledger=ledger, name="Food")
    return [
        Expense(ledger=ledger, date=date(2024, 8, 1), amount=5, category=food) for _number in range(count)
    ]


def save(expense):
    expense.notes = "one"
    expense.save()


def bulk_update(rows):
    for row in rows:
        row.notes, row.amount = "many", Decimal(7)
    Expense.objects.bulk_update(rows, ["notes", "amount"])


INSERT = """
INSERT INTO expenses_expense (ledger_id, date, amount, category_id)
SELECT ledger_id, '2024-08-01', 5, id FROM expenses_category WHERE ledger_id = %s
"""
UPSERT = """
INSERT INTO expenses_expense (id, ledger_id, date, amount, category_id)
SELECT id, ledger_id, date, 9, category_id FROM expenses_expense
ON CONFLICT (ledger_id, id) DO UPDATE SET amount = excluded.amount
"""
STATEMENTS = {
    "bulk_create": (lambda ledger, rows: Expense.objects.bulk_create(new(ledger)), {"expense insert": 3}),
    "bulk_update": (lambda ledger, rows: bulk_update(rows), {"expense update": 3}),
    "save": (lambda ledger, rows: save(rows[0]), {"expense update": 1}),
    "delete of one": (lambda ledger, rows: rows[0].delete(), {"expense delete": 1}),
    "update": (lambda ledger, rows: Expense.objects.update(notes="all"), {"expense update": 3}),
    "delete": (lambda ledger, rows: Expense.objects.all().delete(), {"expense delete": 3}),
    "cascade": (
        lambda ledger, rows: Ledger.objects.all().delete(),
        {"ledger delete": 1, "membership delete": 1, "category delete": 5, "expense delete": 3},
    ),
    "SQL insert": (lambda ledger, rows: execute(INSERT, ledger.pk), {"expense insert": 5}),
    "SQL update": (
        lambda ledger, rows: execute("UPDATE expenses_expense SET amount = amount + 1"),
        {"expense update": 3},
    ),
    "SQL upsert": (lambda ledger, rows: execute(UPSERT), {"expense update": 3}),
    "SQL delete": (lambda ledger, rows: execute("DELETE FROM expenses_expense"), {"expense delete": 3}),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_a_statement_changes(ledger, expenses, name):
    statement, counts = STATEMENTS[name]
    with traced() as trace:
        statement(ledger, expenses)
    assert (trace.counts, trace.said) == (counts, [(ledger.pk, *TESTS)])


def test_rows_that_a_statement_leaves_as_they_are_leave_no_trace(ledger, expenses):
    with traced() as trace:
        Expense.objects.update(notes="")
        execute("UPDATE expenses_expense SET amount = greatest(amount, 2)")
    assert trace.counts == {"expense update": 1}


def test_a_statement_over_two_ledgers_makes_a_change_set_in_each(ledger, expenses, bob):
    other = make_ledger(bob, "Other")
    make_expense(other)
    with traced() as trace:
        Expense.objects.update(notes="both")
    assert trace.counts == {"expense update": 4}
    assert sorted(trace.said) == [(ledger.pk, *TESTS), (other.pk, *TESTS)]


def test_an_undo_is_a_change_set_that_names_what_it_undoes(alice, ledger, expenses):
    with acting_as(Actor(user_id=alice.pk, via="page", act="day")):
        Expense.objects.all().delete()
    deleted = ChangeSet.objects.latest("pk")
    with traced() as trace, acting_as(Actor(user_id=alice.pk, via="api", act="undo")):
        undo(Ledger.objects.for_user(alice).get(), deleted)
    assert (trace.counts, trace.said) == (
        {"expense insert": 3},
        [(ledger.pk, alice.pk, "alice", "api", "undo")],
    )
    assert trace.change_sets[0].undoes == deleted


# Commands


def test_loading_a_file_is_one_change_set_and_loading_it_again_none(ledger, tmp_path):
    file = tmp_path / "expenses.csv"
    file.write_text("date,amount,category,notes,payee\n2024-08-01,1,Food,,\n2024-08-01,2,Pets,,\n")
    with traced() as trace:
        call_command("load_expenses", file, ledger=ledger.pk, verbosity=0)
    assert trace.counts == {"expense insert": 2, "category insert": 1}
    assert trace.said == [(ledger.pk, None, "load_expenses", "command", "load_expenses")]
    with traced() as trace:
        call_command("load_expenses", file, ledger=ledger.pk, verbosity=0)
    assert (trace.counts, trace.said) == ({}, [])


def test_a_file_that_is_refused_leaves_nothing(ledger, tmp_path):
    file = tmp_path / "expenses.csv"
    file.write_text("date,amount,category,notes,payee\n2024-08-01,1,Pets,,\n2024-08-01,x,Food,,\n")
    with traced() as trace, pytest.raises(CommandError):
        call_command("load_expenses", file, ledger=ledger.pk, verbosity=0)
    assert (trace.counts, trace.said) == ({}, [])


def test_a_ledger_opened_by_a_command_is_one_change_set_of_its_owner(alice, capsys):
    with traced() as trace:
        call_command("create_ledger", "Trip", owner="alice", currency="EUR")
    ledger = Ledger.objects.get(name="Trip")
    assert trace.counts == {"ledger insert": 1, "membership insert": 1, "category insert": 5}
    assert trace.said == [(ledger.pk, alice.pk, "alice", "command", "create_ledger")]


def test_the_demo_is_opened_by_its_owner_and_filled_by_the_command(alice, capsys):
    with traced() as trace:
        call_command("load_demo", user="alice")
    assert trace.counts["expense insert"] == Expense.objects.count() > 1000
    ledger = Ledger.objects.get().pk
    assert trace.said == [
        (ledger, alice.pk, "alice", "command", "load_demo"),
        (ledger, None, "load_demo", "command", "load_demo"),
    ]


# What is taken back before it is committed


@transaction.atomic
def write_in_vain(expense):
    Expense.objects.filter(pk=expense.pk).update(notes="never")
    Expense.objects.filter(pk=expense.pk).update(amount=0)


def test_a_savepoint_rolled_back_leaves_none_of_its_events_and_the_rest_stays(ledger, expenses):
    with traced() as trace, transaction.atomic():
        Expense.objects.filter(pk=expenses[0].pk).delete()
        with pytest.raises(IntegrityError):
            write_in_vain(expenses[1])
        Expense.objects.filter(pk=expenses[2].pk).update(notes="stays")
    assert trace.counts == {"expense delete": 1, "expense update": 1}
    assert len(trace.change_sets) == 1


def test_a_change_set_begun_in_a_savepoint_that_was_rolled_back_is_begun_again(ledger, expenses):
    with traced() as trace, transaction.atomic():
        with pytest.raises(IntegrityError):
            write_in_vain(expenses[1])
        Expense.objects.filter(pk=expenses[2].pk).update(notes="stays")
    assert trace.counts == {"expense update": 1}
    assert len(trace.change_sets) == 1


# Real transactions


@pytest.mark.django_db(transaction=True)
def test_two_requests_are_two_change_sets_and_one_rolled_back_is_none(alice, api, ledger):
    url = f"/api/v1/ledgers/{ledger.pk}/expenses/"
    body = {"date": "2024-08-01", "amount": "5.00", "category": Category.objects.get(name="Food").pk}
    with traced() as trace:
        answers = [api.post(url, body), api.post(url, [body, {"amount": "0"}]), api.post(url, [body, body])]
    assert [answer.status_code for answer in answers] == [201, 400, 201]
    assert trace.counts == {"expense insert": 3}
    assert trace.said == [(ledger.pk, alice.pk, "alice", "api", "expense-list")] * 2
    first, second = (each.pk for each in trace.change_sets)
    assert sorted(joined for _ledger, joined in trace.joined) == [first, second, second]


@pytest.mark.django_db(transaction=True)
def test_every_transaction_of_psql_is_a_change_set_of_its_role(ledger):
    changed, deleted = make_expense(ledger, "1"), make_expense(ledger, "2")
    # In one session: nothing of a transaction may be left over for the next one.
    statements = f"""
        {INSERT % ledger.pk};
        UPDATE expenses_expense SET notes = 'by hand' WHERE id = {changed.pk};
        BEGIN; DELETE FROM expenses_expense; ROLLBACK;
        DELETE FROM expenses_expense WHERE id = {deleted.pk};
    """
    with traced() as trace:
        psql(statements)
    assert trace.counts == {"expense insert": 5, "expense update": 1, "expense delete": 1}
    assert trace.said == [(ledger.pk, None, connection.settings_dict["USER"], "sql", "")] * 3


def psql(statements: str):
    """Run them as the owner of the tables, in the program itself."""
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    command, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, options)
    subprocess.run(command, input=statements, text=True, env=os.environ | (environment or {}), check=True)


# What history could get in the way of


def test_rows_are_read_through_a_cursor_of_the_server_while_others_are_written(ledger, expenses):
    with traced() as trace, transaction.atomic():
        for number, expense in enumerate(Expense.objects.order_by("pk").iterator(chunk_size=1)):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '\\_django%%'", [])
                assert cursor.fetchone() == (1,)
            Expense.objects.filter(pk=expense.pk).update(notes=str(number))
    assert list(Expense.objects.order_by("pk").values_list("notes", flat=True)) == ["0", "1", "2"]
    assert trace.counts == {"expense update": 3}


@pytest.mark.django_db(transaction=True)
def test_parameters_bound_by_the_server_change_nothing_about_it(ledger, binding_server):
    expense = make_expense(ledger)
    with traced() as trace:
        make_expense(ledger, notes="it's % bound")
        Expense.objects.filter(pk=expense.pk).update(notes="x")
        with connection.cursor() as cursor:
            assert not isinstance(cursor.cursor, ClientCursor)
    assert trace.counts == {"expense insert": 1, "expense update": 1}
    assert trace.said == [(ledger.pk, *TESTS)] * 2


@pytest.fixture
def binding_server():
    """Parameters travel beside the statements, as ``server_side_binding`` asks for."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.is_pooled, options["server_side_binding"] = False, True
    yield
    connection.close()
    connection.is_pooled = True
    del options["server_side_binding"]
