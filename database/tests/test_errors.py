import logging

import psycopg
import pytest
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from database.acting import NOBODY, acting_as
from database.errors import REPEATABLE, UNKNOWN, OutcomeUnknown, answer_to
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense

pytestmark = pytest.mark.django_db

AWAY = "The database is away. Nothing was saved. Try again in a few seconds."
BUSY = "Somebody else is changing the same. Nothing was saved. Try again in a few seconds."
SLOW = "This took too long. Nothing was saved. Try again in a few seconds."


def raised(code: str, name: str = "") -> DatabaseError:
    """The error as Django gives it when PostgreSQL itself raises this SQLSTATE, for a constraint of that name."""
    using = f"ERRCODE = '{code}'" + (f", CONSTRAINT = '{name}'" if name else "")
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'secret' USING {using}; END $$")
    return error.value


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("40001", BUSY),
        ("40P01", BUSY),
        ("55P03", BUSY),
        ("57014", SLOW),
        ("25P03", SLOW),
        ("25P04", SLOW),
        ("08006", AWAY),
        ("53200", AWAY),
        ("53300", AWAY),
        ("53400", AWAY),
        ("57P01", AWAY),
        ("57P02", AWAY),
        ("57P03", AWAY),
        ("57P05", AWAY),
        ("25006", "The database can only be read at the moment. Nothing was saved. Try again later."),
    ],
)
def test_a_database_that_cannot_just_now_says_when_to_come_back(code, message):
    answer = answer_to(raised(code))
    assert (answer.status, answer.retry_after, answer.as_json) == (503, 5, {"detail": message})


def test_a_full_disk_is_507_and_on_record(caplog):
    answer = answer_to(raised("53100"))
    assert (answer.status, answer.retry_after) == (507, None)
    assert answer.as_json == {"detail": "The disk of the server is full. Nothing was saved."}
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_what_row_security_refuses_is_403_and_on_record(ledger, caplog):
    with acting_as(NOBODY), pytest.raises(ProgrammingError) as refused, transaction.atomic():
        Category.objects.create(ledger_id=ledger.pk, name="Mine")
    caplog.clear()
    answer = answer_to(refused.value)
    assert (answer.status, answer.as_json) == (403, {"detail": "You may not do that."})
    assert [(record.levelno, bool(record.exc_info)) for record in caplog.records] == [(logging.ERROR, True)]


def test_a_privilege_that_was_not_granted_is_a_mistake_of_ours(db):
    with pytest.raises(ProgrammingError) as refused, transaction.atomic():
        connection.cursor().execute("DELETE FROM django_migrations")
    assert answer_to(refused.value) is None


def test_a_commit_that_nobody_acknowledged_is_not_called_unsaved():
    answer = answer_to(OutcomeUnknown("server closed the connection unexpectedly"))
    assert (answer.status, answer.message, answer.retry_after) == (503, UNKNOWN, None)


def test_a_commit_of_what_has_a_key_can_be_sent_again():
    answer = answer_to(OutcomeUnknown("server closed the connection unexpectedly"), is_repeatable=True)
    assert (answer.status, answer.message, answer.retry_after) == (503, REPEATABLE, 5)


def test_a_commit_of_what_was_only_read_is_just_away():
    answer = answer_to(OutcomeUnknown("server closed the connection unexpectedly"), only_read=True)
    assert (answer.status, answer.message, answer.retry_after) == (503, AWAY, 5)


@pytest.mark.parametrize(
    ("code", "name", "status", "body"),
    [
        ("23514", "expense_amount_not_zero", 400, {"amount": ["An amount cannot be zero."]}),
        ("23505", "category_name_once", 409, {"name": ["This ledger has a category of that name already."]}),
        ("23503", "expense_category_of_ledger", 409, {"category": ["This ledger has no such category."]}),
    ],
)
def test_a_broken_constraint_names_the_field_and_tells_a_race_from_bad_input(code, name, status, body):
    answer = answer_to(raised(code, name))
    assert (answer.status, answer.retry_after, answer.as_json) == (status, None, body)


@pytest.mark.parametrize("code", ["23503", "23505", "23P01"])
def test_a_row_that_came_or_went_meanwhile_is_409_whatever_the_constraint(code):
    answer = answer_to(raised(code, "unknown_to_us"))
    message = "Somebody else wrote something meanwhile that this does not go with. Nothing was saved."
    assert (answer.status, answer.as_json) == (409, {"detail": message})


def test_a_value_that_cannot_be_stored_is_400_and_on_record(ledger, caplog):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        Category.objects.filter(ledger=ledger).update(name="\0")
    answer = answer_to(error.value)
    message = "Something in it was not as it should be. Nothing was saved."
    assert (answer.status, answer.as_json) == (400, {"detail": message})
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@pytest.mark.parametrize("code", ["42601", "42P01", "22012", "23502", "23514", "XX000"])
def test_a_mistake_of_ours_has_no_answer(code):
    answer = answer_to(raised(code))
    assert answer is None or (code, answer.status) == ("22012", 400)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("server closed the connection"),
        InterfaceError("connection already closed"),
        psycopg.OperationalError("the connection is lost"),
        psycopg.errors.AdminShutdown("terminating connection"),
    ],
)
def test_a_lost_connection_is_503_however_it_was_noticed(error):
    assert answer_to(error)[:1] + answer_to(error)[3:] == (503, 5)


@pytest.mark.parametrize("error", [None, ValueError("x"), ProgrammingError("x")])
def test_other_errors_are_none_of_the_databases(error):
    assert answer_to(error) is None


def test_asking_for_the_answer_asks_nothing_of_the_database(ledger, django_assert_num_queries):
    make_expense(ledger)
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        Expense.objects.update(amount=0)
    with django_assert_num_queries(0):
        assert answer_to(error.value).status == 400
