"""What is never true of accounts, rules and imported expenses is refused by PostgreSQL itself, in its own words."""

import pytest
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError, transaction

from database.errors import explain
from expenses.models import Account, Category, Expense, Rule
from expenses.tests.factories import make_account, make_expense, make_ledger, make_rule

KEY = "0123456789abcdef"
NO_EFFECT = "Give the rule a category or a payee to set."
ACCOUNTS = {
    "account_name_given": ({"name": ""}, {"name": ["Give the account a name."]}),
    "account_name_once": (
        {"name": "CHECKING"},
        {"name": ["This ledger has an account of that name already."]},
    ),
    "account_key_once": ({"key": KEY}, {"key": ["This ledger has this account already."]}),
    "account_currency_iso": ({"currency": "eur"}, {"currency": ["A currency is three capital letters."]}),
}
RULES = {
    "rule_looks_for_something": ({"pattern": " \t"}, {"pattern": ["Write what the rule looks for."]}),
    "rule_sets_something": ({"category": None}, {NON_FIELD_ERRORS: [NO_EFFECT]}),
    "rule_field_known": (
        {"field": "notes"},
        {"field": ["A rule looks at the payee, the text, or either."]},
    ),
    "rule_operator_known": ({"operator": "like"}, {"operator": ["A rule says contains, is or matches."]}),
    "rule_position_in_range": ({"position": 1_000_001}, {"position": ["The position is too large."]}),
}


def refusal(write) -> IntegrityError:
    """What PostgreSQL says to this write."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return error.value


def name_of(error: IntegrityError) -> str:
    return error.__cause__.diag.constraint_name


@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_account_that_is_never_true_is_refused(ledger, name):
    make_account(ledger, key=KEY)
    changes, message = ACCOUNTS[name]
    values = {"name": "Card", "key": "f" * 16, **changes}
    error = refusal(lambda: Account.objects.bulk_create([Account(ledger=ledger, **values)]))
    assert (name_of(error), explain(error).message_dict) == (name, message)


@pytest.mark.parametrize("key", ["", "x" * 16, "A" * 16, "0" * 15])
def test_a_key_is_sixteen_hexadecimal_digits(ledger, key):
    assert name_of(refusal(lambda: make_account(ledger, key=key))) == "account_key_sixteen_hex"


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("how", ["add", "change"])
def test_a_rule_that_is_never_true_is_refused(ledger, name, how):
    rule = make_rule(ledger)
    changes, message = RULES[name]
    values = {"ledger": ledger, "pattern": "x", "category": rule.category, **changes}
    writes = {
        "add": lambda: Rule.objects.bulk_create([Rule(**values)]),
        "change": lambda: Rule.objects.update(**changes),
    }
    error = refusal(writes[how])
    assert (name_of(error), explain(error).message_dict) == (name, message)


def test_a_rule_with_a_category_of_another_ledger_is_impossible(alice, ledger):
    foreign = Category.objects.get(ledger=make_ledger(alice, "Other"), name="Food")
    make_rule(ledger)
    error = refusal(lambda: Rule.objects.update(category=foreign))
    assert name_of(error) == "rule_category_of_ledger"
    assert explain(error).message_dict == {"category": ["This ledger has no such category."]}


def test_a_line_of_a_statement_is_in_a_ledger_once(alice, ledger):
    line = f"{KEY}:1"
    make_expense(ledger, external_id=line)
    make_expense(make_ledger(alice, "Other"), external_id=line)
    error = refusal(lambda: make_expense(ledger, external_id=line))
    assert name_of(error) == "expense_external_id_once"
    assert explain(error).message_dict == {
        "external_id": ["This line of a statement is in the ledger already."]
    }


def test_what_was_typed_is_no_line_of_a_statement_any_number_of_times(ledger):
    assert [make_expense(ledger).external_id for _twice in range(2)] == ["", ""]
    assert Expense.objects.count() == 2
