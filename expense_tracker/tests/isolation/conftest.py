"""The world is made once for a module: every request in it is undone."""

import pytest

from expense_tracker.tests.isolation.asking import Asker
from expense_tracker.tests.isolation.world import open_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), open_world() as world:
        yield world


@pytest.fixture
def ask(world, db) -> Asker:
    return Asker(world)
