from decimal import Decimal

import pytest

from expenses.models import Category, Favourite
from expenses.tests.factories import make_favourite, make_ledger, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/favourites/"


@pytest.fixture
def coffee(ledger):
    """What is sent to add one."""
    food = Category.objects.get(ledger=ledger, name="Food")
    return {"name": "Coffee", "amount": "3.20", "category": food.pk, "payee": "Canteen", "tags": ["Work"]}


def test_one_is_added_and_answered_as_it_is_stored(api, url, coffee):
    answer = api.post(url, coffee)
    favourite = Favourite.objects.get()
    row = {**coffee, "id": favourite.pk, "version": 1, "position": 0, "notes": "", "tags": ["work"]}
    assert (answer.status_code, answer.json()) == (201, row)
    assert api.get(f"{url}{favourite.pk}/").json() == row
    assert api.get(url).json()["results"] == [row]


def test_several_rows_are_added_at_once_or_none(api, url, coffee):
    answer = api.post(url, [coffee, coffee | {"amount": None}])
    assert [(row["amount"], row["position"]) for row in answer.json()] == [("3.20", 0), (None, 1)]
    answer = api.post(url, [coffee, coffee | {"category": 0}])
    assert (answer.status_code, Favourite.objects.count()) == (400, 2)
    assert answer.json() == {"1": {"category": ["This ledger has no row with the id 0."]}}


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"name": " "}, {"name": ["This field may not be blank."]}),
        ({"amount": "0.00"}, {"amount": ["An amount cannot be zero."]}),
        ({"amount": "1.234"}, {"amount": ["An amount in this currency has at most 2 decimals."]}),
        ({"tags": ["two words"]}, {"tags": ["“two words” cannot be a tag."]}),
        ({"tags": "work"}, {"tags": ['Expected a list of items but got type "str".']}),
        ({"nmae": "x"}, {"nmae": ["Unknown field."]}),
    ],
)
def test_a_wrong_field_is_named_and_nothing_written(api, url, coffee, values, errors):
    answer = api.post(url, coffee | values)
    assert (answer.status_code, answer.json()) == (400, errors)
    assert not Favourite.objects.exists()


def test_one_is_changed_by_who_saw_it(api, url, ledger):
    favourite = make_favourite(ledger)
    assert api.patch(f"{url}{favourite.pk}/", {"amount": "4"}).status_code == 428
    assert api.patch(f"{url}{favourite.pk}/", {"amount": "4", "version": 1}).json()["version"] == 2
    assert api.patch(f"{url}{favourite.pk}/", {"amount": "5", "version": 1}).status_code == 409
    favourite.refresh_from_db()
    assert favourite.amount == Decimal(4)
    assert api.delete(f"{url}{favourite.pk}/?version=2").status_code == 204


def test_another_ledgers_category_is_unknown_and_a_stranger_finds_nothing(
    api, api_as, charlie, bob, ledger, url, coffee
):
    theirs = Category.objects.filter(ledger=make_ledger(charlie)).first()
    assert api.post(url, coffee | {"category": theirs.pk}).status_code == 400
    share(ledger, bob, "viewer")
    assert [api_as(user).post(url, coffee).status_code for user in (bob, charlie)] == [403, 404]
    assert not Favourite.objects.exists()
