from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from api.models import MOST_TOKENS, Token
from expenses.tests.factories import make_ledger, make_token, share


def run(*words):
    out = StringIO()
    call_command("create_token", *words, stdout=out)
    return out.getvalue()


def test_prints_a_token_that_works_and_nothing_else(alice, ledger):
    (token,) = run("alice").split()
    client = APIClient(headers={"Authorization": f"Token {token}"})
    assert client.get(f"/api/v1/ledgers/{ledger.pk}/").json()["id"] == ledger.pk
    assert APIClient().get(f"/api/v1/ledgers/{ledger.pk}/").status_code == 401


def test_never_expires_unless_asked(alice):
    run("alice")
    assert Token.objects.get().expiry is None


def test_expires_after_the_days_given(alice):
    before = timezone.now()
    run("alice", "--days", "30")
    assert before < Token.objects.get().expiry - timedelta(days=30) < timezone.now()


@pytest.mark.parametrize("days", ["0", "-1", "99999999999"])
def test_impossible_number_of_days_is_refused(alice, days):
    with pytest.raises(CommandError, match="--days"):
        run("alice", f"--days={days}")
    assert not Token.objects.exists()


def test_unknown_name_is_refused(alice):
    with pytest.raises(CommandError, match="no user “bob”"):
        run("bob")


def test_account_that_is_switched_off_gets_none(alice):
    type(alice).objects.update(is_active=False)
    with pytest.raises(CommandError, match="switched off"):
        run("alice")
    assert not Token.objects.exists()


def test_may_write_to_all_ledgers_unless_asked(alice):
    run("alice")
    token = Token.objects.get()
    assert (token.name, token.can_write, token.only_ledger) == ("create_token", True, None)


def test_name_access_and_ledger_can_be_given(alice, ledger):
    run("alice", "--name", " Backup ", "--read-only", "--ledger", str(ledger.pk))
    token = Token.objects.get()
    assert (token.name, token.can_write, token.only_ledger) == ("Backup", False, ledger)


def test_a_viewer_may_have_a_token_for_the_ledger(bob, ledger):
    share(ledger, bob, "viewer")
    run("bob", "--ledger", str(ledger.pk))
    assert Token.objects.get().only_ledger == ledger


@pytest.mark.parametrize("words", [["--ledger", "{}"], ["--ledger", "999999"], ["--ledger", "-1"]])
def test_somebody_elses_ledger_is_refused_like_none(alice, bob, words):
    pk = make_ledger(bob).pk
    with pytest.raises(CommandError, match="alice has no ledger"):
        run("alice", *[word.format(pk) for word in words])
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("name", "message"), [(" ", "cannot be blank"), ("x" * 101, "at most 100 characters")]
)
def test_a_name_that_is_none_is_refused(alice, name, message):
    with pytest.raises(CommandError, match=message):
        run("alice", "--name", name)
    assert not Token.objects.exists()


def test_there_is_an_end_to_tokens(alice):
    for number in range(MOST_TOKENS):
        make_token(alice, f"token {number}")
    with pytest.raises(CommandError, match="There are 50 tokens already"):
        run("alice")
