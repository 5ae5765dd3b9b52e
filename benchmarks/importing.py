"""What it costs to read, stage and apply one large statement.

    .venv/bin/python -m benchmarks.importing --rows 100000

On an embedded PostgreSQL of its own that holds one ledger. Each phase is given in seconds and in rows a second, and
with the memory that the process has had at most.
"""

import argparse
import io
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.serving import Server, temporary_folder

HEADER = "Buchungstag;Wertstellung;Empfänger;Verwendungszweck;Betrag;Währung"


def statement(rows: int) -> bytes:
    """The CSV of a German bank, with a different text in each row and 300 payees."""
    first = date(2016, 1, 1)
    lines = [HEADER]
    for n in range(rows):
        day = f"{first + timedelta(days=n % 3650):%d.%m.%Y}"
        lines.append(f"{day};{day};REWE Markt {n % 300};Kartenzahlung {n};-{n % 500 + 1},{n % 100:02};EUR")
    return "\n".join(lines).encode()


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.importing", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with temporary_folder() as folder, Server(folder / "data").database() as server:
        os.environ |= {"DATA_DIR": str(server.home), "DJANGO_SETTINGS_MODULE": "expense_tracker.settings"}
        measure(rows)


def measure(rows: int):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from database.tests.every_ledger import every_ledger
    from expenses.models import Category
    from ledgers.models import Ledger
    from statements import applying, formats, staging
    from statements.models import Import, Statement

    with connection.owner():
        call_command("migrate", verbosity=0)
    content = statement(rows)
    with every_ledger():
        ledger = Ledger.objects.create(name="Benchmark", currency="EUR")
        category = Category.objects.create(ledger=ledger, name="Food")
        of_import = Import.objects.create(ledger=ledger)
        file = Statement.objects.create(ledger=ledger, of_import=of_import, name="bank.csv", content=content)
        timed("read", rows, lambda: sum(1 for _line in formats.read(io.BytesIO(content), "b.csv", {}).lines))
        timed("read and staged", rows, lambda: staging.read(file))
        of_import.refresh_from_db()
        timed("applied", rows, lambda: applying.apply(of_import, of_import.version, None, category))


def timed(name: str, rows: int, act: Callable):
    begun = time.perf_counter()
    act()
    took = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{name}: {took:.2f} s, {rows / took:,.0f} rows a second, {most:.0f} MB at most\n")


if __name__ == "__main__":
    main()
