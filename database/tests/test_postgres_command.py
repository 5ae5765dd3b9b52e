import os
import shutil
import subprocess
import tempfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from database.cluster import Cluster
from database.management.commands import postgres
from database.tests.test_backend import wrapper


@pytest.fixture(scope="module")
def home():
    folder = Path(tempfile.mkdtemp(prefix="command-tests-"))
    folder.chmod(0o755)
    yield folder / "postgres"
    Cluster(folder / "postgres").stop()
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home, settings, monkeypatch, django_db_blocker):
    """The embedded server, which the command finds as the project's database."""
    settings.EMBEDDED_POSTGRES = home
    monkeypatch.setattr(postgres, "connection", wrapper("command"))
    with django_db_blocker.unblock():
        yield Cluster(home).ensure()


@pytest.fixture
def server(cluster, settings, monkeypatch):
    """The same server, but as if DATABASE_URL named it."""
    settings.EMBEDDED_POSTGRES = None
    address = {"HOST": str(cluster.socket_folder), "PORT": "5432", "USER": "postgres", "PASSWORD": "secret"}
    monkeypatch.setattr(postgres, "connection", wrapper("server", **address))
    monkeypatch.setenv("PATH", str(cluster.bin), prepend=os.pathsep)
    return cluster


def run(*words):
    out = StringIO()
    call_command("postgres", *map(str, words), stdout=out)
    return out.getvalue()


def test_status_of_a_running_server(cluster):
    status = run("status")
    assert "PostgreSQL: 18." in status
    assert "(running)" in status
    for fact in [cluster.data, cluster.socket_folder, cluster.status().pid]:
        assert f": {fact}\n" in status


def test_stop_then_status_fails_and_starts_nothing(cluster, capsys):
    assert "stopped" in run("stop")
    with pytest.raises(SystemExit) as exit_status:
        call_command("postgres", "status")
    assert exit_status.value.code == 1
    assert "(not running)" in capsys.readouterr().out
    assert not cluster.accepts()


def test_dump_can_be_restored(cluster, tmp_path):
    with postgres.connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 42 AS answer")
    postgres.connection.close()
    run("dump", tmp_path / "all.dump")
    restore = [cluster.bin / "pg_restore", "--file=-", tmp_path / "all.dump"]
    assert "CREATE TABLE public.kept" in subprocess.run(restore, capture_output=True, text=True).stdout
    assert (tmp_path / "all.dump").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["all.dump"]


def test_dump_as_sql_starts_the_server_if_needed(cluster, tmp_path):
    cluster.stop()
    run("dump", tmp_path / "all.sql")
    assert "PostgreSQL database dump complete" in (tmp_path / "all.sql").read_text()


@pytest.mark.catalogue(57)
def test_failed_dump_leaves_the_old_file_alone(cluster, tmp_path, monkeypatch):
    file = tmp_path / "all.dump"
    file.write_text("yesterday")
    monkeypatch.setitem(postgres.connection.settings_dict, "NAME", "missing")
    with pytest.raises(CommandError, match='database "missing" does not exist'):
        run("dump", file)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["yesterday"]


def test_dump_into_a_missing_folder_is_refused(cluster, tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        run("dump", tmp_path / "missing" / "all.dump")


def test_psql_becomes_psql_on_the_database(cluster, monkeypatch):
    answers = []

    def become(program, command, environment):
        answers.append(subprocess.run(command, env=environment, capture_output=True, text=True).stdout)

    monkeypatch.setattr(os, "execvpe", become)
    run("psql", "--", "-Atc", "SELECT current_database()")
    assert answers == ["expenses\n"]


def test_database_url_status(server):
    assert "PostgreSQL: 18." in run("status")
    assert f"Server: {server.socket_folder}:5432/expenses" in run("status")


def test_database_url_status_of_a_server_that_is_away(server):
    server.stop()
    with pytest.raises(CommandError):
        run("status")


def test_database_url_is_never_stopped(server):
    with pytest.raises(CommandError, match="DATABASE_URL"):
        run("stop")
    assert server.accepts()


def test_database_url_dump_keeps_the_password_off_the_command_line(server, tmp_path, monkeypatch):
    commands = []
    real_run = subprocess.run

    def spy(command, **options):
        commands.append((command, options["env"]))
        return real_run(command, **options)

    monkeypatch.setattr(subprocess, "run", spy)
    run("dump", tmp_path / "all.sql")
    ((command, environment),) = commands
    assert command[0] == "pg_dump"
    assert not [word for word in command if "secret" in word]
    assert environment["PGPASSWORD"] == "secret"
    assert "dump complete" in (tmp_path / "all.sql").read_text()


def test_missing_pg_dump_is_explained(server, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="pg_dump is not installed"):
        run("dump", tmp_path / "all.sql")
