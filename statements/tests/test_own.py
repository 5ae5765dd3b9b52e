"""Which lines of our own export the ledger has, and which it has no more."""

import json

import pytest

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from statements.deciding import refresh
from statements.tests.files import lines_of, staged

pytestmark = pytest.mark.django_db
KNOWN, ADDED = ("known", "skip", "-2.5"), ("new", "add", "-2.5")
COFFEE = {"date": "2024-03-01", "amount": "2.50", "category": "Food", "payee": "", "notes": ""}
REFUND = COFFEE | {"amount": "-9.00"}
HEADER = "date,amount,category,notes,payee\n"


def ours(*expenses: dict, currency="EUR") -> bytes:
    ledger = {"name": "Household", "currency": currency, "month_start_day": 1}
    document = {"format": "expense-tracker-ledger", "version": 2, "ledger": ledger}
    return json.dumps(document | {"expenses": expenses}).encode()


def coffee(ledger, **values) -> Expense:
    return make_expense(ledger, "2.5", day="2024-03-01", **values)


@pytest.mark.parametrize("name", ["ΛΟΓΑΡΙΑΣΜΟΣ", "İçecek"])
def test_the_database_says_which_categories_are_the_same(ledger, name):
    Category.objects.create(ledger=ledger, name=name, colour="#0e8fa8", position=50)
    coffee(ledger, category=name)
    assert lines_of(staged(ledger, f"{HEADER}2024-03-01,2.50,{name},,\n".encode())) == [KNOWN]


def test_an_expense_with_the_id_of_one_line_is_no_other_line(ledger):
    coffee(ledger, external_id="a:1")
    lines = lines_of(staged(ledger, ours(COFFEE, COFFEE | {"external_id": "a:1"})))
    assert lines == [ADDED, KNOWN]


def test_a_line_with_an_id_is_no_expense_that_has_another(ledger):
    coffee(ledger, external_id="b:1")
    assert lines_of(staged(ledger, ours(COFFEE | {"external_id": "a:1"}))) == [ADDED]


def test_what_has_no_id_takes_an_expense_that_has_one_first(ledger):
    coffee(ledger)
    coffee(ledger, external_id="b:1")
    assert lines_of(staged(ledger, ours(COFFEE, COFFEE | {"external_id": "a:1"}))) == [KNOWN, KNOWN]


@pytest.mark.parametrize("ids", [{}, {"external_id": "a:1"}])
def test_what_went_is_offered_again_and_what_came_is_not(ledger, ids):
    expense = coffee(ledger)
    of_import = staged(ledger, ours(COFFEE | ids))
    refresh(of_import)
    assert lines_of(of_import) == [KNOWN]
    expense.delete()
    refresh(of_import)
    assert lines_of(of_import) == [ADDED]
    coffee(ledger)
    refresh(of_import)
    assert lines_of(of_import) == [KNOWN]


def test_a_refund_that_went_is_offered_again_as_one(ledger):
    expense = make_expense(ledger, "-9", day="2024-03-01", external_id="a:1")
    of_import = staged(ledger, ours(REFUND | {"external_id": "a:1"}))
    expense.delete()
    refresh(of_import)
    assert lines_of(of_import) == [("new", "add", "9")]


def test_looking_again_adds_what_two_files_have_once(ledger):
    of_import = staged(ledger, ours(COFFEE), ours(COFFEE, COFFEE))
    refresh(of_import)
    assert lines_of(of_import) == [ADDED, KNOWN, ADDED]
