"""Categories as accounts of Beancount and hledger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expenses.exports import beancount, hledger
from expenses.exports.accounts import accounts
from expenses.models import Category


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Food", "Food"),
        ("food", "Food"),
        ("Café & Bar: 2", "Café-Bar-2"),
        ("e\u0301tat", "État"),
        ("2nd hand", "2nd-hand"),
        ("-x-", "X"),
        ("日本語", "X-日本語"),
        ("straße", "Straße"),
        ("ßa", "X-ßa"),
        ("Ⅷ", "X"),
        ("🍜; (=1)", "1"),
        ("हिन्दी", "X-हनद"),
    ],
)
def test_a_part_of_an_account_in_beancount(name, part):
    assert beancount.part(name) == part


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Food & Drink", "Food & Drink"),
        ("  two  blanks\t", "two blanks"),
        ("a: b;c", "a-b-c"),
        ("(virtual)", "virtual"),
        ("हिन्दी", "हिन्दी"),
        ("🍜", "🍜"),
        ("(=)", "Unnamed"),
    ],
)
def test_a_part_of_an_account_in_hledger(name, part):
    assert hledger.part(name) == part


@given(st.text(max_size=20))
def test_no_name_makes_a_part_that_ends_an_account_or_begins_another(name):
    part = hledger.part(name)
    assert part == part.strip()
    assert not {":", ";", "\t", "\n"} & set(part)
    assert "  " not in part


@pytest.mark.django_db
def test_names_that_become_alike_are_told_apart_by_numbers(ledger):
    for position, name in enumerate(("food!", "FOOD?", "Food-2")):
        Category.objects.create(ledger=ledger, name=name, position=10 + position)
    paths = [account.path for account in accounts(ledger, beancount.part).values()]
    assert paths[1:2] + paths[-3:] == [
        "Expenses:Food",
        "Expenses:Food-2",
        "Expenses:FOOD-3",
        "Expenses:Food-2-2",
    ]
