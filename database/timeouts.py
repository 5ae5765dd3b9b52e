"""How long PostgreSQL may work on one statement, and wait for the next of a transaction."""

from django.db import connection

LENGTHEN = """
SELECT set_config(name, '120s', true) FROM pg_settings
WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout') AND setting::int BETWEEN 1 AND 119999
"""


def take_longer_than_a_page():
    """From here to the end of the transaction there are two minutes for each step, not the seconds of a page.

    Where a longer time or no limit is set, as for commands, it stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(LENGTHEN)
