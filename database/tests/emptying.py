"""How a test whose rows were committed leaves the tables empty."""

from django.core.management.color import no_style
from django.db import ProgrammingError, connection, transaction
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

# What migrating writes.
KEPT = ("auth_permission", "django_content_type")


def empty_tables(_test_case=None) -> None:
    """Delete every row of every model, as Django's flush does, but not what migrating wrote.

    Where there are rows is looked at first, which is quick. It is done without triggers and foreign keys, which only a
    superuser may: anybody else truncates.
    """
    try:
        with connection.owner(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            _delete(cursor)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        with connection.owner():
            connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), _tables()))


def _tables() -> list[str]:
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(found).difference(KEPT))


def _delete(cursor):
    tables = {name: sql.Identifier(name) for name in _tables()}
    # Waits for whoever still writes, such as a server whose answer a test did not wait for.
    cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.SQL(", ").join(tables.values())))
    look = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    cursor.execute(sql.SQL(" UNION ALL ").join(look.format(*each) for each in tables.items()))
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("DELETE FROM {}").format(tables[name]))
