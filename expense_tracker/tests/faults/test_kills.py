"""Processes killed while six clients save: what was acknowledged is there, once and whole."""

import random
from collections import Counter
from contextlib import contextmanager, suppress

import psutil
import psycopg
import pytest

from expense_tracker.tests.faults.load import Savers
from expense_tracker.tests.faults.service import wait_until
from expense_tracker.workers import workers

pytestmark = [pytest.mark.torture, pytest.mark.catalogue(46)]


def kill(*processes: psutil.Process):
    """At one blow; returns when they are gone."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes)


def kill_worker(service):
    kill(random.choice(wait_until(lambda: workers_of(service), seconds=10)))


def kill_backend(service):
    """PostgreSQL then ends all others and recovers."""
    kill(wait_until(lambda: web_backend(service), seconds=60))


def kill_server(service):
    """All processes of PostgreSQL, whatever it does; then somebody starts it again."""
    postmaster = psutil.Process(int((service.cluster.data / "postmaster.pid").read_text().split()[0]))
    kill(postmaster, *postmaster.children())
    service.cluster.ensure()


def workers_of(service) -> list[psutil.Process]:
    return psutil.Process(service.pid).children()


def web_backend(service) -> psutil.Process | None:
    """One that carries out a request, if there is one; None while PostgreSQL recovers."""
    query = (
        "SELECT pid FROM pg_stat_activity WHERE usename = 'expenses_web' ORDER BY state = 'idle', random()"
    )
    with suppress(psycopg.OperationalError, psutil.NoSuchProcess), service.owner() as connection:
        found = connection.execute(query).fetchone()
        return found and psutil.Process(*found)
    return None


def kill_during_saves(service, savers, kills: list):
    """Each at a moment of its own, when a few more requests have been acknowledged."""
    for each in kills:
        savers.wait_for_saves(random.randint(1, 12))
        savers.enough.wait(random.uniform(0, 0.05))
        each(service)
    savers.wait_for_saves(12)


def in_turn(*, worker: int, backend: int, server: int) -> list:
    kills = [kill_worker] * worker + [kill_backend] * backend + [kill_server] * server
    return random.sample(kills, len(kills))


def test_kills_lose_double_and_halve_nothing_that_was_acknowledged(service, scale):
    kills = in_turn(worker=scale(4, 300), backend=scale(1, 100), server=scale(1, 100))
    with Savers(service) as savers:
        kill_during_saves(service, savers, kills)
    print(f"{len(kills)} kills, {savers}")  # noqa: T201
    assert savers.requests.written() == savers.requests.events() == savers.expected()
    wait_until(lambda: len(workers_of(service)) == workers, seconds=10)


def test_without_keys_the_same_kills_double_an_expense(service, scale):
    """The control: these clients would have doubled what the test above counts."""
    if not scale(False, True):
        pytest.skip("takes as many kills as chance wants; at length in `make torture`")
    kills = 0
    with Savers(service, with_keys=False) as savers:
        while set(savers.requests.written().values()) <= {1}:
            assert kills < 500
            kill_during_saves(service, savers, [kill_worker] * 10)
            kills += 10
    print(f"after {kills} kills, {savers}: {Counter(savers.requests.written().values())}")  # noqa: T201


@contextmanager
def late_log(service):
    """Inside the block PostgreSQL acknowledges a COMMIT at once, and writes it down up to ten seconds later."""
    with service.owner() as connection:
        connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        connection.execute("SELECT pg_reload_conf()")
    try:
        with service.setting("synchronous_commit", "off"):
            yield
    finally:
        with service.owner() as connection:
            connection.execute("ALTER SYSTEM RESET wal_writer_delay")
            connection.execute("SELECT pg_reload_conf()")


def test_without_synchronous_commit_the_same_kills_lose_acknowledged_rows(service, scale):
    """The control: a loss would have been seen."""
    with late_log(service), Savers(service) as savers:
        kill_during_saves(service, savers, [kill_server] * scale(1, 5))
    lost = savers.expected() - savers.requests.written()
    print(f"{savers}: {lost.total()} rows lost")  # noqa: T201
    assert lost
