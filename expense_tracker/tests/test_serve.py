import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from unittest.mock import MagicMock
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command

from database.cluster import Cluster
from expense_tracker.management.commands import serve
from expense_tracker.starting import collect_static

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
NOT_WANTED = ("DATABASE_URL", "HTTPS", "DEBUG", "ALLOWED_HOSTS", "SECRET_KEY", "PORT", "SIGNUP")


@pytest.fixture
def home():
    # Not tmp_path: as root, PostgreSQL runs as somebody who may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="serve tests "))
    folder.chmod(0o755)
    yield folder
    Cluster(folder / "data" / "postgres").stop()
    shutil.rmtree(folder)


@pytest.fixture
def nothing_happens(monkeypatch):
    """The command decides whether to serve, but neither prepares nor serves. Gives what it would have done."""
    done = []
    monkeypatch.setattr(serve, "one_at_a_time", nullcontext)
    monkeypatch.setattr(serve, "connection", MagicMock())
    monkeypatch.setattr(serve, "prepare", lambda: done.append("prepare"))
    monkeypatch.setattr(serve, "_become_gunicorn", lambda host, port: done.append((host, port)))
    return done


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def serving(home, *words):
    """A server started from another folder, with a DATA_DIR relative to it."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_WANTED}
    environment |= {"DATA_DIR": "data", "PORT": str(free_port())}
    command = [sys.executable, MANAGE, "serve", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=home, env=environment, start_new_session=True, **pipes) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def announced(process):
    """All that the server said until it named its address, and the address."""
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://\S+", line):
            return said, found[0]
    raise AssertionError(f"the server ended, and said:\n{said}")


@pytest.mark.catalogue(64)
def test_two_servers_start_at_once_on_an_empty_folder_and_stop_on_ctrl_c(home):
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(home, "--demo")) for _ in range(2)]
        said, urls = zip(*map(announced, servers), strict=True)
        for url in urls:
            with urlopen(f"{url}healthz", timeout=30) as answer:  # noqa: S310
                assert json.load(answer) == {"database": "ok"}
        for server in servers:
            # As a terminal does: to the server and to its workers.
            os.killpg(server.pid, signal.SIGINT)
        assert [server.wait(timeout=30) for server in servers] == [0, 0]
    assert len(set(urls)) == 2
    assert sorted("with the password" in words for words in said) == [False, True]
    assert (home / "data" / "static" / "staticfiles.json").exists()


def test_nothing_is_served_by_a_role_that_no_row_security_holds_for(home, monkeypatch):
    monkeypatch.setenv("WEB_DATABASE_URL", "postgres://postgres@/expenses")
    with serving(home) as server:
        said = server.stdout.read()
        assert server.wait(timeout=30) != 0
    assert "must not work as the database role “postgres”" in said


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "expenses.example.org"])  # noqa: S104
@pytest.mark.parametrize("https", [None, ""])
def test_other_machines_only_after_a_decision(nothing_happens, monkeypatch, host, https):
    monkeypatch.delenv("HTTPS", raising=False)
    if https is not None:
        monkeypatch.setenv("HTTPS", https)
    with pytest.raises(CommandError, match=r"HTTPS=on(?s:.)*HTTPS=off(?s:.)*ALLOWED_HOSTS"):
        call_command("serve", host=host, port=free_port())
    assert nothing_happens == []


@pytest.mark.parametrize("https", ["on", "off"])
def test_other_machines_once_it_is_decided(nothing_happens, monkeypatch, https):
    monkeypatch.setenv("HTTPS", https)
    port = free_port()
    call_command("serve", host="0.0.0.0", port=port)  # noqa: S104
    assert nothing_happens == ["prepare", ("0.0.0.0", port)]  # noqa: S104


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_needs_no_decision(nothing_happens, monkeypatch, host):
    monkeypatch.delenv("HTTPS", raising=False)
    monkeypatch.setenv("PORT", str(port := free_port()))
    call_command("serve", host=host)
    assert nothing_happens == ["prepare", (host, port)]


def test_taken_port_is_told_before_anything_is_done(nothing_happens):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(CommandError, match=r"cannot be used: .*in use.*--port"):
            call_command("serve", port=listener.getsockname()[1])
    assert nothing_happens == []


@pytest.mark.parametrize("port", ["x", "-1", "99999"])
def test_impossible_port(nothing_happens, monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match=port):
        call_command("serve")
    assert nothing_happens == []


def test_static_files_are_collected_only_when_they_changed(settings, tmp_path):
    source = tmp_path / "source" / "app.css"
    source.parent.mkdir()
    source.write_text("a {}")
    settings.STATICFILES_DIRS = [source.parent]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    assert [collect_static(), collect_static()] == [True, False]
    source.write_text("a { color: red }")
    assert [collect_static(), collect_static()] == [True, False]
    assert "red" in (settings.STATIC_ROOT / "app.css").read_text()
