"""The three calls of the original system, exactly in their shape."""

import csv
import json

import pytest

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, share

UPDATED = b'{"message":"Expenses updated successfully"}'


@pytest.fixture(params=["", "/"], ids=["without slash", "with slash"])
def slash(request):
    return request.param


@pytest.fixture
def url(ledger, slash):
    return f"/api/v1/ledgers/{ledger.pk}/expenses/2024-08-01{slash}"


def load_sample(shared, ledger):
    with open(shared / "data" / "sample-expenses-2024.csv", newline="") as file:
        for row in csv.DictReader(file):
            make_expense(ledger, row["amount"], row["category"], row["date"], notes=row["notes"])


def stored():
    rows = Expense.objects.order_by("pk").values_list("pk", "version", "amount", "category__name", "notes")
    return [(pk, version, float(amount), *texts) for pk, version, amount, *texts in rows]


@pytest.mark.shared
def test_a_day_of_the_sample(api, ledger, url, shared):
    load_sample(shared, ledger)
    answer = api.get(url)
    assert answer.content.decode() == json.dumps(
        [
            {"amount": 1227.0, "category": "Rent", "notes": "Monthly rent payment"},
            {"amount": 300.0, "category": "Food", "notes": "Groceries for the week"},
            {"amount": 1200.0, "category": "Rent", "notes": "Monthly rent payment"},
            {"amount": 300.0, "category": "Food", "notes": "Groceries for the week"},
        ],
        separators=(",", ":"),
    )
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


@pytest.mark.shared
def test_the_analytics_of_the_sample(api, ledger, slash, shared):
    load_sample(shared, ledger)
    body = {"start_date": "2024-08-01", "end_date": "2024-08-05"}
    answer = api.post(f"/api/v1/ledgers/{ledger.pk}/analytics{slash}", body)
    assert answer.status_code == 200
    assert answer.content.decode() == (
        '{"Rent":{"total":2777,"percentage":55.7},'
        '"Food":{"total":1225,"percentage":24.6},'
        '"Shopping":{"total":670,"percentage":13.4},'
        '"Entertainment":{"total":225,"percentage":4.5},'
        '"Other":{"total":90,"percentage":1.8}}'
    )


def test_analytics_of_an_empty_range_is_an_empty_object(api, ledger, slash):
    body = {"start_date": "2024-08-01", "end_date": "2024-08-05"}
    answer = api.post(f"/api/v1/ledgers/{ledger.pk}/analytics{slash}", body)
    assert (answer.status_code, answer.content) == (200, b"{}")


def test_cents_stay_in_the_total(api, ledger, slash):
    make_expense(ledger, "0.10")
    make_expense(ledger, "0.20")
    body = {"start_date": "2024-08-01", "end_date": "2024-08-01"}
    answer = api.post(f"/api/v1/ledgers/{ledger.pk}/analytics{slash}", body)
    assert answer.content == b'{"Food":{"total":0.3,"percentage":100.0}}'


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"start_date": ["This field is required."], "end_date": ["This field is required."]}),
        ([], {"start_date": ["This field is required."], "end_date": ["This field is required."]}),
        (
            {"start_date": "2024-08-05", "end_date": "2024-08-01"},
            {"end_date": ["The last date lies before the first one."]},
        ),
        (
            {"start_date": 20240801, "end_date": ["2024-08-01"]},
            {"start_date": ["Write a date as YYYY-MM-DD."], "end_date": ["Write a date as YYYY-MM-DD."]},
        ),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(api, ledger, slash, body, errors):
    answer = api.post(f"/api/v1/ledgers/{ledger.pk}/analytics{slash}", body)
    assert (answer.status_code, answer.json()) == (400, errors)


def test_a_day_without_expenses_is_an_empty_list(api, url):
    answer = api.get(url)
    assert (answer.status_code, answer.content) == (200, b"[]")


def test_what_is_posted_replaces_the_day_and_only_the_day(api, alice, ledger, url):
    make_expense(ledger, "1", notes="old")
    make_expense(ledger, "2", day="2024-08-02", notes="next day")
    rows = [
        {"amount": 12.5, "category": "Food", "notes": "Lunch"},
        {"amount": 0, "category": "Food", "notes": ""},
        {"amount": 0.0, "category": "Rent", "notes": "dropped"},
        {"amount": 40, "category": " shopping ", "notes": ""},
    ]
    answer = api.post(url, rows)
    assert (answer.status_code, answer.content) == (200, UPDATED)
    assert [row[2:] for row in stored()] == [
        (2.0, "Food", "next day"),
        (12.5, "Food", "Lunch"),
        (40.0, "Shopping", ""),
    ]
    assert Expense.objects.latest("pk").created_by == alice
    assert api.get(url).json() == [
        {"amount": 12.5, "category": "Food", "notes": "Lunch"},
        {"amount": 40.0, "category": "Shopping", "notes": ""},
    ]


def test_an_empty_list_empties_the_day(api, ledger, url):
    make_expense(ledger)
    assert (api.post(url, []).content, stored()) == (UPDATED, [])


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "1200"), ("EUR", "12.30"), ("TND", "1.555")])
def test_what_is_read_can_be_sent_back_and_changes_nothing(api, alice, slash, currency, amount):
    ledger = make_ledger(alice, currency=currency)
    url = f"/api/v1/ledgers/{ledger.pk}/expenses/2024-08-01{slash}"
    make_expense(ledger, amount, payee="kept", notes="a")
    make_expense(ledger, amount, notes="a")
    make_expense(ledger, f"-{amount}", notes="b")
    before = stored()
    body = api.get(url).content
    assert api.post(url, body, content_type="application/json").content == UPDATED
    assert stored() == before
    assert Expense.objects.filter(payee="kept").count() == 1


def test_rows_that_stay_the_same_keep_their_ids_and_equal_rows_are_counted(api, ledger, url):
    coffees = [make_expense(ledger, "2.50", notes="Coffee") for _cup in range(3)]
    kept = make_expense(ledger, "7", "Rent", notes="kept")
    coffee = {"amount": 2.5, "category": "Food", "notes": "Coffee"}
    api.post(url, [{"amount": 7, "category": "Rent", "notes": "kept"}, coffee, coffee])
    assert [row[:2] for row in stored()] == [(coffees[0].pk, 1), (coffees[1].pk, 1), (kept.pk, 1)]
    api.post(url, [coffee] * 4)
    assert [row[2:] for row in stored()] == [(2.5, "Food", "Coffee")] * 4
    assert [row[:2] for row in stored()][:2] == [(coffees[0].pk, 1), (coffees[1].pk, 1)]


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ({"category": "Travel"}, {"category": ["This ledger has no category “Travel”."]}),
        ({"category": ""}, {"category": ["This field may not be blank."]}),
        ({"category": 5}, {"category": ["This ledger has no category “5”."]}),
        ({"amount": "1e3"}, {"amount": ["Write an amount such as 1234.50."]}),
        ({"amount": True}, {"amount": ["Write an amount as a string such as “1234.50”."]}),
        ({"amount": 1.005}, {"amount": ["An amount in this currency has at most 2 decimals."]}),
        ({"notes": "x" * 1001}, {"notes": ["Ensure this field has no more than 1000 characters."]}),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(api, ledger, url, row, errors):
    make_expense(ledger, notes="old")
    before = stored()
    good = {"amount": 1, "category": "Food", "notes": ""}
    answer = api.post(url, [good, good | row])
    assert (answer.status_code, answer.json()) == (400, {"1": errors})
    assert stored() == before


@pytest.mark.parametrize("name", ["Straße", "STRASSE"])
def test_of_two_names_that_are_nearly_one_the_exact_one_is_meant(api, ledger, url, name):
    for made in ("Straße", "STRASSE"):
        Category.objects.create(ledger=ledger, name=made)
    api.post(url, [{"amount": 1, "category": name, "notes": ""}])
    assert [row[3] for row in stored()] == [name]


def test_a_category_of_another_ledger_does_not_exist_here(api, charlie, url):
    Category.objects.create(ledger=make_ledger(charlie), name="Charlie's")
    answer = api.post(url, [{"amount": 1, "category": "Charlie's", "notes": ""}])
    message = "This ledger has no category “Charlie's”."
    assert (answer.status_code, answer.json()) == (400, {"0": {"category": [message]}})


def test_no_state_has_to_be_named_and_the_answer_has_none(api, ledger, url):
    make_expense(ledger)
    answer = api.post(url, [], headers={"If-Match": '"old"'})
    assert (answer.status_code, answer.content, "ETag" in answer) == (200, UPDATED, False)
    assert (stored(), api.get(url, headers={"If-None-Match": "*"}).status_code) == ([], 200)


def test_a_replacement_that_comes_again_is_answered_alike_and_replaces_nothing(api, ledger, url):
    rows, key = [{"amount": 5, "category": "Food", "notes": "Tea"}], {"Idempotency-Key": "k"}
    first = api.post(url, rows, headers=key)
    make_expense(ledger, notes="added since")
    before = stored()
    again = api.post(url, rows, headers=key)
    assert (again.status_code, again.content, stored()) == (200, UPDATED, before)
    assert (first.content, again["Idempotency-Replayed"]) == (UPDATED, "true")


@pytest.mark.parametrize("body", [{}, "text", 5, [1], [[]]])
def test_a_body_of_another_shape_is_refused(api, ledger, url, body):
    make_expense(ledger)
    before = stored()
    assert (api.post(url, body).status_code, stored()) == (400, before)


def test_a_viewer_may_ask_but_not_replace(api_as, bob, ledger, url, slash):
    share(ledger, bob, "viewer")
    make_expense(ledger, "5", notes="Tea")
    api, before = api_as(bob), stored()
    assert api.get(url).json() == [{"amount": 5.0, "category": "Food", "notes": "Tea"}]
    answer = api.post(url, [])
    message = "You may look at this ledger, but not change it."
    assert (answer.status_code, answer.json(), stored()) == (403, {"detail": message}, before)
    body = {"start_date": "2024-08-01", "end_date": "2024-08-01"}
    answer = api.post(f"/api/v1/ledgers/{ledger.pk}/analytics{slash}", body)
    assert answer.json() == {"Food": {"total": 5, "percentage": 100.0}}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_no_ledger(api_as, charlie, ledger, url, slash, method):
    make_expense(ledger)
    before = stored()
    answer = getattr(api_as(charlie), method)(url, [] if method == "post" else None)
    assert (answer.status_code, answer.json(), stored()) == (404, {"detail": "No such ledger."}, before)
