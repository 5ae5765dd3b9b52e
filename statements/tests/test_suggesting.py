"""Which category a line is suggested, and why."""

import pytest

from expenses.models import Category
from expenses.tests.factories import make_expense, make_rule
from statements.models import StatementLine
from statements.tests.files import booked, csv, staged

pytestmark = pytest.mark.django_db


def suggested(ledger, payee: str) -> tuple:
    staged(ledger, csv([booked("03-01", "-2.5", payee)]))
    line = StatementLine.objects.filter(ledger=ledger).latest("pk")
    return line.category and line.category.name, line.suggested_by, line.why


@pytest.mark.parametrize("payee", ["REWE Markt", "rewe markt 1234", "REWE Markt Köln"])
def test_what_the_payee_had_before_is_suggested_with_its_reason(ledger, payee):
    make_expense(ledger, "7", "Food", payee="REWE Markt")
    make_expense(ledger, "8", "Food", payee="REWE Markt")
    make_expense(ledger, "9", "Shopping", payee="REWE Markt")
    assert suggested(ledger, payee) == ("Food", "history", {"payee": "REWE Markt", "count": 2, "of": 3})


def test_one_common_word_is_no_payee(ledger):
    make_expense(ledger, "7", "Food", payee="Espresso Bar")
    assert suggested(ledger, "Bar") == (None, "", None)


def test_a_rule_goes_before_history(ledger):
    make_expense(ledger, "7", "Shopping", payee="Bakery")
    make_rule(ledger, "bakery", "Food")
    assert suggested(ledger, "BAKERY") == ("Food", "rule", {"rule": "bakery"})


def test_a_category_of_the_file_is_found_by_its_other_names(ledger):
    food = Category.objects.get(ledger=ledger, name="Food")
    Category.objects.filter(pk=food.pk).update(aliases=["groceries"])
    staged(ledger, b"date,amount,category,notes\n2024-03-01,5,Groceries,\n")
    assert StatementLine.objects.get().category == food
