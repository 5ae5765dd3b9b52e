"""A real gunicorn with a PostgreSQL of its own, which tests may stop, lock, fill and kill."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from database.cluster import Cluster
from expense_tracker.tests.serving import MANAGE, NOT_WANTED, free_port

ROWS = 5  # of every day that is saved
PREPARE = """
import json
from django.db import connection
from django.test import Client
from api.models import Token
from expenses.models import Category
from expenses.tests.factories import make_ledger, make_token, make_user
with connection.owner():
    alice = make_user("alice", is_staff=True, is_superuser=True)
    ledger = make_ledger(alice)
    client = Client()
    client.force_login(alice)
    print(json.dumps({
        "ledger": ledger.pk, "category": Category.objects.filter(ledger=ledger).first().pk,
        "token": make_token(alice), "session": client.cookies["sessionid"].value,
    }))
"""


class Answer(NamedTuple):
    """What came back: ``kind`` is "api" or "page"."""

    kind: str
    status: int
    headers: dict[str, str]
    body: str

    @property
    def is_saved(self) -> bool:
        return self.status in (200, 201)

    @property
    def is_clear(self) -> bool:
        """It worked, or it says in the form its reader expects that it did not and when to come back.

        Where COMMIT was not acknowledged nobody knows: then it says that, and only to come back if it has a key.
        """
        if self.status == 200:
            return True
        unsure = "Look before you send it again" in self.body
        if self.status != 503 or unsure == self.headers.get("Retry-After", "").isdigit():
            return False
        if self.kind == "api":
            return list(json.loads(self.body)) == ["detail"]
        said = unsure or "Nothing was saved" in self.body
        return self.headers["Content-Type"] == "text/html; charset=utf-8" and said


class Service:
    """The server at ``port`` and its database; ``known`` has the ids, the token and the session of its one user.

    It finds the database in ``socket_folder``, which may be another than the cluster's own.
    """

    def __init__(self, home: Path, cluster: Cluster, socket_folder: Path | None = None):
        self.home, self.cluster, self.port = home, cluster, free_port()
        self.log = home / f"server-{self.port}.log"
        url = f"postgres://postgres@/{socket_folder or cluster.socket_folder}/expenses"
        kept = {name: value for name, value in os.environ.items() if name not in NOT_WANTED}
        # To the server this is somebody else's PostgreSQL, which it cannot start.
        self.environment = kept | {
            "DATABASE_URL": url,
            "DATA_DIR": str(home / "data"),
            "PORT": str(self.port),
        }

    @contextmanager
    def running(self, known: dict | None = None):
        """The server, ready, with its user, who is made unless the database has one who is ``known``."""
        with open(self.log, "wb") as log:
            command, options = [sys.executable, MANAGE, "serve"], {"stdout": log, "stderr": log}
            with subprocess.Popen(
                command, env=self.environment, start_new_session=True, **options
            ) as process:
                try:
                    wait_until(lambda: process.poll() is not None or self._is_ready(), seconds=120)
                    assert process.poll() is None, self.log.read_text()
                    self.pid, self.known = process.pid, known or self._prepared()
                    yield self
                finally:
                    with suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)

    def owner(self) -> psycopg.Connection:
        """A connection of the owner, whom no time-out and no row security holds."""
        return psycopg.connect(
            host=str(self.cluster.socket_folder), dbname="expenses", user="postgres", autocommit=True
        )

    @contextmanager
    def locked(self):
        """Inside the block nobody else can read or write an expense. Whoever locks may be killed meanwhile."""
        with self.owner() as connection:
            connection.execute("BEGIN")
            connection.execute("LOCK TABLE expenses_expense IN ACCESS EXCLUSIVE MODE")
            yield
            if not connection.closed:
                connection.close()

    @contextmanager
    def setting(self, name: str, value: str):
        """Inside the block the web's connections have this setting. The database may be killed meanwhile."""
        with self.owner() as connection:
            before = dict(self._settings(connection)).get(name)
        self._set(f"SET {name} = '{value}'")
        try:
            yield
        finally:
            self._set(f"RESET {name}" if before is None else f"SET {name} = '{before}'")

    def page(self, path: str) -> Answer:
        return self._ask("page", "GET", path, {"Cookie": f"sessionid={self.known['session']}"})

    def api(self, path: str) -> Answer:
        return self._ask("api", "GET", self._in_ledger(path), self._sent_with())

    def save(self, day: date) -> Answer:
        """Save a day of ``ROWS`` rows."""
        return self.send("PUT", f"days/{day}/", {"expenses": self.rows(), "tag": "*"})

    def add(self, rows: list[dict]) -> Answer:
        """Add all these expenses, or none."""
        return self.send("POST", "expenses/", [{"category": self.known["category"]} | row for row in rows])

    def rows(self, **values) -> list[dict]:
        """``ROWS`` rows of a day, as the API takes them."""
        common = {"category": self.known["category"]} | values
        return [{"amount": f"{number}.50"} | common for number in range(1, ROWS + 1)]

    def send(self, method: str, path: str, body, key: str | None = None) -> Answer:
        """A writing request to the API, with an idempotency key if one is given."""
        return self._ask("api", method, self._in_ledger(path), self._sent_with(key), json.dumps(body))

    def send_and_leave(self, method: str, path: str, body, key: str | None = None):
        """The same, but the client is gone before it was answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, self._in_ledger(path), json.dumps(body), self._sent_with(key))
        connection.close()

    def rows_by_day(self) -> dict[date, int]:
        with self.owner() as connection:
            return dict(
                connection.execute("SELECT date, count(*) FROM expenses_expense GROUP BY date").fetchall()
            )

    def _in_ledger(self, path: str) -> str:
        return f"/api/v1/ledgers/{self.known['ledger']}/{path}"

    def _sent_with(self, key: str | None = None) -> dict[str, str]:
        headers = {"Authorization": f"Token {self.known['token']}", "Content-Type": "application/json"}
        return headers | ({"Idempotency-Key": key} if key else {})

    def _ask(self, kind: str, method: str, path: str, headers: dict, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(kind, answer.status, dict(answer.getheaders()), answer.read().decode())
        finally:
            connection.close()

    def _is_ready(self) -> bool:
        try:
            return self._ask("page", "GET", "/healthz", {}).status == 200
        except OSError:
            return False

    def _prepared(self) -> dict:
        command = [sys.executable, MANAGE, "shell", "--no-imports", "-c", PREPARE]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    @staticmethod
    def _settings(connection) -> list[tuple[str, str]]:
        (settings,) = connection.execute(
            "SELECT setconfig FROM pg_db_role_setting WHERE setrole = 'expenses_web'::regrole"
        ).fetchone()
        return [tuple(setting.split("=", 1)) for setting in settings]

    def _set(self, change: str):
        with self.owner() as connection:
            connection.execute(f"ALTER ROLE expenses_web IN DATABASE expenses {change}")
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'expenses_web'"
            )


def wait_until(happens: Callable[[], Any], seconds: float):
    """What it gives as soon as that is true; fails if it is not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not (given := happens()):
        assert time.monotonic() < deadline, f"it did not happen within {seconds} seconds"
        time.sleep(0.02)
    return given
