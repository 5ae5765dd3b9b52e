"""History and undo through the API."""

import pytest

from expenses.models import Expense
from expenses.tests.factories import make_expense, make_token, share


@pytest.fixture
def base(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/"


@pytest.fixture
def deleted(api, base, ledger):
    """The number of the change set in which an expense was deleted."""
    expense = make_expense(ledger, "12.5", payee="Bakery")
    return int(api.delete(f"{base}expenses/{expense.pk}/?version=1")["Change-Set"])


def test_the_list_says_who_when_how_and_what(api, base, deleted):
    newest = api.get(f"{base}history/?page_size=1").data["results"][0]
    assert {name: newest[name] for name in ("id", "who", "via", "act", "undoes", "sentence")} == {
        "id": deleted,
        "who": "alice",
        "via": "api",
        "act": "expense-detail",
        "undoes": None,
        "sentence": "1 expense deleted: Bakery (Aug. 1, 2024)",
    }


def test_a_change_set_has_each_row_before_after_and_now(api, base, ledger):
    expense = make_expense(ledger, "12.5", payee="Bakery")
    deleted = api.delete(f"{base}expenses/{expense.pk}/?version=1")["Change-Set"]
    values = {"date": "2024-08-01", "amount": "12.50", "category": expense.category_id, "payee": "Bakery"}
    assert api.get(f"{base}history/{deleted}/").json()["changes"] == [
        {
            "kind": "expense",
            "id": expense.pk,
            "before": {
                "version": 1,
                **values,
                "notes": "",
                "tags": [],
                "spread_months": 1,
                "receipt": None,
                "external_id": "",
            },
            "after": None,
            "now": None,
            "changed_since": False,
        }
    ]


def test_undo_and_undo_of_it(api, base, deleted):
    undone = api.post(f"{base}history/{deleted}/undo/")
    assert (undone.status_code, undone.data["undoes"]) == (201, deleted)
    assert (Expense.objects.count(), undone["Change-Set"]) == (1, str(undone.data["id"]))
    again = api.post(f"{base}history/{undone.data['id']}/undo/")
    assert (again.status_code, Expense.objects.count()) == (201, 0)
    assert api.get(f"{base}history/{deleted}/").data["undone_by"] == [undone.data["id"]]


def test_a_row_changed_since_is_refused_with_its_versions(api, base, ledger):
    expense = make_expense(ledger, "1")
    answer = api.patch(f"{base}expenses/{expense.pk}/", {"amount": "2", "version": 1})
    Expense.objects.update(amount=3)
    refused = api.post(f"{base}history/{answer['Change-Set']}/undo/")
    [row] = refused.data["current"]
    amounts = [row[version]["amount"] for version in ("before", "after", "now")]
    assert (refused.status_code, amounts) == (409, ["1.00", "2.00", "3.00"])
    assert refused.data["detail"] == "Somebody changed this since. Nothing was undone."
    assert list(Expense.objects.values_list("amount")) == [(3,)]


@pytest.mark.parametrize(("field", "amounts"), [("rows", [1, 5]), ("leaving", [5, 2])])
def test_only_some_rows_are_undone(api, base, ledger, field, amounts):
    first, second = make_expense(ledger, "1"), make_expense(ledger, "2")
    changed = {"version": 1, "amount": "5", "category": first.category_id}
    rows = [{"id": expense.pk, **changed} for expense in (first, second)]
    saved = api.put(f"{base}days/2024-08-01/", {"expenses": rows})["Change-Set"]
    named = {field: [{"kind": "expense", "id": first.pk}]}
    assert api.post(f"{base}history/{saved}/undo/", named).status_code == 201
    assert list(Expense.objects.order_by("pk").values_list("amount", flat=True)) == amounts


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rows": []}, "rows"),
        ({"rows": [{"kind": "budget", "id": 1}]}, "rows"),
        ({"rows": [{"kind": "expense", "id": "x"}]}, "rows"),
        ({"all": True}, "all"),
    ],
)
def test_what_makes_no_sense_is_refused(api, base, deleted, body, field):
    answer = api.post(f"{base}history/{deleted}/undo/", body)
    assert (answer.status_code, list(answer.data), Expense.objects.count()) == (400, [field], 0)


def test_the_same_undo_twice_with_one_key_is_one(api, base, deleted):
    answers = [api.post(f"{base}history/{deleted}/undo/", HTTP_IDEMPOTENCY_KEY="k") for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("get", "{}/"), ("post", "{}/undo/")])
def test_a_stranger_knows_nothing_of_it(api_as, base, charlie, deleted, method, path):
    assert getattr(api_as(charlie), method)(f"{base}history/{path.format(deleted)}").status_code == 404


def test_a_viewer_reads_and_does_not_undo(api_as, base, bob, ledger, deleted):
    share(ledger, bob, "viewer")
    viewer = api_as(bob)
    assert viewer.get(f"{base}history/{deleted}/").status_code == 200
    assert viewer.post(f"{base}history/{deleted}/undo/").status_code == 403


def test_a_token_that_only_reads_does_not_undo(client, alice, base, deleted):
    token = make_token(alice, can_write=False)
    answer = client.post(f"{base}history/{deleted}/undo/", HTTP_AUTHORIZATION=f"Token {token}")
    assert (answer.status_code, Expense.objects.count()) == (403, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_any_length_costs_the_same(api, base, ledger, count, django_assert_num_queries):
    for _number in range(count):
        api.post(
            f"{base}expenses/",
            {"date": "2024-08-01", "amount": "1", "category": ledger.category_set.first().pk},
        )
    with django_assert_num_queries(11):
        api.get(f"{base}history/?page_size={count}")
