"""No cell of the matrix leaks, with both walls and with either of them alone."""

import pytest

from expense_tracker.tests.isolation.asking import Asker
from expense_tracker.tests.isolation.matrix import chosen, findings
from expense_tracker.tests.isolation.routes import Route, every_route
from expense_tracker.tests.isolation.walls import STANDING, standing


@pytest.mark.torture
@pytest.mark.parametrize("walls", STANDING)
@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.label)
def test_nothing_of_a_ledger_gets_to_a_stranger(ask: Asker, scale, route: Route, walls):
    wanted = chosen(route, walls, share=scale(100, 1))
    with standing(walls):
        assert findings(ask, wanted, members_may_break=walls == "row security") == []
