"""Many people at once: 8 clients read and save for as long as two minutes in the ledgers of 200 people.

.venv/bin/python -m benchmarks.load --seconds 120
"""

import argparse
import json
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from random import Random

from benchmarks.asking import Connection
from benchmarks.measuring import Timing
from benchmarks.serving import Server, temporary_folder
from benchmarks.telling import aligned, memory_line
from benchmarks.works import WORKS, Book, Work

FILL = "from benchmarks.data import people, tell; tell(people({people}, {rows}))"
# How many of a hundred requests are for this; a quarter of them save.
MIX = {
    "API: read a day": 25,
    "page: a day": 20,
    "API: save 5 rows": 15,
    "page: save 5 rows": 10,
    "API: list of 50, category and text": 10,
    "page: list, category and text": 10,
    "API: category totals, 1 year": 5,
    "page: analytics, 1 year": 5,
}


class Client(threading.Thread):
    """Asks one thing after the other, each for another person, over one connection."""

    def __init__(self, seed: int, known: list[dict], port: int, until: float):
        super().__init__()
        connection = Connection(port)
        self.random, self.until = Random(seed), until
        self.books = [Book(each, connection, seed) for each in known]
        self.timings: dict[str, Timing] = {name: Timing() for name in MIX}
        self.errors: Counter[str] = Counter()

    def run(self):
        works = [work for work in WORKS if work.name in MIX]
        weights = [MIX[work.name] for work in works]
        while time.perf_counter() < self.until:
            self._ask(self.random.choices(works, weights)[0], self.random.choice(self.books))

    def _ask(self, work: Work, book: Book):
        try:
            request = work.ask(book)
            began = time.perf_counter()
            answer = book.ask(request)
            self.timings[work.name].took.append(1000 * (time.perf_counter() - began))
        except (OSError, ValueError, StopIteration) as error:
            self.errors[f"{work.name}: {type(error).__name__}"] += 1
        else:
            if answer.status != work.expected:
                self.errors[f"{work.name}: {answer.status}"] += 1


def main():
    options = parse()
    with ExitStack() as stack:
        home = stack.enter_context(temporary_folder()) / "data"
        server = stack.enter_context(Server(home).database())
        server.manage("migrate", "--verbosity", "0")
        known = json.loads(server.shell(FILL.format(people=options.people, rows=options.rows)))
        stack.enter_context(server.running())
        began, cpu = time.perf_counter(), time.process_time()
        until = began + options.seconds
        clients = [Client(seed, known, server.port, until) for seed in range(options.clients)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        used = (time.process_time() - cpu) / (time.perf_counter() - began)
        tell(clients, options, used, server.worker_memory())


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rows", type=int, default=1000, help="expenses of each")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--json", type=Path, help="a file for the results")
    return parser.parse_args()


def tell(clients: list[Client], options, client_cpu: float, memory: list[float]):
    timings = {name: Timing([ms for each in clients for ms in each.timings[name].took]) for name in MIX}
    everything = Timing([ms for timing in timings.values() for ms in timing.took])
    errors = sum((client.errors for client in clients), Counter())
    lines = [["milliseconds", "times", "median", "p95"]]
    for name, timing in [*timings.items(), ("all", everything)]:
        lines.append([name, f"{len(timing.took):,}", f"{timing.median:.1f}", f"{timing.p95:.1f}"])
    sys.stdout.write(aligned(lines))
    rate = len(everything.took) / options.seconds
    sys.stdout.write(f"{rate:.0f} requests a second, errors: {errors.total()}\n")
    sys.stdout.writelines(f"  {times} times {what}\n" for what, times in errors.items())
    sys.stdout.write(f"the clients used {client_cpu:.0%} of a core\n{memory_line(memory)}")
    if options.json:
        works = {name: [timing.median, timing.p95, len(timing.took)] for name, timing in timings.items()}
        figures = {"works": works, "rate": rate, "p95": everything.p95, "errors": errors, "memory": memory}
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
