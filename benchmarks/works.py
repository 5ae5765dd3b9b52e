"""What is measured: the requests, and the milliseconds that each may take."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.cookies import SimpleCookie
from random import Random
from types import SimpleNamespace
from urllib.parse import urlencode

from benchmarks.asking import Answer, Connection, Request
from expenses.tests.pages import Page

DAYS = 3650  # of the ten years
ROWS = 5  # of a save
FIRST_SAVED = date(1950, 1, 1)  # saved are days before the ten years, a new one each time
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Book:
    """One ledger, and a client who has a token and a session."""

    def __init__(self, known: dict, connection: Connection, seed: int = 0):
        self.connection, self.random = connection, Random(seed)
        self.category, self.token = known["category"], known["token"]
        self.first = date.fromisoformat(known["first"])
        self.last = self.first + timedelta(days=DAYS - 1)
        self.pages = f"/ledgers/{known['ledger']}/"
        self.api = f"/api/v1{self.pages}"
        self.cookies = SimpleCookie({"sessionid": known["session"]})
        self.next_saved = FIRST_SAVED + timedelta(days=seed * 500)

    def ask(self, request: Request) -> Answer:
        """The answer, whose cookies are kept."""
        answer = self.connection.ask(request)
        for cookie in answer.cookies:
            self.cookies.load(cookie)
        return answer

    def any_day(self) -> date:
        return self.first + timedelta(days=self.random.randrange(DAYS))

    def new_day(self) -> date:
        """A day that nobody has written to."""
        self.next_saved += timedelta(days=1)
        return self.next_saved

    def call(self, path: str, query=(), method="GET", data=None) -> Request:
        """A call of the API."""
        url, headers = self._url(self.api + path, query), {"Authorization": f"Token {self.token}"}
        if data is None:
            return Request(method, url, headers)
        return Request(method, url, headers | {"Content-Type": "application/json"}, json.dumps(data).encode())

    def page(self, path: str, query=(), form=None) -> Request:
        """A page as a browser asks for it; with a form, its being sent."""
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        headers = {"Cookie": cookies, "Accept": "text/html", "Accept-Language": "en"}
        url = self._url(self.pages + path, query)
        if form is None:
            return Request("GET", url, headers)
        return Request("POST", url, headers | FORM, urlencode(form).encode())

    @staticmethod
    def _url(path: str, query) -> str:
        return f"{path}?{urlencode(query)}" if query else path


@dataclass(frozen=True)
class Work:
    """Something people or machines do; ``ask`` makes the next request for it.

    ``targets`` has the milliseconds that the median may take by the size of the ledger; a size that is not there has
    the next larger one's. ``growth`` is how many times slower the largest ledger may be than the smallest.
    """

    name: str
    ask: Callable[[Book], Request]
    expected: int = 200
    targets: dict[int, float] = field(default_factory=dict)
    growth: float | None = None

    def target(self, rows: int) -> float | None:
        return next((limit for size, limit in sorted(self.targets.items()) if rows <= size), None)


ANY_SIZE = 10**9
LIST = {20_000: 15, ANY_SIZE: 40}


def put_day(book: Book, day: date | None = None) -> Request:
    """The saving of a day with five rows: a new day, if none is given."""
    row = {"amount": "12.50", "category": book.category, "payee": "Corner market", "notes": "five of them"}
    return book.call(
        f"days/{day or book.new_day()}/", method="PUT", data={"expenses": [row] * ROWS, "tag": "*"}
    )


def post_day(book: Book) -> Request:
    """The form of a new day with five rows written into it; the form itself is fetched before, and not measured."""
    path = f"expenses/{book.new_day()}/"
    return book.page(path, form=write_rows(form_of(book.ask(book.page(path))), book, "12.50"))


def form_of(answer: Answer) -> dict[str, str]:
    """What the form of this day page would send."""
    return Page(SimpleNamespace(content=answer.body)).form("day-form").data


def write_rows(form: dict[str, str], book: Book, amount: str) -> dict[str, str]:
    """This form with the amount in five rows of it."""
    rows = ((f"row-{index}-amount", f"row-{index}-category") for index in range(ROWS))
    written = {
        name: value for pair in rows for name, value in zip(pair, (amount, book.category), strict=True)
    }
    return form | written | {"save": ""}


def dates(start: date, end: date) -> dict:
    return {"start": start, "end": end}


def any_range(book: Book) -> dict:
    """Any first day and any last day, seldom those of a month."""
    return dates(*sorted([book.any_day(), book.any_day()]))


def last_year(book: Book) -> dict:
    return dates(book.last - timedelta(days=364), book.last)


def ten_years(book: Book) -> dict:
    return dates(book.first, book.last)


def found(book: Book) -> dict:
    return {"category": book.category, "text": "coffee"}


def totals(name: str, span: Callable[[Book], dict]) -> Work:
    return Work(
        f"API: category totals, {name}",
        lambda book: book.call("analytics/categories/", span(book)),
        growth=1.3,
    )


WORKS = (
    Work(
        "API: read a day",
        lambda book: book.call(f"days/{book.any_day()}/"),
        targets={20_000: 4, ANY_SIZE: 12},
    ),
    Work("page: a day", lambda book: book.page(f"expenses/{book.any_day()}/"), targets={ANY_SIZE: 15}),
    Work("API: save 5 rows", put_day, targets={ANY_SIZE: 12}),
    Work("page: save 5 rows", post_day, expected=302, targets={ANY_SIZE: 12}),
    totals("1 year", last_year),
    totals("10 years", ten_years),
    totals("any range", any_range),
    Work("API: list of 50", lambda book: book.call("expenses/"), targets=LIST),
    Work(
        "API: list of 50, category and text",
        lambda book: book.call("expenses/", found(book)),
        targets=LIST,
    ),
    Work("API: list, text of no row", lambda book: book.call("expenses/", {"text": "nowhere"})),
    Work("page: list, category and text", lambda book: book.page("expenses/", found(book)), targets=LIST),
    Work("page: overview", lambda book: book.page(""), targets={ANY_SIZE: 40}),
    Work(
        "page: analytics, 1 year",
        lambda book: book.page("analytics/", last_year(book)),
        targets={ANY_SIZE: 40},
    ),
    Work(
        "page: analytics, 10 years",
        lambda book: book.page("analytics/", ten_years(book)),
        targets={ANY_SIZE: 40},
    ),
    Work(
        "page: analytics, table of 10 years",
        lambda book: book.page("analytics/", ten_years(book) | {"view": "table"}),
        targets={ANY_SIZE: 40},
    ),
    Work(
        "page: analytics, comparison",
        lambda book: book.page("analytics/", last_year(book) | {"view": "comparison"}),
        targets={ANY_SIZE: 40},
    ),
    Work(
        "API: category × month, 10 years",
        lambda book: book.call(
            "analytics/matrix/", ten_years(book) | {"rows": "category", "columns": "month"}
        ),
    ),
    Work(
        "API: 1 year against the year before",
        lambda book: book.call("analytics/compare/", last_year(book) | {"with": "previous"}),
    ),
    Work("API: summary, 10 years", lambda book: book.call("analytics/summary/", ten_years(book))),
    Work("API: payees, 10 years", lambda book: book.call("analytics/payees/", ten_years(book))),
)
READ_DAY = WORKS[0]
