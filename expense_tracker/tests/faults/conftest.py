"""One server for all the tests here: each leaves it working."""

import shutil
import tempfile
from pathlib import Path

import pytest

from database.cluster import Cluster
from expense_tracker.tests.faults.service import Service


@pytest.fixture(scope="package")
def served():
    # Not tmp_path: as root, PostgreSQL runs as somebody who may not enter that.
    home = Path(tempfile.mkdtemp(prefix="faults-tests-"))
    home.chmod(0o755)
    cluster = Cluster(home / "postgres").ensure()
    try:
        with Service(home, cluster).running() as service:
            yield service
    finally:
        cluster.stop()
        shutil.rmtree(home)


@pytest.fixture
def service(served):
    """The server, which works as before when the test is over, without having been started again."""
    yield served
    assert [served.page("/healthz").status, served.api("expenses/").status] == [200, 200]
