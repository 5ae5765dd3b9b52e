"""What exporting costs in each format: seconds, and the most memory.

    .venv/bin/python -m benchmarks.exporting --rows 100000

Each file is written by ``manage.py export_expenses`` in a process of its own, from an embedded PostgreSQL in a new
folder. The line “nothing” is what the process costs where the filter finds no expense.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.serving import Server, temporary_folder

ENDINGS = ("csv", "xlsx", "json", "beancount", "journal", "ofx")
FILL = """
from django.db import connection
from expenses.models import Category
from expenses.tests.factories import make_ledger, make_user
with connection.owner():
    category = Category.objects.filter(ledger=make_ledger(make_user("alice"))).first()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO expenses_expense (ledger_id, category_id, date, amount, payee, notes)"
            " SELECT %s, %s, date '2000-01-01' + n / 20, n / 100.0, 'Payee ' || n %% 500, 'What was bought: ' || n"
            " FROM generate_series(1, %s) n", [category.ledger_id, category.pk, ROWS]
        )
"""


def export(server: Server, file: Path, *words: str) -> tuple[float, int]:
    """Seconds that writing the file took, and the megabytes the process needed at most."""
    began = time.perf_counter()
    command = [
        sys.executable,
        str(server.tree / "manage.py"),
        "export_expenses",
        "Household",
        str(file),
        *words,
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=server.environment, **quiet)
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {file.name}")
    return time.perf_counter() - began, used.ru_maxrss // 1024


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.exporting", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    line = "{:12} {:>8} {:>8} {:>8}\n".format
    with temporary_folder() as folder, Server(folder / "data").database() as server:
        server.manage("migrate", "--verbosity", "0")
        server.manage("shell", "--no-imports", "-c", f"ROWS = {rows}\n{FILL}")
        sys.stdout.write(line("", "seconds", "MB RAM", "MB file"))
        took, memory = export(server, folder / "nothing.csv", "--text", "§")
        sys.stdout.write(line("nothing", f"{took:.1f}", memory, ""))
        for ending in ENDINGS:
            file = folder / f"all.{ending}"
            took, memory = export(server, file)
            sys.stdout.write(line(ending, f"{took:.1f}", memory, f"{file.stat().st_size / 1e6:.1f}"))


if __name__ == "__main__":
    main()
