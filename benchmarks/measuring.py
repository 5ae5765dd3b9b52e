"""How the works are measured: in turn, so that whatever else the machine does slows all of them down."""

import threading
import time
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.serving import Server
from benchmarks.works import READ_DAY, Book, Work

WARM_UP = 10  # rounds, until both workers have connections and caches
FEWEST = 7  # rounds of what is slow
LONGEST = 12  # seconds for one work on one ledger, unless that makes fewer rounds


@dataclass
class Timing:
    """What one work took on one ledger, in milliseconds; ``refused`` is the status it had in place of its own.

    ``web`` and ``database`` are what gunicorn and PostgreSQL computed meanwhile.
    """

    took: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    refused: int | None = None

    @property
    def is_due(self) -> bool:
        enough = len(self.took) >= FEWEST and sum(self.took) > 1000 * LONGEST
        return not self.refused and not enough

    @property
    def median(self) -> float | None:
        return median(self.took) if self.took else None

    @property
    def p95(self) -> float | None:
        return quantiles(self.took, n=20, method="inclusive")[-1] if len(self.took) > 1 else None

    def forget(self):
        for figures in (self.took, self.web, self.database):
            figures.clear()


Timings = dict[str, dict[int, Timing]]  # by the name of the work and the size of the ledger


def measure(server: Server, works: tuple[Work, ...], books: dict[int, Book], rounds: int) -> Timings:
    """Each work on each ledger before the next work; which ledger is first changes from round to round."""
    timings = {work.name: {rows: Timing() for rows in books} for work in works}
    sizes = list(books)
    for number in range(-WARM_UP, rounds):
        if number == 0:
            for timing in (timing for of_work in timings.values() for timing in of_work.values()):
                timing.forget()
        for work in works:
            for rows in sizes if number % 2 else reversed(sizes):
                if timings[work.name][rows].is_due:
                    _ask(server, work, books[rows], timings[work.name][rows], is_first=number == -WARM_UP)
    return timings


def _ask(server: Server, work: Work, book: Book, timing: Timing, is_first: bool):
    """Once. What is not there the first time is not asked for again; SystemExit if it fails later."""
    request = work.ask(book)
    web, database = server.cpu_time()
    began = time.perf_counter()
    answer = book.ask(request)
    timing.took.append(1000 * (time.perf_counter() - began))
    web_then, database_then = server.cpu_time()
    timing.web.append(web_then - web)
    timing.database.append(database_then - database)
    if answer.status == work.expected:
        return
    if not is_first:
        raise SystemExit(f"{work.name}: {request.path}: {answer.status} {answer.body.decode()[:2000]}")
    timing.refused = answer.status
    timing.forget()


@dataclass(frozen=True)
class Throughput:
    """What many clients at once got: answers a second, milliseconds each, and how much of a core the clients used."""

    clients: int
    rate: float
    median: float
    p95: float
    client_cpu: float


def read_days(books: list[Book], seconds: float) -> Throughput:
    """Each of the books has its own connection; all read days at the same time."""
    took: list[float] = []
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=_read_days, args=(book, until, took)) for book in books]
    began, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    used = (time.process_time() - cpu) / elapsed
    return Throughput(
        len(books), len(took) / elapsed, median(took), quantiles(took, n=20, method="inclusive")[-1], used
    )


def _read_days(book: Book, until: float, took: list[float]):
    while (began := time.perf_counter()) < until:
        answer = book.ask(READ_DAY.ask(book))
        if answer.status != READ_DAY.expected:
            raise SystemExit(f"{READ_DAY.name}: {answer.status}")
        took.append(1000 * (time.perf_counter() - began))
