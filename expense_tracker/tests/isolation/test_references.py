"""Wherever a request can name a row, a row of a stranger's is one that does not exist."""

import pytest

from expense_tracker.tests.isolation.asking import Asker
from expense_tracker.tests.isolation.doors import DOORS, OF_NO_LEDGER, RAW_DOORS, WORDS
from expense_tracker.tests.isolation.matrix import findings
from expense_tracker.tests.isolation.references import raw_inputs, references
from expense_tracker.tests.isolation.walls import STANDING, standing
from expense_tracker.tests.isolation.world import ALICES, CHARLIES


def test_every_field_that_refers_to_a_row_has_a_door():
    assert references() - set(DOORS) == set(OF_NO_LEDGER)


def test_everything_read_from_a_request_without_a_form_is_known():
    assert raw_inputs() == {*WORDS, *RAW_DOORS}
    assert set(RAW_DOORS.values()) <= set(DOORS)


@pytest.mark.parametrize("name", DOORS)
def test_a_door_works_for_rows_of_ones_own(ask: Asker, world, name):
    door, before = DOORS[name], world.state(CHARLIES)
    answer = ask(door.request(CHARLIES))
    assert answer.status in (200, 201, 302)
    assert (answer.charlies != before) == door.writes
    assert door.writes or b"own" in answer.body or name in ("autocomplete",)


@pytest.mark.parametrize("walls", STANDING)
@pytest.mark.parametrize("name", DOORS)
def test_a_strangers_row_does_not_exist_for_any_door(ask: Asker, world, name, walls):
    door, own = DOORS[name], world.state(CHARLIES)
    request = door.request(ALICES)
    with standing(walls):
        assert findings(ask, [request]) == []
        assert door.takes_anybody or ask(request).charlies == own
