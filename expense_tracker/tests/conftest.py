"""The product, started once: what all who start it again and do not need an empty folder go on from."""

import pytest

from expense_tracker.tests.serving import first_start


@pytest.fixture(scope="session")
def started():
    """What two servers did on an empty folder; made once for those who test that, and those who need the folder."""
    with first_start() as found:
        yield found
