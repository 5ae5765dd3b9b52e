from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient


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
    assert AuthToken.objects.get().expiry is None


def test_expires_after_the_days_given(alice):
    before = timezone.now()
    run("alice", "--days", "30")
    assert before < AuthToken.objects.get().expiry - timedelta(days=30) < timezone.now()


@pytest.mark.parametrize("days", ["0", "-1", "99999999999"])
def test_impossible_number_of_days_is_refused(alice, days):
    with pytest.raises(CommandError, match="--days"):
        run("alice", f"--days={days}")
    assert not AuthToken.objects.exists()


def test_unknown_name_is_refused(alice):
    with pytest.raises(CommandError, match="no user “bob”"):
        run("bob")


def test_account_that_is_switched_off_gets_none(alice):
    type(alice).objects.update(is_active=False)
    with pytest.raises(CommandError, match="switched off"):
        run("alice")
    assert not AuthToken.objects.exists()
