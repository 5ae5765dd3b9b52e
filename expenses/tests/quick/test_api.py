from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_token, share
from expenses.tests.pages import in_production

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(ledger):
    make_expense(ledger, "7", "Food", payee="Aldi")
    return ledger


def send(client, ledger, text, **values):
    headers = values.pop("headers", None)
    return client.post(
        f"/api/v1/ledgers/{ledger.pk}/expenses/quick/",
        {"text": text, **values},
        format="json",
        headers=headers,
    )


def test_a_dry_run_answers_rows_and_errors_and_writes_nothing(api, book):
    food = Category.objects.get(ledger=book, name="Food")
    answer = send(api, book, "12.5 aldi milk #work 2026-11-01\n\nmilk\n3 zebra 2026-11-02", dry_run=True)
    assert answer.status_code == 200
    assert answer.json() == {
        "rows": [
            {
                "line": 1,
                "id": None,
                "date": "2026-11-01",
                "amount": "12.50",
                "category": {"id": food.pk, "name": "Food"},
                "payee": "Aldi",
                "notes": "milk",
                "tags": ["work"],
                "why": "payee",
            },
            {
                "line": 4,
                "id": None,
                "date": "2026-11-02",
                "amount": "3.00",
                "category": None,
                "payee": "",
                "notes": "zebra",
                "tags": [],
                "why": "",
            },
        ],
        "errors": [{"line": 3, "field": "amount", "message": "There is no amount. Write one such as 12.50."}],
    }
    assert Expense.objects.count() == 1
    assert "Change-Set" not in answer


def test_all_lines_are_written_in_one_change_set(api, alice, book):
    answer = send(api, book, "12.5 aldi milk #work 2026-11-01\nrent 1200 2026-11-02")
    assert (answer.status_code, answer.json()["errors"]) == (201, [])
    found = Expense.objects.filter(pk__in=[row["id"] for row in answer.json()["rows"]]).order_by("date")
    assert list(found.values_list("amount", "category__name", "payee", "notes", "tags", "created_by")) == [
        (Decimal("12.500"), "Food", "Aldi", "milk", ["work"], alice.pk),
        (Decimal("1200.000"), "Rent", "", "", [], alice.pk),
    ]
    changes = api.get(f"/api/v1/ledgers/{book.pk}/history/{answer['Change-Set']}/").json()["changes"]
    assert sorted(change["id"] for change in changes) == sorted(row["id"] for row in answer.json()["rows"])


def test_one_bad_line_and_nothing_is_written(api, book):
    answer = send(api, book, "5 food\n6 zebra\nmilk")
    assert answer.status_code == 400
    assert answer.json() == {
        "text": [
            "Line 2, category: Name a category: none is usual for this.",
            "Line 3, amount: There is no amount. Write one such as 12.50.",
        ]
    }
    assert Expense.objects.count() == 1


@pytest.mark.parametrize("text", ["", " \n ", "5 food\n" * 201, 7])
def test_a_text_has_from_1_to_200_lines(api, book, text):
    answer = send(api, book, text)
    assert (answer.status_code, list(answer.json())) == (400, ["text"])


def test_a_request_that_comes_twice_is_carried_out_once(api, book):
    answers = [send(api, book, "5 food", headers={"Idempotency-Key": "once"}) for _ in "12"]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Expense.objects.count() == 2


def test_the_number_of_queries_does_not_grow_with_the_lines(api, book):
    counts = []
    for lines in (1, 3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert send(api, book, "5 aldi\n" * lines).status_code == 201
        counts.append(len(in_production(queries)))
    assert counts[0] == counts[1]


def test_only_the_latest_expenses_teach(api, book, monkeypatch):
    monkeypatch.setattr("expenses.quick.memory.LATEST", 1)
    make_expense(book, day="2024-08-02")
    [row] = send(api, book, "5 aldi", dry_run=True).json()["rows"]
    assert (row["payee"], row["notes"], row["category"]) == ("", "aldi", None)


def test_a_viewer_may_not_and_a_stranger_finds_nothing(api_as, bob, charlie, book):
    share(book, bob, "viewer")
    assert [send(api_as(user), book, "5 food", dry_run=True).status_code for user in (bob, charlie)] == [
        403,
        404,
    ]
    assert Expense.objects.count() == 1


def test_with_a_token_the_header_says_the_language_and_the_person_what_day_it_is(alice, book):
    alice.time_zone = "Pacific/Kiritimati"  # 14 hours ahead
    alice.save()
    client = APIClient(headers={"Authorization": f"Token {make_token(alice)}", "Accept-Language": "de"})
    [row] = send(client, book, "1.234,50 Food", dry_run=True).json()["rows"]
    assert (row["amount"], row["date"]) == ("1234.50", str(datetime.now(ZoneInfo(alice.time_zone)).date()))
