"""One server for all the tests here: each leaves it working."""

import pytest

from expense_tracker.tests.faults.service import Service


@pytest.fixture(scope="package")
def served(started):
    with Service(started.home, started.cluster.ensure()).running() as service:
        yield service


@pytest.fixture
def service(served):
    """The server, which works as before when the test is over, without having been started again."""
    yield served
    assert [served.page("/healthz").status, served.api("expenses/").status] == [200, 200]
