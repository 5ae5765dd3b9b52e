"""Ten requests with one key at once, over real connections: one is carried out, and all get its answer."""

import pytest
from django.db import transaction

from api.models import IdempotencyKey
from api.tests.test_idempotency import KEY, KINDS, REPLAYED, everything, observed, requests
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from expenses.tests.threads import at_once, while_blocked

pytestmark = pytest.mark.django_db(transaction=True)

TWINS = 10
LEFT = {"create": 2, "create many": 3, "delete": 0, "undo": 0}  # expenses, of one that was there


def new(ledger):
    food = Category.objects.get(ledger=ledger, name="Food")
    return {"date": "2024-08-01", "amount": "12.50", "category": food.pk}


@pytest.mark.catalogue(42)
@pytest.mark.parametrize("kind", KINDS)
def test_of_ten_twins_one_is_carried_out_and_all_are_answered_alike(api_as, alice, ledger, kind):
    expense = make_expense(ledger)
    method, path, body = requests(expense, new(ledger))[kind]
    url = f"/api/v1/ledgers/{ledger.pk}/{path}"
    clients = [api_as(alice) for _ in range(TWINS)]
    answers = at_once(*(lambda c=c: getattr(c, method)(url, body, headers=KEY) for c in clients))
    assert answers[0].status_code in (200, 201, 204)
    assert [observed(answer) for answer in answers] == [observed(answers[0])] * TWINS
    assert sorted(REPLAYED in answer for answer in answers) == [False, *[True] * (TWINS - 1)]
    assert Expense.objects.count() == LEFT.get(kind, 1)
    assert set(Expense.objects.filter(pk=expense.pk).values_list("version", flat=True)) <= {1, 2}


def test_a_twin_waits_for_the_first_and_is_carried_out_if_that_gives_the_key_back(api, alice, ledger):
    body, url = new(ledger), f"/api/v1/ledgers/{ledger.pk}/expenses/"
    with while_blocked(lambda: api.post(url, body, headers=KEY)) as answers:
        IdempotencyKey.claim(ledger, alice, KEY["Idempotency-Key"], "another request").delete()
    assert [(answer.status_code, REPLAYED in answer) for answer in answers] == [(201, False)]


def test_a_key_without_an_answer_is_held_by_one_request_at_a_time(alice, ledger):
    IdempotencyKey.objects.create(ledger=ledger, user=alice, key="left behind", fingerprint="f")

    @transaction.atomic
    def claim():
        return IdempotencyKey.claim(ledger, alice, "left behind", "f").status

    with while_blocked(claim) as statuses:
        claim()
    assert statuses == [None]


def test_of_two_requests_with_one_key_at_once_the_other_one_is_refused(api_as, alice, ledger):
    url, body = f"/api/v1/ledgers/{ledger.pk}/expenses/", new(ledger)
    clients = {amount: api_as(alice) for amount in ("1", "2")}
    answers = at_once(
        *(lambda a=a, c=c: c.post(url, body | {"amount": a}, headers=KEY) for a, c in clients.items())
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    (winner,) = (answer for answer in answers if answer.status_code == 201)
    assert [row["id"] for row in everything()[0]] == [winner.json()["id"]]
