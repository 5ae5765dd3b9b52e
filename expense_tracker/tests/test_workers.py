import socket
from contextlib import closing

import pytest

from expense_tracker import workers


@pytest.fixture
def connection(monkeypatch):
    """Both ends, ours set up as gunicorn has it."""
    monkeypatch.setattr(workers, "PATIENCE", 1)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        workers.limit_patience(listener)
        with closing(socket.create_connection(listener.getsockname())) as client:
            ours, _address = listener.accept()
            with closing(ours):
                ours.setblocking(True)
                yield ours, client


def test_a_client_that_takes_nothing_is_given_up(connection):
    ours, _client = connection
    with pytest.raises(BlockingIOError):
        ours.sendall(bytes(50_000_000))


def test_a_client_that_sends_nothing_is_given_up(connection):
    ours, client = connection
    client.sendall(b"GET / HT")
    assert ours.recv(100) == b"GET / HT"
    with pytest.raises(BlockingIOError):
        ours.recv(100)


def test_files_are_sent_where_patience_has_an_end():
    """What sends files by itself waits for the client for ever."""
    assert workers.sendfile is False
