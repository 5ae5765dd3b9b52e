import logging
from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone
from rest_framework.test import APIClient

from api.models import Token
from api.tests.test_errors import READS, everything, paths
from database.postgresql.base import DatabaseWrapper
from expenses.tests.factories import make_expense, make_ledger, make_token, share
from ledgers.access import get_ledger, ledgers_of


def by(secret: str) -> APIClient:
    return APIClient(headers={"Authorization": f"Token {secret}"})


@pytest.fixture
def base(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/"


def test_a_token_that_reads_changes_nothing_anywhere(alice, ledger, base):
    expense = make_expense(ledger)
    client, before = by(make_token(alice, can_write=False)), everything()
    message = "This token may only read. Make one that may write on the page of your tokens."
    for method, path, data in paths(expense):
        answer = getattr(client, method)(base + path, data)
        allowed = method == "get" or (method, path) in READS
        assert (method, path, answer.status_code) == (method, path, 200 if allowed else 403)
        if not allowed:
            assert answer.json() == {"detail": message}
    assert everything() == before


def test_a_token_for_one_ledger_finds_no_other(alice, ledger):
    other = make_ledger(alice, "Savings")
    client = by(make_token(alice, only_ledger=ledger))
    assert [row["name"] for row in client.get("/api/v1/ledgers/").json()["results"]] == ["Household"]
    assert client.get(f"/api/v1/ledgers/{ledger.pk}/").status_code == 200
    assert client.get(f"/api/v1/ledgers/{other.pk}/").status_code == 404
    expense = make_expense(other)
    before = everything()
    for method, path, data in paths(expense):
        answer = getattr(client, method)(f"/api/v1/ledgers/{other.pk}/{path}", data)
        found = method, path, answer.status_code, answer.json()
        assert found == (method, path, 404, {"detail": "No such ledger."})
    assert everything() == before


def test_a_token_is_kept_to_its_ledger_by_the_code_too_not_only_by_the_database(alice, ledger):
    other, token = make_ledger(alice, "Savings"), Token(only_ledger=ledger)
    assert list(ledgers_of(alice, token)) == [ledger]
    assert get_ledger(alice, ledger.pk, "GET", token) == ledger
    with pytest.raises(Http404):
        get_ledger(alice, other.pk, "GET", token)


def test_a_token_for_all_ledgers_finds_every_one(alice, ledger):
    make_ledger(alice, "Savings")
    rows = by(make_token(alice)).get("/api/v1/ledgers/").json()["results"]
    assert [row["name"] for row in rows] == ["Household", "Savings"]


def test_a_token_reaches_no_ledger_that_its_person_has_left(bob, ledger, base):
    membership = share(ledger, bob, "editor")
    client = by(make_token(bob, only_ledger=ledger))
    assert client.get(f"{base}expenses/").status_code == 200
    membership.delete()
    assert client.get(f"{base}expenses/").status_code == 404
    assert client.get("/api/v1/ledgers/").json()["results"] == []


def test_a_token_that_writes_is_bound_by_the_role(bob, ledger, base):
    share(ledger, bob, "viewer")
    answer = by(make_token(bob)).post(f"{base}categories/", {"name": "New"})
    message = "You may look at this ledger, but not change it."
    assert (answer.status_code, answer.json()) == (403, {"detail": message})


def test_a_token_works_until_it_expires(alice, base):
    client = by(make_token(alice, expiry=timedelta(days=1)))
    assert client.get(f"{base}expenses/").status_code == 200
    now = timezone.now()
    Token.objects.update(created=now - timedelta(days=1), expiry=now)
    answer = client.get(f"{base}expenses/")
    assert (answer.status_code, answer.json()) == (401, {"detail": "This token has expired."})
    assert Token.objects.exists()


def test_a_token_of_an_account_that_is_switched_off_opens_nothing(alice, base):
    client = by(make_token(alice))
    type(alice).objects.update(is_active=False)
    answer = client.get(f"{base}expenses/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert answer.json() == {"detail": "The account of this token is switched off."}


def test_a_revoked_token_opens_nothing(alice, base):
    client = by(make_token(alice))
    Token.objects.get().delete()
    answer = client.get(f"{base}expenses/")
    assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid token."})


@pytest.mark.parametrize(
    ("path", "status"), [("expenses/", 200), ("expenses/0/", 404), ("expenses/?x=1", 400)]
)
def test_the_last_use_is_kept_whatever_became_of_the_request(alice, base, path, status):
    client, before = by(make_token(alice)), timezone.now()
    assert client.get(base + path).status_code == status
    assert before < Token.objects.get().last_used_at < timezone.now()


def test_pages_know_no_tokens(client, alice):
    answer = client.get("/accounts/preferences/", headers={"Authorization": f"Token {make_token(alice)}"})
    assert (answer.status_code, Token.objects.get().last_used_at) == (302, None)


def test_the_log_says_why_a_token_was_refused_and_never_which_it_was(alice, base, caplog):
    caplog.set_level(logging.INFO, "security")
    secret = make_token(alice, expiry=timedelta(days=1))
    token = Token.objects.get()
    Token.objects.update(created=timezone.now() - timedelta(days=2), expiry=timezone.now())
    by(secret).get(f"{base}expenses/")
    by("wrong").get(f"{base}expenses/")
    lines = [record.getMessage() for record in caplog.records if record.name == "security"]
    assert lines == [
        f"event=token_refused user={alice.pk} ip=127.0.0.1 reason=expired token={token.pk}",
        "event=token_refused user=- ip=127.0.0.1 reason=unknown",
    ]


@pytest.mark.django_db(transaction=True)
def test_the_database_is_told_once_in_each_transaction_who_sends_a_request(alice, base, monkeypatch):
    told = []
    client, send = by(make_token(alice)), DatabaseWrapper._send
    monkeypatch.setattr(DatabaseWrapper, "_send", lambda self, sql: told.append(sql) or send(self, sql))
    assert client.get(f"{base}days/2024-08-01/").status_code == 200
    begun, by_person = [statement.split(b"; ")[0] for statement in told], told[-1]
    assert begun == [b"BEGIN"]  # the view's: a right token is looked up without a transaction
    assert f"set_config('expense_tracker.user_id', '{alice.pk}', true)".encode() in by_person
    assert b"set_config('expense_tracker.via', 'api', true)" in by_person
