"""The backend as Django uses it: through the pool, from many threads, across forks and a killed server."""

import copy
import os
import pickle
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.utils import Error, IntegrityError, OperationalError
from psycopg_pool import ConnectionPool

from database.acting import Actor, acting_as
from database.cluster import Cluster
from database.errors import OutcomeUnknown
from database.postgresql import base
from database.postgresql.base import DatabaseWrapper, start_server
from database.tests.threads import Threads

POOL = {"min_size": 1, "max_size": 8, "timeout": 10}


@pytest.fixture(scope="module")
def home():
    folder = Path(tempfile.mkdtemp(prefix="backend-tests-"))
    folder.chmod(0o755)
    yield folder / "postgres"
    Cluster(folder / "postgres").stop()
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home, settings, django_db_blocker):
    """The embedded server that `settings` points to, free to be used without Django's test database."""
    settings.EMBEDDED_POSTGRES = home
    with django_db_blocker.unblock():
        ask(
            wrapper("owner"),
            "DO $$ BEGIN CREATE ROLE web LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
            "REVOKE TEMPORARY ON DATABASE expenses FROM PUBLIC",
        )
        yield Cluster(home)


def wrapper(alias="embedded", **changes):
    """A connection of the web's role through a pool; under another alias one of the owner's own."""
    options = {"pool": dict(POOL)} if alias == "embedded" else {}
    empty = {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "TIME_ZONE": None, "TEST": {}}
    empty["WEB"] = {"USER": "web", "PASSWORD": ""}
    connecting = {
        "CONN_HEALTH_CHECKS": False,
        "CONN_MAX_AGE": 0,
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
    }
    settings_dict = {"NAME": "expenses", "OPTIONS": options, **empty, **connecting, **changes}
    connection = DatabaseWrapper(settings_dict, alias)
    connection.is_owner = "pool" not in settings_dict["OPTIONS"]
    return connection


@pytest.fixture
def connection(cluster):
    connection = wrapper()
    yield connection
    connection.close()
    connection.close_pool()


def ask(connection, query, *values):
    """What a request does: connect, ask, give the connection back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def kill_whole_server(cluster):
    """Kill the postmaster and all of its children at one blow."""
    (children,) = ask(wrapper("killer"), "SELECT array_agg(pid) FROM pg_stat_activity")
    for pid in [cluster.status().pid, *children]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_postmaster(cluster):
    os.kill(cluster.status().pid, signal.SIGKILL)


class Writers(Threads):
    """Write numbered rows as fast as they can, and remember which were acknowledged."""

    def __init__(self, number: int):
        super().__init__(number)
        self.acknowledged, self.errors = [], []
        self.keys = count()

    def wait_for_rows_since(self, moment, rows=50, seconds=30):
        deadline = time.monotonic() + seconds
        while len([when for _, when in list(self.acknowledged) if when > moment]) < rows:
            assert time.monotonic() < deadline, f"too few rows; the last errors: {self.errors[-3:]}"
            time.sleep(0.05)

    def work(self, number):
        key = next(self.keys)
        try:
            ask(wrapper(), "INSERT INTO written VALUES (%s)", key)
            self.acknowledged.append((key, time.monotonic()))
        except Error as error:
            self.errors.append(error)


@pytest.mark.catalogue(46)
@pytest.mark.parametrize("kill", [kill_postmaster, kill_whole_server])
def test_a_killed_server_loses_nothing_and_comes_back_by_itself(connection, cluster, kill):
    table = "DROP TABLE IF EXISTS written; CREATE TABLE written (key bigint); GRANT ALL ON written TO web"
    ask(wrapper("owner"), table)
    with Writers(6) as writers:
        writers.wait_for_rows_since(0)
        killed = cluster.status().pid
        kill(cluster)
        # A little later, so that no row counts which the dying server still wrote.
        writers.wait_for_rows_since(time.monotonic() + 0.1)
    assert cluster.status().pid != killed
    missing = "SELECT count(*) FROM unnest(%s::bigint[]) AS key WHERE key NOT IN (TABLE written)"
    assert ask(connection, missing, [key for key, _ in writers.acknowledged]) == (0,)


def test_an_idle_pool_notices_that_the_server_was_killed(connection, cluster, monkeypatch):
    monkeypatch.setattr(base, "QUIET", 0)
    assert ask(connection, "SELECT 1") == (1,)
    # With its children: one that outlives the postmaster for a moment could still answer the pool's own question.
    kill_whole_server(cluster)
    while cluster.accepts():
        time.sleep(0.01)
    start = time.monotonic()
    assert ask(connection, "SELECT 1") == (1,)
    assert time.monotonic() - start < POOL["timeout"]


def test_a_pool_whose_connections_are_all_lost_gives_one_that_works_at_once(cluster):
    connection = wrapper(alias="lost", OPTIONS={"pool": POOL | {"timeout": 3}})
    try:
        connection.pool.open()
        held = [connection.pool.getconn() for _ in range(6)]
        for each in held:
            connection.pool.putconn(each)
        ask(wrapper("killer"), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'web'")
        assert ask(connection, "SELECT 1") == (1,)
    finally:
        connection.close()
        connection.close_pool()


def test_a_connection_is_asked_whether_it_answers_only_after_a_pause(cluster, monkeypatch):
    connection, asked = wrapper(alias="single", OPTIONS={"pool": POOL | {"max_size": 1}}), []
    try:
        ask(connection, "SELECT 1")
        monkeypatch.setattr(ConnectionPool, "check_connection", asked.append)
        ask(connection, "SELECT 1")
        assert asked == []
        monkeypatch.setattr(base, "QUIET", -1)
        ask(connection, "SELECT 1")
        assert len(asked) == 1
    finally:
        connection.close()
        connection.close_pool()


def test_a_connection_whose_server_process_ended_is_not_given_out_however_soon(connection):
    pids = set()
    for _ in range(5):
        pids |= {*ask(connection, "SELECT pg_backend_pid()")}
        ask(
            wrapper("killer"),
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'web'",
        )
    assert len(pids) == 5


def test_a_transaction_that_follows_one_ended_by_hand_knows_the_actor(connection):
    connection.set_autocommit(False)
    connection.commit()
    with acting_as(Actor(user_id=5)), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('expense_tracker.user_id', true)")
        assert cursor.fetchone() == ("5",)
    connection.rollback()


def test_rows_read_in_pieces_end_with_their_transaction(connection):
    connection.set_autocommit(False)
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT generate_series(1, 9)")
        assert cursor.cursor.withhold is False
    connection.rollback()


def test_a_commit_whose_acknowledgement_is_lost_has_an_unknown_outcome(connection):
    connection.ensure_connection()
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ask(wrapper("killer"), "SELECT pg_terminate_backend(%s)", pid)
    with pytest.raises(OutcomeUnknown):
        connection.commit()


def test_a_commit_that_postgresql_refuses_is_no_unknown_outcome(connection):
    ask(
        wrapper("owner"),
        "CREATE TABLE twice (id int UNIQUE DEFERRABLE INITIALLY DEFERRED); GRANT INSERT ON twice TO web",
    )
    connection.ensure_connection()
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO twice VALUES (1), (1)")
    with pytest.raises(IntegrityError):
        connection.commit()


def test_first_connection_starts_the_server(connection, cluster):
    cluster.stop()
    assert ask(connection, "SELECT current_database(), current_user") == ("expenses", "web")
    assert cluster.accepts()


def test_a_user_named_in_the_settings_is_kept(cluster):
    assert wrapper(USER="web").settings_dict["USER"] == "web"


def test_maintenance_connection_reaches_the_embedded_server(connection):
    with connection._nodb_cursor() as cursor:
        assert cursor.db.alias == NO_DB_ALIAS
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == ("postgres",)


def test_settings_can_be_copied_and_sent_to_parallel_test_workers(connection):
    copy.deepcopy(connection.settings_dict)
    again = pickle.loads(pickle.dumps(connection.settings_dict))  # noqa: S301
    assert again["OPTIONS"]["pool"]["conninfo"] is start_server


def test_a_forked_worker_makes_a_pool_of_its_own(connection):
    ours = ask(connection, "SELECT pg_backend_pid()")
    if (child := os.fork()) == 0:
        os._exit(0 if _has_another_backend(ours) else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert ask(connection, "SELECT 1") == (1,)


def _has_another_backend(than):
    try:
        return ask(wrapper(), "SELECT pg_backend_pid()") != than
    except BaseException:
        return False


def test_dbshell_starts_and_reaches_the_embedded_server(connection, cluster, capfd):
    cluster.stop()
    connection.client.runshell(["-Atc", "SELECT 'here'"])
    assert capfd.readouterr().out == "here\n"


def test_a_server_that_cannot_start_is_an_operational_error(cluster, settings, home):
    (home.parent / "file").touch()
    settings.EMBEDDED_POSTGRES = home.parent / "file" / "postgres"
    with pytest.raises(OperationalError, match="could not be started"):
        ask(wrapper("elsewhere"), "SELECT 1")


def test_without_an_embedded_server_it_is_the_plain_backend(cluster, settings):
    folder = str(cluster.ensure().socket_folder)
    settings.EMBEDDED_POSTGRES = None
    plain = wrapper("plain", HOST=folder, USER="postgres", OPTIONS={"pool": dict(POOL)})
    assert plain.settings_dict["OPTIONS"] == {"pool": POOL}
    assert ask(plain, "SELECT 1") == (1,)
    plain.close_pool()
    cluster.stop()
    with pytest.raises(OperationalError):
        ask(wrapper("plainer", HOST=folder, USER="postgres"), "SELECT 1")
