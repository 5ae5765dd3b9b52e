"""Counting what a request asks of the database."""

import re
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

TRANSACTION = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b")


@contextmanager
def recorded_statements():
    """The SQL of what runs inside; filled at the end, without what only opens and closes transactions."""
    statements = []
    with CaptureQueriesContext(connection) as captured:
        yield statements
    statements += [query["sql"] for query in captured if not TRANSACTION.match(query["sql"])]
