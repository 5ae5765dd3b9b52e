"""Merging and splitting categories through the API: a dry run, then exactly that."""

import pytest

from expenses.models import Category
from expenses.tests.factories import make_expense, make_rule, share

pytestmark = pytest.mark.django_db


def named(ledger, name) -> Category:
    return Category.objects.get(ledger=ledger, name=name)


@pytest.fixture
def book(ledger):
    Category.objects.create(ledger=ledger, name="Bakery", parent=named(ledger, "Food"), position=9)
    for amount, payee in [("10", "Corner shop"), ("-3", "Market")]:
        make_expense(ledger, amount, "Food", payee=payee)
    make_rule(ledger, category="Food")
    return ledger


@pytest.fixture
def post(api, book):
    """``post("merge", …)`` asks for it to be done to Food."""
    base = f"/api/v1/ledgers/{book.pk}/categories/{named(book, 'Food').pk}/"

    def send(act, body, **headers):
        return api.post(f"{base}{act}/", body, headers=headers)

    return send


def test_a_dry_run_says_what_a_merge_comes_to_and_writes_nothing(post, book):
    shopping, bakery = named(book, "Shopping"), named(book, "Bakery")
    newest = list(named(book, "Food").expenses.newest_first().values_list("pk", flat=True))
    answer = post("merge", {"into": shopping.pk, "dry_run": True})
    said = answer.json()
    assert answer["ETag"] == f'"{said.pop("seen")}"'
    assert "Change-Set" not in answer
    assert said == {
        "count": 2,
        "total": "7.00",
        "ids": newest,
        "subcategories": [bakery.pk],
        "rules": 1,
        "favourites": 0,
        "into": shopping.pk,
    }
    assert named(book, "Food").expenses.count() == 2


@pytest.mark.parametrize("how", ["seen", "If-Match", "*"])
def test_a_merge_does_what_was_seen(post, book, how):
    shopping = named(book, "Shopping")
    seen = post("merge", {"into": shopping.pk, "dry_run": True}).json()["seen"]
    headers = {"If-Match": f'"{seen}"'} if how == "If-Match" else {}
    body = {"into": shopping.pk} | ({} if headers else {"seen": "*" if how == "*" else seen})
    answer = post("merge", body, **headers)
    assert (answer.status_code, answer.json()["count"], answer["Change-Set"].isdigit()) == (200, 2, True)
    shopping.refresh_from_db()
    assert (shopping.aliases, shopping.expenses.count(), shopping.rules.count()) == (["food"], 2, 1)
    assert not Category.objects.filter(name="Food").exists()


def test_nothing_is_done_unseen(post, book):
    shopping = named(book, "Shopping").pk
    answer = post("merge", {"into": shopping})
    sentence = "Say what you saw: send `seen` as the dry run answered it."
    assert (answer.status_code, answer.json()) == (428, {"detail": sentence})
    seen = post("merge", {"into": shopping, "dry_run": True}).json()["seen"]
    make_expense(book, "1", "Food")
    for answer in (
        post("merge", {"into": shopping, "seen": seen}),
        post("merge", {"into": shopping}, **{"If-Match": f'"{seen}"'}),
    ):
        assert (answer.status_code, answer.json()["current"]["count"]) == (412, 3)
    assert named(book, "Food").expenses.count() == 3


def test_the_same_key_merges_once(post, book):
    body = {"into": named(book, "Shopping").pk, "keep_name": False, "seen": "*"}
    first, again = (post("merge", body, **{"Idempotency-Key": "once"}) for _time in range(2))
    assert (first.status_code, again.json(), again["Idempotency-Replayed"]) == (200, first.json(), "true")
    assert named(book, "Shopping").aliases == []


def test_a_split_moves_what_all_conditions_fit(post, book):
    food = named(book, "Food")
    body = {"name": "Snacks", "parent": food.pk, "payee_contains": "CORNER", "amount_min": "0"}
    dry = post("split", body | {"dry_run": True}).json()
    assert (dry["count"], dry["total"], dry["into"], Category.objects.count()) == (1, "10.00", None, 6)
    answer = post("split", body | {"seen": dry["seen"]})
    snacks = named(book, "Snacks")
    assert (answer.status_code, answer.json()["into"], snacks.parent) == (200, snacks.pk, food)
    assert [expense.amount for expense in snacks.expenses.all()] == [10]


@pytest.mark.parametrize(
    ("act", "body", "errors"),
    [
        ("merge", {}, {"into": ["This field is required."]}),
        ("merge", {"into": "Food"}, {"into": ["Choose another category."]}),
        (
            "merge",
            {"into": "Bakery"},
            {"into": ["“Bakery” is part of “Food”. Merge it the other way round."]},
        ),
        ("merge", {"into": "Rent", "more": 1}, {"more": ["Unknown field."]}),
        ("split", {"text": "x"}, {"into": ["Name a category, or the name of a new one."]}),
        ("split", {"into": "Rent", "name": "x"}, {"into": ["Name a category, or the name of a new one."]}),
        ("split", {"into": "Rent", "parent": "Food"}, {"parent": ["Only a new category is given one here."]}),
        (
            "split",
            {"into": "Rent"},
            {"non_field_errors": ["Say which expenses: fill in at least one field."]},
        ),
        ("split", {"into": "Rent", "text": "no"}, {"non_field_errors": ["“Food” has no such expense."]}),
        (
            "split",
            {"name": "rent", "text": "o"},
            {"name": ["This ledger has a category of that name already."]},
        ),
        (
            "split",
            {"name": "New", "parent": "Bakery", "payee_contains": "o"},
            {"parent": ["Choose a main category of this ledger: a subcategory has none of its own."]},
        ),
        (
            "split",
            {"into": "Rent", "date_after": "2024-08-02", "date_before": "2024-08-01"},
            {"date_before": ["The last date lies before the first one."]},
        ),
    ],
)
def test_what_cannot_be_is_named(post, book, act, body, errors):
    body = {
        name: named(book, value).pk if name in ("into", "parent") else value for name, value in body.items()
    }
    answer = post(act, body | {"seen": "*"})
    assert (answer.status_code, answer.json()) == (400, errors)
    assert (Category.objects.count(), named(book, "Food").expenses.count()) == (6, 2)


@pytest.mark.parametrize("act", ["merge", "split"])
def test_a_stranger_finds_nothing_and_a_viewer_is_refused(book, bob, charlie, api_as, act):
    share(book, bob, "viewer")
    url = f"/api/v1/ledgers/{book.pk}/categories/{named(book, 'Food').pk}/{act}/"
    body = {"into": named(book, "Rent").pk, "dry_run": True}
    assert [api_as(user).post(url, body).status_code for user in (charlie, bob)] == [404, 403]
