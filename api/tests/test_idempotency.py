"""What a client can tell of ``Idempotency-Key``: the same answer again, or a clear refusal."""

from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone
from rest_framework.test import APIClient

from api import idempotency
from api.models import IdempotencyKey
from database.errors import OutcomeUnknown
from database.tests.statements import recorded_statements
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, make_token, share
from history.models import ChangeSet

REPLAYED, KEY = "Idempotency-Replayed", {"Idempotency-Key": "lunch-1"}
FOREIGN = {"detail": "This Idempotency-Key was used for another request. Nothing was written."}


@pytest.fixture
def base(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/"


@pytest.fixture
def new(ledger):
    food = Category.objects.get(ledger=ledger, name="Food")
    return {"date": "2024-08-01", "amount": "12.50", "category": food.pk}


def observed(answer) -> tuple:
    """All of an answer that has to be the same again."""
    kept = ("Content-Type", "ETag", "Location", "Change-Set")
    return answer.status_code, answer.content, {name: answer.get(name) for name in kept}


def everything():
    return list(Expense.objects.order_by("pk").values()), list(Category.objects.order_by("pk").values())


def requests(expense, new):
    """Every kind of request that writes, by name."""
    rent = Category.objects.get(ledger=expense.ledger, name="Rent").pk
    row = {"id": expense.pk, "version": 1, "amount": "3", "category": new["category"]}
    return {
        "create": ("post", "expenses/", new),
        "create many": ("post", "expenses/", [new, new]),
        "replace": ("put", f"expenses/{expense.pk}/", new | {"version": 1}),
        "change": ("patch", f"expenses/{expense.pk}/", {"notes": "new", "version": 1}),
        "delete": ("delete", f"expenses/{expense.pk}/?version=1", None),
        "day": ("put", "days/2024-08-01/", {"expenses": [row]}),
        "original": ("post", "expenses/2024-08-01", [{"amount": 7.5, "category": "Food"}]),
        "add category": ("post", "categories/", {"name": "New"}),
        "change category": ("patch", f"categories/{rent}/", {"name": "New", "version": 1}),
        "delete category": ("delete", f"categories/{rent}/?version=1", None),
        "undo": ("post", f"history/{ChangeSet.objects.latest('pk').pk}/undo/", {}),
    }


KINDS = ["create", "create many", "replace", "change", "delete", "day", "original"]
KINDS += ["add category", "change category", "delete category", "undo"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_that_comes_again_is_answered_alike_and_not_carried_out(api, base, ledger, new, kind):
    method, path, body = requests(make_expense(ledger, notes="old"), new)[kind]
    first = getattr(api, method)(base + path, body, headers=KEY)
    after = everything()
    second = getattr(api, method)(base + path, body, headers=KEY)
    assert first.status_code in (200, 201, 204)
    assert observed(second) == observed(first)
    assert (first.get(REPLAYED), second.get(REPLAYED)) == (None, "true")
    assert everything() == after


def test_without_a_key_a_request_that_comes_again_is_another_one(api, base, new):
    ids = {api.post(f"{base}expenses/", new).json()["id"] for _ in range(2)}
    assert (len(ids), IdempotencyKey.objects.count()) == (2, 0)


@pytest.mark.catalogue(43)
@pytest.mark.parametrize(
    ("method", "path", "changes"),
    [
        ("post", "expenses/", {"amount": "12.51"}),
        ("post", "expenses/", {"amount": 12.5}),
        ("post", "expenses/", {"notes": ""}),
        ("post", "expenses/?format=json", {}),
        ("post", "categories/", {}),
        ("put", "days/2024-08-01/", {}),
    ],
)
def test_another_request_with_the_same_key_is_refused(api, base, new, method, path, changes):
    api.post(f"{base}expenses/", new, headers=KEY)
    before = everything()
    answer = getattr(api, method)(base + path, new | changes, headers=KEY)
    assert (answer.status_code, answer.json(), everything()) == (422, FOREIGN, before)
    assert REPLAYED not in answer


@pytest.mark.parametrize("again", ["0.30", "3e-1", "0.30000000000000001", '"0.3"'])
def test_a_number_written_otherwise_is_another_request(api, base, again):
    def send(amount):
        body = f'[{{"amount": {amount}, "category": "Food"}}]'
        return api.post(f"{base}expenses/2024-08-01", body, content_type="application/json", headers=KEY)

    assert [send(amount).status_code for amount in ("0.3", "0.3", again)] == [200, 200, 422]


def test_the_order_of_names_in_a_body_says_nothing(api, base, new):
    first = api.post(f"{base}expenses/", new, headers=KEY)
    again = api.post(f"{base}expenses/", dict(reversed(new.items())), headers=KEY)
    assert observed(again) == observed(first)


@pytest.mark.parametrize(
    "key", ["", '""', "a b", " ", "x" * 256, "ä", "a\tb", '"a b"', '"' + "x" * 256 + '"', "\x7f"]
)
def test_what_is_no_key_is_refused_by_the_name_of_the_header(api, base, new, key):
    answer = api.post(f"{base}expenses/", new, headers={"Idempotency-Key": key})
    message = "A key has 1 to 255 visible ASCII characters."
    assert (answer.status_code, answer.json()) == (400, {"Idempotency-Key": [message]})
    assert (Expense.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", ["x" * 255, "!~", '"', "a,b", "0b5a6b0e-7a34-4a08-9b59-1f1f0f1e0b0a"])
def test_any_visible_characters_are_a_key(api, base, new, key):
    answers = [api.post(f"{base}expenses/", new, headers={"Idempotency-Key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert IdempotencyKey.objects.get().key == key


def test_a_key_in_quotes_is_the_key(api, base, new):
    first = api.post(f"{base}expenses/", new, headers={"Idempotency-Key": '"lunch-1"'})
    assert observed(api.post(f"{base}expenses/", new, headers=KEY)) == observed(first)


REFUSALS = [
    ("post", "expenses/", {"amount": "x"}, 400),
    ("patch", "expenses/{}/", {"version": 9}, 409),
    ("patch", "expenses/{}/", {"notes": "x"}, 428),
    ("delete", "expenses/{}/?version=9", None, 409),
    ("delete", "expenses/999999/?version=1", None, 404),
    ("put", "days/2024-08-01/", {"expenses": [], "tag": "old"}, 412),
    ("put", "days/2024-08-01/", {"expenses": []}, 428),
    ("put", "days/2024-02-30/", {"expenses": []}, 400),
    ("put", "expenses/", {}, 405),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("method", "path", "body", "status"), REFUSALS)
def test_a_refused_request_gives_its_key_back(api, base, ledger, new, method, path, body, status):
    expense = make_expense(ledger)
    answer = getattr(api, method)(base + path.format(expense.pk), body, headers=KEY)
    assert (answer.status_code, IdempotencyKey.objects.count()) == (status, 0)
    answer = api.post(f"{base}expenses/", new, headers=KEY)
    assert (answer.status_code, REPLAYED in answer) == (201, False)


def test_a_key_is_its_persons_in_its_ledger(api, api_as, alice, bob, ledger, base, new):
    share(ledger, bob, "editor")
    other = make_ledger(alice, "Holiday")
    food = Category.objects.get(ledger=other, name="Food").pk
    answers = [
        api.post(f"{base}expenses/", new, headers=KEY),
        api_as(bob).post(f"{base}expenses/", new, headers=KEY),
        api.post(f"/api/v1/ledgers/{other.pk}/expenses/", new | {"category": food}, headers=KEY),
    ]
    assert [(answer.status_code, REPLAYED in answer) for answer in answers] == [(201, False)] * 3
    assert len({answer.json()["id"] for answer in answers}) == 3


def test_who_may_no_longer_write_is_not_answered_again(api, base, ledger, new):
    api.post(f"{base}expenses/", new, headers=KEY)
    share_of_alice = ledger.memberships.get()
    ledger.memberships.update(role="viewer")
    assert api.post(f"{base}expenses/", new, headers=KEY).status_code == 403
    share_of_alice.delete()
    assert api.post(f"{base}expenses/", new, headers=KEY).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_takes_away_ones_own_right_to_write_is_carried_out_and_not_remembered(api_as, bob, ledger, base):
    share(ledger, bob, "viewer")
    client, membership = api_as(bob), ledger.memberships.filter(user=bob)
    membership.update(role="owner")
    url = f"{base}history/{ChangeSet.objects.latest('pk').pk}/undo/"
    assert client.post(url, headers=KEY).status_code == 201
    assert (membership.get().role, IdempotencyKey.objects.get().status) == ("viewer", None)
    assert client.post(url, headers=KEY).status_code == 403
    membership.update(role="owner")
    answer = client.post(url, headers=KEY)
    assert (answer.status_code, REPLAYED in answer, membership.get().role) == (201, False, "viewer")


@pytest.mark.parametrize(("method", "path"), [("get", "expenses/"), ("post", "analytics/")])
def test_what_only_reads_needs_no_key_and_keeps_none(api, base, method, path):
    range_ = {"start_date": "2024-08-01", "end_date": "2024-08-02"}
    answer = getattr(api, method)(base + path, range_ if method == "post" else None, headers=KEY)
    assert (answer.status_code, IdempotencyKey.objects.count()) == (200, 0)


def test_a_page_of_the_browsable_api_is_answered_again_too(browser, base, new):
    headers = KEY | {"Accept": "text/html"}
    pages = [browser.post(f"{base}expenses/", new, "application/json", headers=headers) for _ in range(2)]
    assert [page.status_code for page in pages] == [201, 201]
    assert "Idempotency-Replayed: true" in pages[1].content.decode()
    assert Expense.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 40])
def test_a_key_costs_three_statements_whatever_the_rows(alice, base, new, rows):
    token = make_token(alice, last_used_at=timezone.now())
    client = APIClient(headers={"Authorization": f"Token {token}"})
    counts = []
    for headers in ({}, KEY, KEY):
        with recorded_statements() as statements:
            assert client.post(f"{base}expenses/", [new] * rows, headers=headers).status_code == 201
        counts.append(len(statements))
    plain, keyed, again = counts
    assert (keyed - plain, again < keyed) == (3, True)


def test_the_answer_is_kept_before_the_rows_are_committed(api, base, new, monkeypatch):
    def fails(*_args, **_options):
        raise OutcomeUnknown("the connection is lost")

    monkeypatch.setattr(idempotency, "remember", fails)
    with pytest.raises(OutcomeUnknown):
        api.post(f"{base}expenses/", new, headers=KEY)
    assert (Expense.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


@pytest.mark.catalogue(47)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_committed", [True, False])
def test_a_lost_commit_is_sent_again_and_carried_out_once(api, base, new, monkeypatch, is_committed):
    commit = connection._commit

    def lose():
        if is_committed:
            commit()
        else:
            connection.connection.rollback()
        raise OutcomeUnknown("server closed the connection unexpectedly")

    api.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(connection, "_commit", lose)
        answer = api.post(f"{base}expenses/", new, headers=KEY)
    said = (
        "The connection to the database was lost while this was being saved, so nobody can say whether it was."
        " Send it again with the same Idempotency-Key: it is carried out only once."
    )
    assert (answer.status_code, answer["Retry-After"], answer.json()) == (503, "5", {"detail": said})
    again = api.post(f"{base}expenses/", new, headers=KEY)
    assert (again.status_code, REPLAYED in again) == (201, is_committed)
    assert again.json()["id"] == Expense.objects.get().pk


def test_old_keys_are_forgotten_and_recent_ones_kept(alice, ledger):
    for key, days in (("old", 31), ("recent", 29)):
        IdempotencyKey.objects.create(ledger=ledger, user=alice, key=key)
        made = timezone.now() - timedelta(days=days)
        IdempotencyKey.objects.filter(key=key).update(created_at=made)
    IdempotencyKey.forget_old()
    assert [kept.key for kept in IdempotencyKey.objects.all()] == ["recent"]


def test_the_answer_and_nothing_else_of_the_request_is_kept(api, alice, ledger, base, new):
    answer = api.post(f"{base}expenses/", new, headers=KEY)
    kept = IdempotencyKey.objects.values(
        "ledger", "user", "key", "status", "headers", "body", "fingerprint"
    ).get()
    assert kept == {
        "ledger": ledger.pk,
        "user": alice.pk,
        "key": "lunch-1",
        "status": 201,
        "headers": {name: answer[name] for name in ("ETag", "Change-Set") if name in answer},
        "body": answer.content.decode(),
        "fingerprint": ANY,
    }
    assert len(kept["fingerprint"]) == 64
    with pytest.raises(DatabaseError, match="idempotencykey_once"):
        IdempotencyKey.objects.create(ledger=ledger, user=alice, key="lunch-1")
