"""What the pages and the API show of a row."""

import pytest

from history.models import TRACKED
from history.rows import SHOWN
from history.steps import BOOKKEEPING

STAYS = {"key"}  # never changes, and is nobody's business


@pytest.mark.parametrize("tracked", TRACKED, ids=lambda tracked: tracked.name)
def test_whatever_can_be_undone_can_be_seen(tracked):
    fields = {field.name: field.attname for field in tracked.model._meta.concrete_fields}
    assert set(SHOWN[tracked.name]) == {
        name for name, column in fields.items() if column not in {*BOOKKEEPING, *STAYS}
    }
