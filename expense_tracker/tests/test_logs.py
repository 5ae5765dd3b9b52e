import logging
import sys

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.urls import get_resolver

from expense_tracker.logs import Formatter

ROW = (
    "INSERT INTO expenses_expense (ledger_id, category_id, date, amount, notes)"
    " SELECT ledger_id, min(id), '2024-08-01', 0, E'nothing\\nfor the doctor' FROM expenses_category GROUP BY 1"
)
QUERY = "SELECT 'for the doctor' FROM nowhere"


def written(error):
    try:
        raise error
    except DatabaseError:
        record = logging.LogRecord("django.request", logging.ERROR, "", 1, "failed", (), sys.exc_info())
    return Formatter().format(record)


@pytest.mark.django_db
def test_the_web_is_not_even_told_the_row_that_was_refused(ledger):
    with connection.cursor() as cursor, pytest.raises(IntegrityError) as refused, transaction.atomic():
        cursor.execute(ROW)
    assert str(refused.value) == (
        'new row for relation "expenses_expense" violates check constraint "expense_amount_not_zero"'
    )


@pytest.mark.django_db(transaction=True)
def test_a_trace_in_the_log_does_not_quote_the_row_that_the_owner_was_refused(ledger):
    with connection.owner(), connection.cursor() as cursor, pytest.raises(IntegrityError) as refused:
        cursor.execute(ROW)
    assert "for the doctor" in str(refused.value)
    assert "expense_amount_not_zero" in written(refused.value)
    assert "for the doctor" not in written(refused.value)


@pytest.mark.django_db
def test_a_trace_in_the_log_does_not_quote_the_statement_that_failed():
    with connection.cursor() as cursor, pytest.raises(ProgrammingError) as refused, transaction.atomic():
        cursor.execute(QUERY)
    assert "for the doctor" in str(refused.value)
    assert 'relation "nowhere" does not exist' in written(refused.value)
    assert "for the doctor" not in written(refused.value)


def pages_with_a_key():
    """Name and path of each page whose address has a key, which is SECRET here."""
    pages = get_resolver().reverse_dict
    for name in {name for name in pages if isinstance(name, str)}:
        for paths, *_rest in pages.getlist(name):
            for path, parameters in paths:
                if {"token", "key"} & set(parameters):
                    yield name, "/" + path % dict.fromkeys(parameters, "SECRET")


def test_every_page_with_a_key_in_its_address_is_known():
    pages = dict(pages_with_a_key())
    assert sorted(pages) == ["accept_invitation", "account_confirm_email", "account_reset_password_from_key"]
    for path in pages.values():
        for written in (path, path.upper(), path.replace("/", "//"), path.rstrip("/")):
            record = logging.LogRecord("any", logging.ERROR, "", 1, "Wrong: %s", (written,), None)
            assert "SECRET" not in Formatter().format(record)


def test_all_that_is_written_goes_through_it():
    handlers = settings.LOGGING["handlers"].values()
    assert {handler["formatter"] for handler in handlers} == {"line"}
    assert settings.LOGGING["formatters"]["line"]["()"] == "expense_tracker.logs.Formatter"
