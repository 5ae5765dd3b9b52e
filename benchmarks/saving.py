"""What saving costs, beside what it cost at another revision.

    .venv/bin/python -m benchmarks.saving --against cf62e26

Both are served at once, from the same packages, each with an embedded PostgreSQL of its own that holds the demo
ledger. One client asks the one and the other in turn, so whatever else the machine does slows both down.
"""

import argparse
import json
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles

from benchmarks.asking import Answer, Connection, Request
from benchmarks.serving import HERE, Server, temporary_folder
from benchmarks.works import Book, form_of, put_day, write_rows

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
        "session": client.cookies["sessionid"].value, "first": "2100-01-01",
    }))
"""


class Side:
    """One of the two: a server of the project in the folder ``tree``, and what its one client sends to it."""

    def __init__(self, name: str, tree: Path, home: Path):
        self.name, self.server = name, Server(home, tree)
        self.took: dict[str, list[float]] = {}  # milliseconds

    @contextmanager
    def running(self):
        with self.server.database(), self.server.running("--demo"):
            self.book = Book(json.loads(self.server.shell(KNOWN)), Connection(self.server.port))
            yield self

    def see_day(self, day: date, measured: str = "") -> dict[str, str]:
        """What the form of the day page would send."""
        return form_of(self._ask(self.book.page(f"expenses/{day}/"), 200, measured))

    def save_day(self, day: date, form: dict[str, str], amount: str, measured: str):
        """Save the form after writing this amount into five rows of it."""
        form = write_rows(form, self.book, amount)
        self._ask(self.book.page(f"expenses/{day}/", form=form), 302, measured)

    def put_day(self, day: date, measured: str):
        self._ask(put_day(self.book, day), 200, measured)

    def add(self, day: date, measured: str):
        row = {"date": str(day), "amount": "12.50", "category": self.book.category}
        self._ask(self.book.call("expenses/", method="POST", data=row), 201, measured)

    def _ask(self, request: Request, expected: int, measured: str) -> Answer:
        """The answer, which is waited for as long as ``took`` tells. Raises SystemExit if it is not expected."""
        began = time.perf_counter()
        answer = self.book.ask(request)
        self.took.setdefault(measured, []).append(1000 * (time.perf_counter() - began))
        if answer.status != expected:
            text = answer.body.decode()[:2000]
            raise SystemExit(f"{self.name}: {request.method} {request.path}: {answer.status} {text}")
        return answer


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


def tree_of(revision: str, folder: Path) -> Path:
    """The files of the project as they were then, in this folder, which is made."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", revision], cwd=HERE, stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
    return folder


def tell(before: Side, now: Side):
    line = "{:32} {:>8} {:>8} {:>8} {:>8} {:>7}".format
    out = [line("milliseconds", before.name[:8], "p95", now.name[:8], "p95", "ratio")]
    for what in filter(None, now.took):
        figures = [(median(took), quantiles(took, n=20)[-1]) for took in (before.took[what], now.took[what])]
        ratio = figures[1][0] / figures[0][0]
        out.append(line(what, *(f"{figure:.1f}" for pair in figures for figure in pair), f"{ratio:.2f}"))
    sys.stdout.write("\n".join(out) + "\n")


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.saving", description=__doc__.splitlines()[0])
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
