"""Between tests that commit, the tables are emptied by our own means."""

import pytest
from django.db import ProgrammingError, connection
from psycopg.errors import InsufficientPrivilege

from database.tests import emptying
from database.tests.emptying import KEPT, empty_tables
from expenses.tests.factories import make_expense, share

pytestmark = pytest.mark.django_db(transaction=True)


def rows_kept() -> dict[str, int]:
    """How many rows each table has, where it has any."""
    with connection.owner(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - {"django_migrations"}
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            (counts[table],) = cursor.fetchone()
    return {table: count for table, count in counts.items() if count}


@pytest.fixture
def at_work(ledger, bob):
    """Rows in many tables, their history included."""
    share(ledger, bob, "viewer")
    make_expense(ledger).delete()
    assert len(rows_kept()) > 5


def test_nothing_is_left_but_what_migrating_wrote(at_work):
    before = rows_kept()
    empty_tables()
    assert rows_kept() == {table: before[table] for table in KEPT}


def test_whoever_may_not_do_without_triggers_truncates(at_work, monkeypatch):
    def refuse(cursor):
        raise ProgrammingError from InsufficientPrivilege()

    before = rows_kept()
    monkeypatch.setattr(emptying, "_delete", refuse)
    empty_tables()
    assert rows_kept() == {table: before[table] for table in KEPT}
