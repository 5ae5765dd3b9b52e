"""Requests made up from the API's own schema, and what they are answered: never with an error of ours.

Made-up ids would all be answered with 404, so most of a request's ids, names and dates are put right before it is
sent. Each call is rolled back, so that every one meets the same ledger.
"""

from collections import Counter
from zlib import crc32

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from expense_tracker.wsgi import application
from expenses.models import Category
from expenses.tests.factories import make_expense, make_token
from statements.models import StatementLine
from statements.tests.files import booked, csv, staged

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DAYS = ["2024-08-01", "2024-08-02", "2024-08-03"]


def from_this_machine(environ, start_response):
    """Our WSGI application, with the address that every server names and Schemathesis leaves out."""
    return application(environ | {"REMOTE_ADDR": "127.0.0.1"}, start_response)


class Facts:
    """What really is in the ledger, to be put in the place of what was made up."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.expenses = [
            make_expense(ledger, "12.50", day=day, notes="bread", tags=["bread"]) for day in DAYS
        ]
        self.categories = list(Category.objects.in_ledger(ledger))
        self.of_import = staged(ledger, csv([booked("08-04", "-7"), booked("08-05", "-8")]))
        self.lines = list(StatementLine.objects.of(self.of_import))

    def put_right(self, value, path: str, name: str = ""):
        """The value with seven of eight of its parts replaced by real ones, the same ones each time."""
        if isinstance(value, dict):
            return {key: self.put_right(part, path, key) for key, part in value.items()}
        if isinstance(value, list):
            return [self.put_right(part, path, name) for part in value]
        dice = crc32(repr((name, value)).encode())
        real = self._real(name, dice, path)
        return value if real is None or dice % 8 == 0 else real

    def _real(self, name: str, dice: int, path: str):
        ids = self.categories if "/categories/" in path else self.expenses
        ids = [self.of_import] if "/imports/" in path else ids
        category = self.categories[dice % len(self.categories)]
        known = {
            "ledger_id": self.ledger.pk,
            "id": self.ledger.pk if path.endswith("ledgers/{id}/") else ids[dice % len(ids)].pk,
            "version": 1,
            "category": category.name if path.endswith("{date}") else category.pk,
            "date": DAYS[dice % len(DAYS)],
            "amount": f"{dice % 10_000 / 100:.2f}",
            "statement": self.lines[0].statement_id,
            "ids": (self.expenses if "/bulk/" in path else self.lines)[dice % 2].pk,
            "otherwise": category.pk,
            "to": "#new",
            "into": category.pk,
            "seen": "*",
            "tag": "*" if "/days/" in path else "bread",
            "text": "5 food\n6 rent 2024-08-01" if path.endswith("/quick/") else None,
            "If-Match": "*",
            "start_date": "2024-08-01",
            "end_date": "2024-08-31",
            "start": "2024-08-01",
            "end": "2024-08-31",
            "with_start": "2024-07-01",
            "with_end": "2024-07-31",
            "without": category.pk,
            "weekday": dice % 7 + 1,
            "date_after": "2024-08-01",
            "date_before": "2024-08-31",
            "amount_min": "1",
            "amount_max": "9999",
        }
        return known.get(name)


class Caller:
    """Sends cases, counts what they are answered, and leaves the ledger as it was."""

    def __init__(self, ledger, secret: str):
        self.facts, self.headers = Facts(ledger), {"Authorization": f"Token {secret}"}
        self.answers = Counter()

    def send(self, case):
        path = case.path
        case.path_parameters = self.facts.put_right(dict(case.path_parameters), path)
        case.query = self.facts.put_right(dict(case.query), path)
        case.headers = self.facts.put_right({"If-Match": "*"} | dict(case.headers or {}), path)
        if isinstance(case.body, dict | list):
            case.body = self.facts.put_right(case.body, path)
        before = transaction.savepoint()
        response = case.call(headers=self.headers)
        transaction.savepoint_rollback(before)
        self.answers[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)


@pytest.fixture
def schema(db):
    # As Django's own test client does: the end of a request would end the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", from_this_machine)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.torture
def test_no_request_that_the_schema_allows_or_forbids_is_an_error_of_ours(schema, ledger, alice, scale):
    caller = Caller(ledger, make_token(alice))
    for operation in (result.ok() for result in schema.get_all_operations()):
        for mode, times in [
            (GenerationMode.POSITIVE, scale(8, 480)),
            (GenerationMode.NEGATIVE, scale(3, 160)),
        ]:
            send_many(caller, operation.as_strategy(generation_mode=mode), times)
    calls = caller.answers.total()
    fine = sum(count for status, count in caller.answers.items() if status < 300)
    print(f"{calls} calls: {sorted(caller.answers.items())}")  # noqa: T201
    assert calls >= scale(200, 10_000)
    # More than every fourth call breaks the schema, and much of what an import is asked depends on the state it is in.
    assert fine >= 0.25 * calls


def send_many(caller: Caller, cases, times: int):
    @settings(
        max_examples=times,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(case=cases)
    def send(case):
        caller.send(case)

    send()
