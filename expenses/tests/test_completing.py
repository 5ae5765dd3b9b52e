from decimal import Decimal

import pytest

from expenses import completing
from expenses.completing import completions_of
from expenses.models import Category
from expenses.tests.factories import make_expense, make_ledger

pytestmark = pytest.mark.django_db


def named(ledger, completions):
    names = dict(Category.objects.in_ledger(ledger).values_list("pk", "name"))
    return [(each.payee, names[each.category], each.amount) for each in completions.payees]


def test_a_payee_brings_its_usual_category_and_its_last_amount(ledger, charlie, django_assert_num_queries):
    make_expense(ledger, "5", "Food", "2024-08-03", payee="Market")
    make_expense(ledger, "7", "Food", "2024-08-04", payee="market ")
    make_expense(ledger, "9.50", "Shopping", "2024-08-05", payee="MARKET")
    make_expense(ledger, "1", "Rent", "2024-08-06", payee="Landlord")
    make_expense(ledger, "2", "Other", "2024-08-07")
    make_expense(make_ledger(charlie), "3", payee="A stranger's", tags=["theirs"])
    with django_assert_num_queries(1):
        found = completions_of(ledger)
    assert named(ledger, found) == [("MARKET", "Food", Decimal("9.5")), ("Landlord", "Rent", Decimal(1))]


def test_tags_come_by_how_often_they_are_used_and_of_equals_the_latest_first(ledger):
    for day, tags in [("01", ["old"]), ("02", ["often"]), ("03", ["new", "often"])]:
        make_expense(ledger, day=f"2024-08-{day}", tags=tags)
    assert completions_of(ledger).tags == ["often", "new", "old"]


def test_only_the_latest_are_read_and_named(ledger, monkeypatch):
    monkeypatch.setattr(completing, "LATEST", 3)
    monkeypatch.setattr(completing, "MOST", 2)
    for number in range(1, 5):
        make_expense(ledger, number, day=f"2024-08-0{number}", payee=f"Shop {number}", tags=[f"t{number}"])
    found = completions_of(ledger)
    assert ([each.payee for each in found.payees], found.tags) == (["Shop 4", "Shop 3"], ["t4", "t3"])


def test_the_api_answers_them_once(ledger, as_user, alice):
    make_expense(ledger, "1200.00", "Rent", payee="Landlord", tags=["home"])
    url = f"/api/v1/ledgers/{ledger.pk}/completions/"
    client = as_user(alice)
    answer = client.get(url)
    rent = Category.objects.get(ledger=ledger, name="Rent").pk
    assert answer.json() == {
        "payees": [{"payee": "Landlord", "category": rent, "amount": "1200.00"}],
        "tags": ["home"],
    }
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    make_expense(ledger, payee="Bakery")
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 200
