"""What the matrix is made of, and that nothing of it was forgotten."""

import logging

import pytest
from django.urls import resolve

from expense_tracker.tests.isolation.doors import DOORS
from expense_tracker.tests.isolation.matrix import cells, is_stranger, roles
from expense_tracker.tests.isolation.routes import Route, UnknownParameter, every_route
from expense_tracker.tests.isolation.walls import STANDING
from expense_tracker.tests.isolation.world import ALICES


@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.label)
def test_every_parameter_of_every_route_is_known(db, route):
    for address in route.addresses(ALICES):
        found = resolve(address.partition("?")[0]).func
        assert getattr(found, "__name__", None) == getattr(route.callback, "__name__", None)


def test_a_route_with_a_new_parameter_is_not_forgotten(db):
    with pytest.raises(
        UnknownParameter, match="budget_id in /ledgers/<int:ledger_id>/budgets/<int:budget_id>/"
    ):
        Route("ledgers/<int:ledger_id>/budgets/<int:budget_id>/", "budget", None).addresses(ALICES)


def test_a_route_with_a_new_row_is_not_forgotten(db):
    with pytest.raises(UnknownParameter, match="pk in /ledgers/<int:ledger_id>/plans/<int:pk>/"):
        Route("ledgers/<int:ledger_id>/plans/<int:pk>/", "plan", None).addresses(ALICES)


def test_the_matrix_is_as_large_as_the_site(db):
    routes = every_route()
    asked = [request for route in routes for role in roles(route) for request in cells(route, role)]
    twice = sum(is_stranger(request.role) for request in asked)
    size = {
        "routes": len(routes),
        "of a ledger": sum(route.names_a_row for route in routes),
        "methods": len({(request.method, request.accept) for request in asked}),
        "roles": len({request.role for request in asked}),
        "fields that name a row": len(DOORS),
        "requests": len(STANDING) * (len(asked) + twice),
    }
    logging.getLogger(__name__).warning("%s", size)
    floors = {"routes": 130, "of a ledger": 55, "methods": 9, "roles": 11, "fields that name a row": 38}
    assert all(size[name] >= least for name, least in floors.items())
    assert size["requests"] >= 30_000
