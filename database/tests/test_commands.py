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
    with pytest.raises(CommandError, match="Run “manage"):
        Asks().execute(sql="SELECT 1 FROM no_such_table", force_color=False, no_color=True)


@pytest.mark.django_db
def test_any_other_mistake_is_not_explained_away():
    with pytest.raises(ProgrammingError, match="no_such_column"):
        Asks().execute(sql="SELECT no_such_column", force_color=False, no_color=True)
