"""How fast the project is, and how little that depends on the size of a ledger; docs/performance.md has the results.

.venv/bin/python -m benchmarks --sizes 20000 1000000
"""

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from benchmarks.asking import Connection
from benchmarks.measuring import measure, read_days
from benchmarks.serving import Server, temporary_folder
from benchmarks.telling import as_json, memory_line, table, throughput_line
from benchmarks.works import WORKS, Book

CLIENTS = 8
FILL = "from benchmarks.data import household, tell; tell([household(rows) for rows in {sizes}])"


def main():
    options = parse()
    works = tuple(work for work in WORKS if options.only in work.name)
    with ExitStack() as stack:
        home = options.keep or stack.enter_context(temporary_folder()) / "data"
        server = stack.enter_context(Server(home.resolve()).database())
        server.manage("migrate", "--verbosity", "0")
        known = dict(
            zip(options.sizes, json.loads(server.shell(FILL.format(sizes=options.sizes))), strict=True)
        )
        stack.enter_context(server.running())
        clients = {rows: books(server, known[rows], CLIENTS) for rows in options.sizes}
        for of_size in clients.values():
            read_days(of_size, seconds=1)  # so that both workers have been asked
        timings = measure(
            server, works, {rows: of_size[0] for rows, of_size in clients.items()}, options.rounds
        )
        sys.stdout.write(table(works, timings))
        throughput = {rows: read_days(clients[rows], options.seconds) for rows in options.sizes}
        memory = server.worker_memory()
        sys.stdout.writelines(throughput_line(rows, found) for rows, found in throughput.items())
        sys.stdout.write(memory_line(memory))
        if options.json:
            options.json.write_text(json.dumps(as_json(works, timings, throughput, memory), indent=1) + "\n")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[20_000, 200_000], help="expenses of each ledger"
    )
    parser.add_argument("--rounds", type=int, default=60, help="how often each work is done")
    parser.add_argument(
        "--seconds", type=float, default=8, help="for which 8 clients read days of each ledger"
    )
    parser.add_argument("--only", default="", help="measure the works that have this in their name")
    parser.add_argument("--keep", type=Path, help="a folder for the data, which the next run takes up again")
    parser.add_argument("--json", type=Path, help="a file for the results")
    options = parser.parse_args()
    options.sizes = sorted(set(options.sizes))
    return options


def books(server: Server, known: dict, number: int) -> list[Book]:
    """So many clients of one ledger, each with a connection of its own."""
    return [Book(known, Connection(server.port), seed) for seed in range(number)]


if __name__ == "__main__":
    main()
