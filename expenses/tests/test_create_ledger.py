from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from expenses.models import Category
from ledgers.models import Ledger, Membership


def run(*words):
    out = StringIO()
    call_command("create_ledger", *words, stdout=out)
    return out.getvalue()


def test_prints_only_the_number(alice):
    ledger = Ledger.objects.get(pk=int(run("Holidays", "--owner", "alice", "--currency", "jpy")))
    assert (ledger.name, ledger.currency) == ("Holidays", "JPY")
    membership = Membership.objects.get(ledger=ledger)
    assert (membership.user, membership.role) == (alice, "owner")
    assert Category.objects.in_ledger(ledger).count() == 5


@pytest.mark.parametrize(
    ("name", "currency", "reason"),
    [
        ("Holidays", "XXX", "not the code of a currency in use"),
        ("", "EUR", "blank"),
        ("n" * 101, "EUR", "100 characters"),
    ],
)
def test_impossible_ledger_is_refused(alice, name, currency, reason):
    with pytest.raises(CommandError, match=reason):
        run(name, "--owner", "alice", "--currency", currency)
    assert not Ledger.objects.exists()


def test_unknown_owner_is_refused(db):
    with pytest.raises(CommandError, match="no user “bob”"):
        run("Holidays", "--owner", "bob", "--currency", "EUR")
