"""Clients that ask for much and do not take it, with a real server before them."""

import socket
from contextlib import ExitStack, contextmanager

import pytest

from expense_tracker.tests.faults.service import wait_until

pytestmark = pytest.mark.torture

THREADS, SEATS = 8, 4  # of both workers together


@contextmanager
def long_list(service, rows: int):
    """Inside the block the ledger has so many more expenses of 1 KB."""
    with service.owner() as connection:
        connection.execute(
            "INSERT INTO expenses_expense (ledger_id, category_id, date, amount, notes) "
            "SELECT %(ledger)s, %(category)s, '2100-01-01', n, repeat('x', 1000) FROM generate_series(1, %(rows)s) n",
            {"rows": rows, "ledger": service.known["ledger"], "category": service.known["category"]},
        )
        yield
        connection.execute("DELETE FROM expenses_expense WHERE date = '2100-01-01'")


def ask_and_wait(service, path: str) -> socket.socket:
    """A request whose answer nobody reads, into the smallest buffer there is."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", service.port))
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: sessionid={service.known['session']}",
        "",
        "",
    ]
    client.sendall("\r\n".join(lines).encode())
    return client


def test_exports_that_nobody_reads_leave_threads_for_everybody_else(service, scale):
    log, export = service.log, f"/ledgers/{service.known['ledger']}/expenses/export.csv"
    asked = log.read_text().count(export)
    clients = scale(THREADS, 5 * THREADS)
    with long_list(service, 15_000), ExitStack() as unread:
        for _ in range(clients):
            unread.enter_context(ask_and_wait(service, export))
        wait_until(lambda: log.read_text().count(export) == asked + clients, seconds=60)
        assert service.page("/healthz").status == 200
        assert "BlockingIOError" not in log.read_text()  # nobody had to be given up for that
        assert log.read_text().count(f"{export} 503") >= clients - SEATS
