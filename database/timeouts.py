"""How long PostgreSQL may work on one statement."""

from django.db import connection


def take_longer_than_a_page():
    """From here to the end of the transaction a statement may take two minutes, not the seconds that a page has.

    Where a longer time or no limit is set, as for commands, it stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', '120s', true) FROM pg_settings"
            " WHERE name = 'statement_timeout' AND setting::int BETWEEN 1 AND 119999"
        )
