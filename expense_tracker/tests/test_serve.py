import socket
from contextlib import nullcontext
from unittest.mock import MagicMock

import pytest
from django.core.management import CommandError, call_command

from expense_tracker.management.commands import serve
from expense_tracker.starting import collect_static
from expense_tracker.tests.serving import announced, free_port, serving


@pytest.fixture
def nothing_happens(monkeypatch):
    """The command decides whether to serve, but neither prepares nor serves. Gives what it would have done."""
    done = []
    monkeypatch.setattr(serve, "one_at_a_time", nullcontext)
    monkeypatch.setattr(serve, "connection", MagicMock())
    monkeypatch.setattr(serve, "prepare", lambda: done.append("prepare"))
    monkeypatch.setattr(serve, "_become_gunicorn", lambda host, port: done.append((host, port)))
    return done


@pytest.mark.catalogue(64)
def test_two_servers_start_at_once_on_an_empty_folder_and_stop_on_ctrl_c(started):
    assert started.health == [{"database": "ok"}] * 2
    assert started.statuses == [0, 0]
    assert len(set(started.urls)) == 2
    assert sorted("with the password" in words for words in started.said) == [False, True]
    assert (started.home / "data" / "static" / "staticfiles.json").exists()


def test_nothing_is_served_by_a_role_that_no_row_security_holds_for(started, monkeypatch):
    monkeypatch.setenv("WEB_DATABASE_URL", "postgres://postgres@/expenses")
    with serving(started.home) as server:
        with pytest.raises(AssertionError, match="must not work as the database role “postgres”"):
            announced(server)
        assert server.wait(timeout=30) != 0


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
