"""Real servers in real folders: each test does to one what machines and people do."""

import multiprocessing
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from database.cluster import Cluster, ClusterError

ROOT = os.geteuid() == 0
STRANGER = pwd.getpwnam("daemon").pw_uid
SERVER_USER = {"user": "nobody"} if ROOT else {}

needs_root = pytest.mark.skipif(not ROOT, reason="only root can become another user")

START = """
import os, sys, time
from pathlib import Path
from database.cluster import Cluster
print(Cluster(Path(sys.argv[1])).ensure().status().pid, flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def place():
    """An empty folder that every user may enter; pytest's own are shut to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="cluster-tests-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def shared(place):
    cluster = Cluster(place / "shared")
    yield cluster
    cluster.stop()


@pytest.fixture
def cluster(shared):
    """A running server that other tests use too."""
    return shared.ensure()


@pytest.fixture
def new_cluster(place, request):
    """A cluster of one's own in a folder that does not exist yet."""
    cluster = Cluster(place / request.node.name)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def programs(place):
    """A copy of the server's programs, as if they had been installed elsewhere."""
    package = Cluster(place).bin.parents[1]
    for folder in [package, *package.parent.glob(f"{package.name}.libs")]:
        shutil.copytree(folder, place / "site" / folder.name, symlinks=True)
    subprocess.run(["chmod", "-R", "go+rX", place / "site"], check=True)
    return place / "site" / package.name / "pginstall18" / "bin"


def ask(cluster, query, dbname="expenses"):
    with psycopg.connect(
        host=str(cluster.socket_folder), port=5432, user="postgres", dbname=dbname
    ) as connection:
        return connection.execute(query).fetchone()


def starter(home, seconds=0, **environment):
    """Another process that starts the server, tells its process number and stays for some seconds."""
    command = [sys.executable, "-c", START, str(home), str(seconds)]
    root = Path(__file__).parents[2]
    options = {"cwd": root, "env": os.environ | environment, "start_new_session": True}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def kill(cluster):
    os.kill(cluster.status().pid, signal.SIGKILL)
    wait_for(lambda: not cluster.accepts())


def test_first_start_makes_a_durable_utf8_database(cluster):
    query = """
        SELECT pg_encoding_to_char(encoding), datlocprovider::text, datlocale, current_setting('fsync'),
               current_setting('listen_addresses'), current_setting('TimeZone'),
               current_setting('max_connections')
        FROM pg_database WHERE datname = 'expenses'
    """
    assert ask(cluster, query) == ("UTF8", "b", "C.UTF-8", "on", "", "UTC", "100")


def test_status_tells_about_a_running_and_a_stopped_server(cluster):
    status = cluster.status()
    assert status.running
    assert status.version.startswith("18.")
    assert (status.data, status.socket_folder) == (cluster.data, cluster.socket_folder)
    assert ask(cluster, "SELECT pg_backend_pid()")[0] != status.pid
    os.kill(status.pid, 0)

    cluster.stop()
    assert not cluster.status().running
    assert cluster.status().pid is None
    assert not cluster.socket_folder.exists()
    cluster.stop()


def test_survives_odd_and_long_paths(place):
    odd = """it's "an" $odd `path` ; with spaces"""
    cluster = Cluster(place / odd / ("long-" * 30) / "postgres").ensure()
    try:
        assert ask(cluster, "SELECT 1") == (1,)
    finally:
        cluster.stop()


def test_one_folder_under_two_names_has_one_server(cluster, place):
    (place / "alias").symlink_to(cluster.home)
    assert Cluster(place / "alias").ensure().status() == cluster.status()


def test_environment_meant_for_other_servers_is_ignored(cluster):
    cluster.stop()
    process = starter(cluster.home, PGPORT="1", PGDATA="/nowhere", PGHOST="/nowhere", TMPDIR="/nowhere")
    assert process.communicate()[0] == f"{cluster.status().pid}\n"
    assert ask(cluster, "SELECT 1") == (1,)


def test_four_processes_at_once_start_one_server(new_cluster):
    processes = [starter(new_cluster.home) for _ in range(4)]
    pids = {process.communicate(timeout=60)[0] for process in processes}
    assert pids == {f"{new_cluster.status().pid}\n"}
    assert new_cluster.log.read_text().count("starting PostgreSQL 18") == 1


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_starter_struck_while_it_makes_the_data(new_cluster, blow):
    process = starter(new_cluster.home)
    wait_for((new_cluster.home / "data.new" / "PG_VERSION").exists)
    os.killpg(process.pid, blow)
    process.communicate()
    assert not new_cluster.data.exists()
    assert ask(new_cluster.ensure(), "SELECT 1") == (1,)


def test_data_cut_short_is_made_again(new_cluster):
    draft = new_cluster.home / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    if ROOT:
        new_cluster.home.chmod(0o711)
    assert ask(new_cluster.ensure(), "SELECT 1") == (1,)


def test_ctrl_c_leaves_the_server_up(cluster):
    cluster.stop()
    process = starter(cluster.home, seconds=60)
    pid = process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    assert process.returncode != 0
    assert ask(cluster, "SELECT 1") == (1,)
    assert pid == f"{cluster.status().pid}\n"


def test_killed_server_is_started_again_with_what_it_had_promised(cluster):
    with psycopg.connect(host=str(cluster.socket_folder), user="postgres", dbname="expenses") as connection:
        connection.execute("CREATE TABLE promised AS SELECT 42 AS answer")
    kill(cluster)
    assert ask(cluster.ensure(), "SELECT answer FROM promised") == (42,)


def test_stale_process_number_that_now_belongs_to_another(cluster):
    other = subprocess.Popen(["sleep", "60"], **SERVER_USER)
    files = [cluster.data / "postmaster.pid", cluster.socket_folder / ".s.PGSQL.5432.lock"]
    try:
        for act in [cluster.ensure, cluster.stop]:
            number = str(cluster.ensure().status().pid)
            kill(cluster)
            for file in files:
                file.write_text(file.read_text().replace(number, str(other.pid), 1))
            act()
            assert other.poll() is None
        assert ask(cluster.ensure(), "SELECT 1") == (1,)
    finally:
        other.kill()
        other.wait()


def test_a_server_that_listens_but_cannot_answer_yet_is_waited_for(cluster, monkeypatch):
    pid_file = cluster.data / "postmaster.pid"
    ready = pid_file.read_text()
    pid_file.write_text(ready.replace("ready   ", "starting"))
    monkeypatch.setattr(cluster, "patience", 0.2)
    try:
        assert not cluster.accepts()
        with pytest.raises(ClusterError, match=r"not ready after 0\.2 seconds"):
            cluster.ensure()
    finally:
        pid_file.write_text(ready)


def test_a_server_that_cannot_start_says_why(cluster):
    cluster.stop()
    conf = cluster.data / "postgresql.conf"
    sound = conf.read_text()
    conf.write_text(sound + "nonsense = 1\n")
    with pytest.raises(
        ClusterError, match=r'(?s)did not start.*unrecognized configuration parameter "nonsense"'
    ):
        cluster.ensure()
    conf.write_text(sound)
    assert ask(cluster.ensure(), "SELECT 1") == (1,)


def test_home_that_cannot_be_made_says_why(place):
    (place / "file").touch()
    with pytest.raises(ClusterError, match="Not a directory"):
        Cluster(place / "file" / "postgres").ensure()


def test_socket_folder_that_is_a_link_is_refused(cluster, place):
    cluster.stop()
    (place / "trap").mkdir()
    cluster.socket_folder.symlink_to(place / "trap")
    try:
        with pytest.raises(ClusterError, match="belongs to somebody else or is a link"):
            cluster.ensure()
    finally:
        cluster.socket_folder.unlink()


@needs_root
def test_socket_folder_of_somebody_else_is_refused(cluster):
    cluster.ensure()
    os.chown(cluster.socket_folder, STRANGER, -1)
    try:
        assert not cluster.accepts(), "somebody else's server is not ours, even if it answers"
    finally:
        os.chown(cluster.socket_folder, pwd.getpwnam("nobody").pw_uid, -1)
    cluster.stop()
    cluster.socket_folder.mkdir()
    os.chown(cluster.socket_folder, STRANGER, -1)
    try:
        with pytest.raises(ClusterError, match="belongs to somebody else"):
            cluster.ensure()
    finally:
        cluster.socket_folder.rmdir()


def _work_as_stranger(home, programs):
    os.setgroups([])
    os.setgid(STRANGER)
    os.setuid(STRANGER)
    Cluster.bin = programs
    assert ask(Cluster(home).ensure(), "SELECT 1") == (1,)


@needs_root
def test_ordinary_user_and_root_share_one_server(place, programs):
    owned = place / "owned"
    owned.mkdir(mode=0o700)
    os.chown(owned, STRANGER, STRANGER)
    arguments = [owned / "data" / "postgres", programs]
    process = multiprocessing.get_context("fork").Process(target=_work_as_stranger, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0

    cluster = Cluster(owned / "data" / "postgres")
    try:
        assert cluster.accepts()
        assert os.stat(f"/proc/{cluster.status().pid}").st_uid == STRANGER
    finally:
        cluster.stop()


@needs_root
def test_programs_out_of_reach_are_copied(new_cluster, programs, monkeypatch):
    monkeypatch.setattr(Cluster, "bin", programs)
    site = programs.parents[2]
    site.chmod(0o700)
    try:
        assert ask(new_cluster.ensure(), "SELECT 1") == (1,)
        assert os.readlink(f"/proc/{new_cluster.status().pid}/exe").startswith(str(new_cluster.home))
    finally:
        site.chmod(0o755)


@needs_root
def test_folder_shut_to_the_server_is_left_alone_and_explained(place):
    shut = place / "my own"
    shut.mkdir(mode=0o700)
    with pytest.raises(ClusterError, match=r"nobody, who may not enter .*my own\. .*chmod o\+x '.*my own'"):
        Cluster(shut / "data" / "postgres").ensure()
    assert shut.stat().st_mode & 0o777 == 0o700
