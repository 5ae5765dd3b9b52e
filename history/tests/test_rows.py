"""What the pages and the API show of a row."""

import pytest

from history.models import TRACKED
from history.rows import SHOWN
from history.steps import BOOKKEEPING


@pytest.mark.parametrize("tracked", TRACKED, ids=lambda tracked: tracked.name)
def test_whatever_can_be_undone_can_be_seen(tracked):
    fields = [field for field in tracked.model._meta.concrete_fields if field.attname not in BOOKKEEPING]
    assert set(SHOWN[tracked.name]) == {field.name for field in fields}
