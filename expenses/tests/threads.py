"""Real threads with connections of their own, for tests of what happens when requests meet in the database."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from django.db import connection, transaction

from database.tests.every_ledger import every_ledger


def at_once(*acts):
    """Carry out all acts at the same moment; what each returned, in the order given."""
    barrier = Barrier(len(acts))

    def run(act):
        barrier.wait()
        return in_own_connection(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@contextmanager
def while_blocked(act):
    """What the block does is not committed before ``act``, in another thread, waits for one of its locks.

    Yields a list that has, after the block, what ``act`` returned.
    """
    result = []
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            yield result
            future = pool.submit(in_own_connection, act)
            _wait_until_blocked()
        result.append(future.result())


def in_own_connection(act):
    try:
        with every_ledger():
            return act()
    finally:
        connection.close()


def _wait_until_blocked():
    with connection.cursor() as cursor:
        for _ in range(3_000):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited")
