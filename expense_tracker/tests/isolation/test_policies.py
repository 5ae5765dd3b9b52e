"""The matrix finds a table that row security was forgotten for."""

from contextlib import contextmanager

import pytest
from django.db import connection

from expense_tracker.tests.isolation.asking import Asker
from expense_tracker.tests.isolation.matrix import cells, findings
from expense_tracker.tests.isolation.routes import every_route
from expense_tracker.tests.isolation.walls import standing
from expense_tracker.tests.isolation.world import open_world

# A route that shows rows of the table in a ledger of one's own, as long as nobody scopes them.
SHOWN_BY = {
    "ledgers_ledger": "ledger-list",
    "ledgers_membership": "ledger_settings",
    "expenses_category": "category-list",
    "expenses_expense": "expense-list",
}


@contextmanager
def without_policies(table: str):
    _row_security(table, "DISABLE")
    try:
        yield
    finally:
        _row_security(table, "ENABLE")


def _row_security(table: str, verb: str):
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} {verb} ROW LEVEL SECURITY")


def found_on(route_name: str) -> list[str]:
    """What is found on the route while row security stands alone."""
    asked = (each for route in every_route() if route.name == route_name for each in cells(route, "clerk"))
    wanted = [request for request in asked if request.method == "GET"]
    with open_world() as world, standing("row security"):
        return findings(Asker(world), wanted)


@pytest.mark.django_db(transaction=True)
def test_a_table_without_its_policies_is_found():
    found = {}
    for table, route_name in SHOWN_BY.items():
        assert found_on(route_name) == []
        with without_policies(table):
            found[table] = bool(found_on(route_name))
    assert found == dict.fromkeys(SHOWN_BY, True)
