"""A real gunicorn with a PostgreSQL of its own, which tests may stop, lock, fill and kill."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import psycopg

from database.cluster import Cluster
from expense_tracker.tests.test_serve import MANAGE, NOT_WANTED, free_port

ROWS = 5  # of every day that is saved
FIRST_YEAR, LAST_YEAR = date(1900, 1, 1), date(1980, 1, 1)  # what Load writes lies between
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
    def is_clear(self) -> bool:
        """It worked, or it says in the form its reader expects that it did not and when to come back.

        Where COMMIT was not acknowledged nobody knows: then it says that, and not to come back.
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
    """The server at ``port`` and its database; ``known`` has the ids, the token and the session of its one user."""

    def __init__(self, home: Path):
        self.home, self.port = home, free_port()
        self.cluster = Cluster(home / "postgres").ensure()
        url = f"postgres://postgres@/{self.cluster.socket_folder}/expenses"
        kept = {name: value for name, value in os.environ.items() if name not in NOT_WANTED}
        # To the server this is somebody else's PostgreSQL, which it cannot start.
        self.environment = kept | {
            "DATABASE_URL": url,
            "DATA_DIR": str(home / "data"),
            "PORT": str(self.port),
        }

    @contextmanager
    def running(self):
        """The server, ready, with its user."""
        with open(self.home / "server.log", "wb") as log:
            command, options = [sys.executable, MANAGE, "serve"], {"stdout": log, "stderr": log}
            with subprocess.Popen(
                command, env=self.environment, start_new_session=True, **options
            ) as process:
                try:
                    wait_until(lambda: process.poll() is not None or self._is_ready(), seconds=120)
                    assert process.poll() is None, (self.home / "server.log").read_text()
                    self.known = self._prepared()
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
        """Inside the block the web's connections have this setting."""
        change = f"ALTER ROLE expenses_web IN DATABASE expenses SET {name} = "
        with self.owner() as connection:
            before = dict(self._settings(connection))[name]
            connection.execute(f"{change}'{value}'")
            self._end_connections(connection)
            try:
                yield
            finally:
                connection.execute(f"{change}'{before}'")
                self._end_connections(connection)

    def page(self, path: str) -> Answer:
        return self._ask("page", "GET", path, {"Cookie": f"sessionid={self.known['session']}"})

    def api(self, path: str) -> Answer:
        return self._ask("api", "GET", f"/api/v1/ledgers/{self.known['ledger']}/{path}", self._token)

    def save(self, day: date) -> Answer:
        """Save a day of ``ROWS`` rows."""
        rows = [
            {"amount": f"{number}.50", "category": self.known["category"]} for number in range(1, ROWS + 1)
        ]
        return self._send("PUT", f"days/{day}/", {"expenses": rows, "tag": "*"})

    def add(self, rows: list[dict]) -> Answer:
        """Add all these expenses, or none."""
        return self._send("POST", "expenses/", [{"category": self.known["category"]} | row for row in rows])

    def rows_by_day(self) -> dict[date, int]:
        with self.owner() as connection:
            return dict(
                connection.execute("SELECT date, count(*) FROM expenses_expense GROUP BY date").fetchall()
            )

    @property
    def _token(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.known['token']}", "Content-Type": "application/json"}

    def _send(self, method: str, path: str, body) -> Answer:
        path = f"/api/v1/ledgers/{self.known['ledger']}/{path}"
        return self._ask("api", method, path, self._token, json.dumps(body))

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

    @staticmethod
    def _end_connections(connection):
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'expenses_web'"
        )


class Load:
    """Threads that save days, each its own and each day once, and read pages, until the block ends."""

    def __init__(self, service: Service, threads: int = 6, most: int = 3_000):
        self.service, self.most = service, most
        self.answers: list[Answer] = []
        self.acknowledged: dict[int, list[date]] = {number: [] for number in range(threads)}
        self.failures: list[Exception] = []
        self.enough = threading.Event()
        self.threads = [threading.Thread(target=self._work, args=[number]) for number in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self.enough.set()
        for thread in self.threads:
            thread.join()

    def wait_for_saves(self, count: int, seconds: float = 120):
        """Until every thread has had so many more days saved than now."""
        before = {number: len(days) for number, days in self.acknowledged.items()}
        wait_until(
            lambda: all(len(days) >= before[number] + count for number, days in self.acknowledged.items()),
            seconds,
        )

    def _work(self, number: int):
        first = FIRST_YEAR.replace(year=FIRST_YEAR.year + 10 * number)
        try:
            for count in range(self.most):
                if self.enough.is_set():
                    return
                self._save(number, first + timedelta(days=count))
                self.answers.append(self.service.page(f"/ledgers/{self.service.known['ledger']}/expenses/"))
        except Exception as error:
            self.failures.append(error)

    def _save(self, number: int, day: date):
        answer = self.service.save(day)
        self.answers.append(answer)
        if answer.status == 200:
            self.acknowledged[number].append(day)


def wait_until(happens: Callable[[], bool], seconds: float):
    """Return as soon as it happens; fail if it has not after so many seconds."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} seconds"
        time.sleep(0.02)
