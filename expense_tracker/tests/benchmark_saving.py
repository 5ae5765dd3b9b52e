"""What saving costs, beside what it cost at another revision; ``make test`` does not run it.

    .venv/bin/python -m expense_tracker.tests.benchmark_saving --against cf62e26

Both are served at once, from the same packages, each with an embedded PostgreSQL of its own that holds the demo
ledger. One client asks the one and the other in turn, so whatever else the machine does slows both down.
"""

import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median, quantiles
from types import SimpleNamespace
from urllib.parse import urlencode

from expenses.tests.pages import Page

HERE = Path(__file__).resolve().parents[2]
ROWS = 5
UNMEASURED = 10  # rounds, until both have connections and caches
FIRST_DAY = date(2100, 1, 1)  # the demo ledger has nothing there
KNOWN = """
import json
from django.db import connection
from django.test import Client
from expenses.models import Category
from expenses.tests.factories import make_token
from users.models import User
with connection.owner():
    demo = User.objects.get(username="demo")
    category = Category.objects.order_by("pk").first()
    client = Client()
    client.force_login(demo)
    print(json.dumps({
        "ledger": category.ledger_id, "category": category.pk, "token": make_token(demo),
        "session": client.cookies["sessionid"].value,
    }))
"""


class Side:
    """One of the two: a server of the project in the folder ``tree``, and what its one client sends to it."""

    def __init__(self, name: str, tree: Path, home: Path):
        self.name, self.home, self.port = name, home, free_port()
        self.manage = [sys.executable, str(tree / "manage.py")]
        # Nothing of what an installation on this machine may be told.
        self.environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(home), "PORT": str(self.port)}
        self.took: dict[str, list[float]] = {}  # milliseconds

    @contextmanager
    def running(self):
        self.home.mkdir(mode=0o711)
        with open(self.home / "server.log", "wb") as log:
            options = {"env": self.environment, "stdout": log, "stderr": log, "start_new_session": True}
            server = subprocess.Popen([*self.manage, "serve", "--demo"], **options)
            try:
                self._wait(server)
                self.known = self._known()
                self.cookies = SimpleCookie({"sessionid": self.known["session"]})
                yield self
            finally:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
                subprocess.run(
                    [*self.manage, "postgres", "stop"], env=self.environment, stdout=log, check=True
                )

    def see_day(self, day: date, measured: str = "") -> dict[str, str]:
        """What the form of the day page would send."""
        body = self._ask("GET", self._day(day), 200, measured=measured)
        return Page(SimpleNamespace(content=body)).form("day-form").data

    def save_day(self, day: date, form: dict[str, str], amount: str, measured: str):
        """Save the form after writing this amount into five rows of it."""
        category = str(self.known["category"])
        for index in range(ROWS):
            form |= {f"row-{index}-amount": amount, f"row-{index}-category": category}
        body, kind = urlencode(form | {"save": ""}), "application/x-www-form-urlencoded"
        self._ask("POST", self._day(day), 302, body, kind, measured=measured)

    def put_day(self, day: date, measured: str):
        row = {"amount": "12.50", "category": self.known["category"], "notes": "five of them"}
        self._call("PUT", f"days/{day}/", 200, {"expenses": [row] * ROWS, "tag": "*"}, measured)

    def add(self, day: date, measured: str):
        row = {"date": str(day), "amount": "12.50", "category": self.known["category"]}
        self._call("POST", "expenses/", 201, row, measured)

    def _day(self, day: date) -> str:
        return f"/ledgers/{self.known['ledger']}/expenses/{day}/"

    def _call(self, method, path, expected, data, measured):
        path = f"/api/v1/ledgers/{self.known['ledger']}/{path}"
        token = {"Authorization": f"Token {self.known['token']}"}
        self._ask(method, path, expected, json.dumps(data), "application/json", token, measured)

    def _ask(self, method, path, expected, body=None, kind="", headers=None, measured="") -> bytes:
        """The answer's body, which is kept waiting for as long as ``took`` tells. Raises if it is not expected."""
        if headers is None:
            headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.perf_counter()
        connection.request(method, path, body, headers | {"Content-Type": kind})
        answer = connection.getresponse()
        text = answer.read()
        self.took.setdefault(measured, []).append(1000 * (time.perf_counter() - began))
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            self.cookies.load(cookie)
        if answer.status != expected:
            raise SystemExit(f"{self.name}: {method} {path}: {answer.status} {text.decode()[:2000]}")
        return text

    def _wait(self, server: subprocess.Popen):
        while True:
            try:
                return self._ask("GET", "/healthz", 200, headers={})
            except OSError:
                if server.poll() is not None:
                    raise SystemExit((self.home / "server.log").read_text()) from None
                time.sleep(0.1)

    def _known(self) -> dict:
        command = [*self.manage, "shell", "--no-imports", "-c", KNOWN]
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])


def ask_in_turn(sides: list[Side], day: date):
    """Each thing of both, before the next thing of both; who is first changes from day to day."""
    forms = {side: side.see_day(day) for side in sides}
    for side in sides:
        side.save_day(day, forms[side], "1.50", "page: save five new rows")
    for side in sides:
        forms[side] = side.see_day(day, "page: see the day")
    for side in sides:
        side.save_day(day, forms[side], "2.75", "page: save five changed rows")
    for side in sides:
        side.put_day(day + timedelta(days=10_000), "API: put a day of five rows")
    for side in sides:
        side.add(day + timedelta(days=20_000), "API: post one expense")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def tree_of(revision: str, folder: Path) -> Path:
    """The files of the project as they were then, in this folder, which is made."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", revision], cwd=HERE, stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
    return folder


@contextmanager
def temporary_folder():
    """Not shut to others as Python's are: for root, PostgreSQL runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def tell(before: Side, now: Side):
    line = "{:32} {:>8} {:>8} {:>8} {:>8} {:>7}".format
    out = [line("milliseconds", before.name[:8], "p95", now.name[:8], "p95", "ratio")]
    for what in filter(None, now.took):
        figures = [(median(took), quantiles(took, n=20)[-1]) for took in (before.took[what], now.took[what])]
        ratio = figures[1][0] / figures[0][0]
        out.append(line(what, *(f"{figure:.1f}" for pair in figures for figure in pair), f"{ratio:.2f}"))
    sys.stdout.write("\n".join(out) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", required=True, help="a revision that git knows")
    parser.add_argument("--rounds", type=int, default=150)
    options = parser.parse_args()
    with temporary_folder() as folder, ExitStack() as stack:
        trees = {options.against: tree_of(options.against, folder / "tree"), "now": HERE}
        sides = [Side(name, tree, folder / f"data-{name}") for name, tree in trees.items()]
        before, now = (stack.enter_context(side.running()) for side in sides)
        for number in range(-UNMEASURED, options.rounds):
            if number == 0:
                before.took, now.took = {}, {}
            ask_in_turn([before, now] if number % 2 else [now, before], FIRST_DAY + timedelta(days=number))
        tell(before, now)


if __name__ == "__main__":
    main()
