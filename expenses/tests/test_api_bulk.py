from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import in_production

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(ledger):
    return [make_expense(ledger, amount, payee="Baker", tags=["b"]) for amount in ("1", "2.50", "-0.25")]


def post(api, ledger, **said):
    headers = said.pop("headers", {})
    return api.post(f"/api/v1/ledgers/{ledger.pk}/expenses/bulk/", said, format="json", headers=headers)


def category_of(ledger, name):
    return Category.objects.get(ledger=ledger, name=name)


def rows():
    names = ("payee", "date", "category__name", "tags")
    return list(Expense.objects.order_by("pk").values_list(*names))


def test_a_dry_run_tells_what_it_touches_and_what_it_told_can_be_carried_out(api, ledger, three):
    ids, wanted = [each.pk for each in three[:2]], {"payee": "Bakery", "date": "2024-12-24"}
    before = rows()
    dry = post(api, ledger, ids=ids, set=wanted, dry_run=True)
    assert (dry.status_code, dry.json()["count"], dry.json()["total"], rows()) == (200, 2, "3.50", before)
    assert "Change-Set" not in dry
    done = post(api, ledger, ids=ids, set=wanted, digest=dry.json()["digest"])
    assert (done.status_code, done.json()) == (200, dry.json())
    assert rows() == [("Bakery", date(2024, 12, 24), "Food", ["b"])] * 2 + [before[2]]
    undone = api.post(f"/api/v1/ledgers/{ledger.pk}/history/{done['Change-Set']}/undo/")
    assert (undone.status_code, rows()) == (201, before)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"set": {"category": "Rent"}}, ("Baker", date(2024, 8, 1), "Rent", ["b"])),
        ({"set": {"payee": ""}}, ("", date(2024, 8, 1), "Food", ["b"])),
        ({"shift_days": 31}, ("Baker", date(2024, 9, 1), "Food", ["b"])),
        ({"add_tags": ["A"], "remove_tags": ["b", "c"]}, ("Baker", date(2024, 8, 1), "Food", ["a"])),
    ],
)
def test_each_change_by_a_filter_is_one_statement(api, ledger, three, said, expected):
    if "category" in said.get("set", {}):
        said = {"set": {"category": category_of(ledger, "Rent").pk}}
    kept = make_expense(ledger, payee="Elsewhere")
    with CaptureQueriesContext(connection) as queries:
        assert post(api, ledger, filter={"payee": "Baker"}, **said).json()["count"] == 3
    assert len([q for q in queries if q["sql"].startswith('UPDATE "expenses_expense"')]) == 1
    assert rows()[:3] == [expected] * 3
    kept.refresh_from_db()
    assert kept.version == 1


def test_the_filter_is_that_of_the_list(api, ledger, three):
    food, rent = category_of(ledger, "Food").pk, category_of(ledger, "Rent").pk
    asked = [
        {"category": [food, str(rent)], "amount_min": "1.00"},
        {"tag": "b", "without_payee": False},
        {"receipt": "0b5f3f9e-0000-4000-8000-000000000000"},
        {},
    ]
    found = [post(api, ledger, filter=each, delete=True, dry_run=True).json() for each in asked]
    assert [(each["count"], each["total"]) for each in found] == [
        (2, "3.50"),
        (3, "3.25"),
        (0, "0.00"),
        (3, "3.25"),
    ]


def test_deleting_by_a_filter_that_finds_others_by_now_is_refused(api, ledger, three):
    which = {"filter": {"payee": "Baker"}, "delete": True}
    seen = post(api, ledger, **which, dry_run=True).json()
    make_expense(ledger, payee="Baker")
    refused = post(api, ledger, **which, digest=seen["digest"])
    now = refused.json()["current"]
    assert (refused.status_code, now["count"], Expense.objects.count()) == (409, 4, 4)
    assert post(api, ledger, **which, digest=now["digest"]).status_code == 200
    assert Expense.objects.count() == 0


def test_a_request_that_comes_twice_is_carried_out_once(api, ledger, three):
    said = {"filter": {}, "shift_days": 1, "headers": {"Idempotency-Key": "k"}}
    answers = [post(api, ledger, **dict(said)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert {day for _payee, day, *_more in rows()} == {date(2024, 8, 2)}


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"set": {"payee": "x"}}, {"ids": ["Name the expenses by their ids or by a filter."]}),
        (
            {"ids": [1], "filter": {}, "delete": True},
            {"ids": ["Name the expenses by their ids or by a filter."]},
        ),
        ({"filter": {}}, {"detail": "Say what is to be changed."}),
        ({"filter": {}, "delete": True, "shift_days": 1}, {"detail": "Either delete them or change them."}),
        ({"ids": [10**9], "delete": True}, {"ids": ["This ledger has no expense with the id 1000000000."]}),
        ({"filter": {"payees": "x"}, "delete": True}, {"filter": {"payees": ["Unknown parameter."]}}),
        ({"filter": {"basis": "spread"}, "delete": True}, {"filter": {"basis": ["Unknown parameter."]}}),
        ({"filter": {"tag": {}}, "delete": True}, {"filter": {"tag": ["Write it as in an address."]}}),
        (
            {"filter": {"date_after": "2024-W01"}, "delete": True},
            {"filter": {"date_after": ["Write a date as YYYY-MM-DD."]}},
        ),
        (
            {"filter": {}, "set": {"payee": "x" * 201}},
            {"set": {"payee": ["Ensure this field has no more than 200 characters."]}},
        ),
        (
            {"filter": {}, "set": {"date": "2300-01-01"}},
            {"set": {"date": ["The date must lie between 1900 and 2200."]}},
        ),
        ({"filter": {}, "set": {"amount": "1"}}, {"set": {"amount": ["Unknown field."]}}),
        (
            {"filter": {}, "set": {"category": "archived"}},
            {"set": {"category": ["This category is archived. Choose another one."]}},
        ),
        ({"filter": {}, "shift_days": 70_000}, {"shift_days": ["The date must lie between 1900 and 2200."]}),
        (
            {"filter": {}, "set": {"date": "2024-01-01"}, "shift_days": 1},
            {"shift_days": ["Give either a date or a number of days."]},
        ),
        ({"filter": {}, "add_tags": ["a b"]}, {"add_tags": ["“a b” cannot be a tag."]}),
    ],
)
def test_what_makes_no_sense_is_refused_by_name_and_nothing_is_written(api, ledger, three, said, refusal):
    rent = category_of(ledger, "Rent")
    if said.get("set", {}).get("category"):
        Category.objects.filter(pk=rent.pk).update(archived=True)
        said = said | {"set": {"category": rent.pk}}
    before = rows()
    answer = post(api, ledger, **said)
    assert (answer.status_code, answer.json(), rows()) == (400, refusal, before)


@pytest.mark.parametrize("role", ["viewer", None])
def test_who_may_not_write_changes_nothing(api, bob, ledger, three, role):
    if role:
        share(ledger, bob, role)
    api.force_authenticate(bob)
    assert post(api, ledger, filter={}, delete=True, dry_run=True).status_code == (403 if role else 404)
    assert post(api, ledger, filter={}, delete=True).status_code == (403 if role else 404)
    assert Expense.objects.count() == 3


def test_ids_of_another_ledger_are_no_ids(api, alice, ledger, three):
    other = make_expense(make_ledger(alice, "Business"))
    answer = post(api, ledger, ids=[three[0].pk, other.pk], delete=True)
    assert answer.json() == {"ids": [f"This ledger has no expense with the id {other.pk}."]}
    assert Expense.objects.count() == 4


@pytest.mark.parametrize("number", [1, 3, 60])
def test_it_costs_the_same_statements_however_many_they_are(api, ledger, number):
    ids = [make_expense(ledger).pk for _ in range(number)]
    with CaptureQueriesContext(connection) as queries:
        assert post(api, ledger, ids=ids, add_tags=["x"]).json()["count"] == number
    assert len(in_production(queries)) == 9
