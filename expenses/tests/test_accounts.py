"""The keys of accounts, and when an account can go."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction

from expenses.accounts import delete_account, key_of, random_key
from expenses.models import Account
from expenses.tests.factories import make_account, make_expense, make_ledger


@pytest.mark.parametrize("written", ["DE12 5001 0517", "de1250010517", "DE12-5001.0517", " DE12_5001/0517\n"])
def test_a_number_has_one_key_however_it_is_written(written):
    assert key_of(written) == key_of("DE1250010517") == "e358de949abc177f"


@pytest.mark.parametrize("other", ["DE1250010518", "DE125001051", "E1250010517", "ДЕ1250010517"])
def test_another_number_has_another_key(other):
    assert key_of(other) != key_of("DE1250010517")


@pytest.mark.parametrize("empty", ["", " "])
def test_what_is_no_number_has_no_key(empty):
    with pytest.raises(ValueError, match="number or a name"):
        key_of(empty)


def test_names_without_letters_or_digits_are_told_apart():
    assert len({key_of(name) for name in ("***", "–/_.", "💳")}) == 3


def test_a_random_key_is_sixteen_hexadecimal_digits_and_nobody_elses(ledger):
    first, second = make_account(ledger, "A"), make_account(ledger, "B", key=random_key())
    assert first.key != second.key
    assert len(int(first.key, 16).to_bytes(8, "big")) == 8


def test_a_key_never_changes(ledger):
    account = make_account(ledger)
    with (
        pytest.raises(ProgrammingError, match="Cannot update rows from expenses_account"),
        transaction.atomic(),
    ):
        Account.objects.update(key=random_key())
    account.refresh_from_db()
    assert account.version == 1


def test_an_account_without_imported_expenses_goes(ledger, alice):
    account = make_account(ledger)
    make_expense(ledger, external_id=f"{random_key()}:{account.key}:1")
    make_expense(make_ledger(alice, "Other"), external_id=f"{account.key}:1")
    delete_account(account)
    assert not Account.objects.exists()


def test_an_account_with_imported_expenses_stays(ledger):
    account = make_account(ledger)
    make_expense(ledger, external_id=f"{account.key}:1")
    message = "“Checking” has imported expenses, so it cannot be deleted."
    with pytest.raises(ValidationError, match=message):
        delete_account(account)
    assert Account.objects.with_use().get().used is True


def test_two_ledgers_may_have_the_same_account(ledger, alice):
    key = key_of("DE1250010517")
    make_account(ledger, key=key)
    make_account(make_ledger(alice, "Other"), key=key)
    with pytest.raises(IntegrityError, match="account_key_once"), transaction.atomic():
        make_account(ledger, "Again", key=key)


def test_it_is_written_with_the_digits_that_tell_it_from_others(ledger):
    assert str(make_account(ledger, "Card", "42")) == "Card …42"
    assert str(Account(name="Cash")) == "Cash"
