from io import StringIO

import pytest
from django.core.management import CommandError
from django.db import ProgrammingError, connection

from database.commands import DatabaseCommand


class Asks(DatabaseCommand):
    requires_system_checks = []

    def handle(self, *args, sql, **options):
        with connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db
def test_a_command_says_what_to_do_where_the_tables_are_missing():
    with pytest.raises(CommandError, match="run “manage"):
        Asks().execute(sql="SELECT 1 FROM no_such_table", force_color=False, no_color=True)


@pytest.mark.django_db
def test_any_other_mistake_is_not_explained_away():
    with pytest.raises(ProgrammingError, match="no_such_column"):
        Asks().execute(sql="SELECT no_such_column", force_color=False, no_color=True)


class Tells(DatabaseCommand):
    requires_system_checks = []

    def handle(self, *args, name, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting(%s)", [name])
            self.stdout.write(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("expense_tracker.operator", "test_commands"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_command_takes_its_time_in_every_ledger(name, expected):
    out = StringIO()
    Tells(stdout=out).execute(name=name, force_color=False, no_color=True)
    assert out.getvalue() == f"{expected}\n"


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_let_us_in_is_said_at_once(monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    with pytest.raises(CommandError, match=r"does not let us in: .*no_such_database(?s:.)*run “manage"):
        Tells().execute(name="port", force_color=False, no_color=True)
    assert connection.connection is None


@pytest.mark.django_db(transaction=True)
def test_after_a_command_that_had_to_connect_there_is_a_pool_again():
    connection.close()
    Tells(stdout=StringIO()).execute(name="port", force_color=False, no_color=True)
    assert (connection.connection, connection.is_pooled) == (None, True)
