"""Clients that keep a server busy, and know afterwards what it told them."""

import http.client
import uuid
from collections import Counter
from datetime import date, timedelta
from itertools import count
from typing import NamedTuple

from database.tests.threads import Threads
from expense_tracker.tests.faults.service import ROWS, Answer, Service, wait_until

FIRST_YEAR, LAST_YEAR = date(1900, 1, 1), date(1980, 1, 1)  # what Load writes lies between
SINGLE_DAY = date(1990, 1, 1)  # of the expenses that are added one by one
FUTURE = date(2101, 1, 1)  # from here on each request takes a day that nobody had before
_days = count()


class Load(Threads):
    """Save days, each thread its own and each day once, and read pages."""

    def __init__(self, service: Service, threads: int = 6):
        super().__init__(threads)
        self.service = service
        self.answers: list[Answer] = []
        self.acknowledged: dict[int, list[date]] = {number: [] for number in range(threads)}
        self.next_day = {
            number: FIRST_YEAR.replace(year=FIRST_YEAR.year + 10 * number) for number in range(threads)
        }

    def wait_for_saves(self, more: int, seconds: float = 120):
        """Until every thread has had so many more days saved than now."""
        before = {number: len(days) for number, days in self.acknowledged.items()}
        wait_until(
            lambda: all(len(days) >= before[number] + more for number, days in self.acknowledged.items()),
            seconds,
        )

    def work(self, number: int):
        day = self.next_day[number]
        self.next_day[number] += timedelta(days=1)
        answer = self.service.save(day)
        self.answers.append(answer)
        if answer.is_saved:
            self.acknowledged[number].append(day)
        self.answers.append(self.service.page(f"/ledgers/{self.service.known['ledger']}/expenses/"))


class Request(NamedTuple):
    """One save: the expenses that it makes are known by ``name``, which stands in their notes."""

    name: str
    method: str
    path: str
    body: dict
    rows: int

    @property
    def key(self) -> str:
        """The same each time the request is sent."""
        return f"key-of-{self.name}"


class Requests:
    """Makes requests, each unlike any other."""

    def __init__(self, service: Service):
        self.service, self.run = service, uuid.uuid4().hex
        self._numbers, self._turns = count(), count()

    def any(self) -> Request:
        """Every third saves a day, the others add one expense."""
        return self.day() if next(self._turns) % 3 == 0 else self.single()

    def day(self) -> Request:
        """A day of ``ROWS`` rows, of which the client knows none: a second time it would be refused."""
        name = self._name()
        path = f"days/{FUTURE + timedelta(days=next(_days))}/"
        return Request(name, "PUT", path, {"expenses": self.service.rows(notes=name)}, ROWS)

    def single(self) -> Request:
        """One expense: a second time it would be a second one."""
        name, category = self._name(), self.service.known["category"]
        body = {"date": str(SINGLE_DAY), "amount": "1.50", "category": category, "notes": name}
        return Request(name, "POST", "expenses/", body, 1)

    def written(self, table: str = "expenses_expense") -> Counter:
        """How many rows there are of each request that has any."""
        query = f"SELECT notes, count(*) FROM {table} WHERE starts_with(notes, %s) GROUP BY notes"
        with self.service.owner() as connection:
            return Counter(dict(connection.execute(query, [self.run]).fetchall()))

    def events(self) -> Counter:
        """How many events the history has of the expenses of each request: one of each, since none was changed."""
        return self.written("history_expenseevent")

    def _name(self) -> str:
        return f"{self.run}-{next(self._numbers)}"


class Savers(Threads):
    """Clients that send each request, with its key or without one, again and again until it is acknowledged."""

    def __init__(self, service: Service, threads: int = 6, with_keys: bool = True):
        super().__init__(threads)
        self.service, self.with_keys, self.requests = service, with_keys, Requests(service)
        self.make = self.requests.any if with_keys else self.requests.single
        self.acknowledged: list[Request] = []
        self.sent = self.replayed = 0

    def __str__(self):
        return (
            f"{len(self.acknowledged)} requests acknowledged for {self.expected().total()} rows,"
            f" sent {self.sent} times, {self.replayed} answered from memory"
        )

    def wait_for_saves(self, more: int, seconds: float = 60):
        """Until so many more requests were acknowledged than now."""
        before = len(self.acknowledged)
        wait_until(lambda: self.failures or len(self.acknowledged) >= before + more, seconds)
        assert not self.failures, self.failures

    def expected(self) -> Counter:
        """How many expenses there must be of each acknowledged request."""
        return Counter({request.name: request.rows for request in self.acknowledged})

    def work(self, number: int):
        request = self.make()
        wait_until(lambda: self._is_acknowledged(request), seconds=60)
        self.acknowledged.append(request)

    def _is_acknowledged(self, request: Request) -> bool:
        key = request.key if self.with_keys else None
        self.sent += 1
        try:
            answer = self.service.send(request.method, request.path, request.body, key)
        except (OSError, http.client.HTTPException):
            return False
        assert answer.is_saved or answer.status == 503, answer
        self.replayed += "Idempotency-Replayed" in answer.headers
        return answer.is_saved
