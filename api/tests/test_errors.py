import logging

import pytest
from rest_framework.test import APIClient

from analytics.answers import LISTS
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_token, share

UNSAFE = ["post", "put", "patch", "delete"]


@pytest.fixture
def base(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/"


def paths(expense):
    """Every address below a ledger, with what may be sent there."""
    range_ = {"start_date": "2024-08-01", "end_date": "2024-08-05"}
    row = {"date": "2024-08-01", "amount": "5", "category": expense.category_id}
    return [
        ("get", "expenses/", None),
        ("post", "expenses/", row),
        ("post", "expenses/", [row]),
        ("get", f"expenses/{expense.pk}/", None),
        ("put", f"expenses/{expense.pk}/", row),
        ("patch", f"expenses/{expense.pk}/", {"notes": "x"}),
        ("delete", f"expenses/{expense.pk}/", None),
        ("get", "categories/", None),
        ("post", "categories/", {"name": "New"}),
        ("get", f"categories/{expense.category_id}/", None),
        ("patch", f"categories/{expense.category_id}/", {"name": "New"}),
        ("delete", f"categories/{expense.category_id}/", None),
        ("get", "days/2024-08-01/", None),
        ("put", "days/2024-08-01/", {"expenses": []}),
        ("get", "expenses/2024-08-01", None),
        ("post", "expenses/2024-08-01", []),
        ("get", "expenses/2024-08-01/", None),
        ("post", "expenses/2024-08-01/", []),
        *(
            ("get", f"analytics/{name}/", range_)
            for name in (*LISTS.values(), "matrix", "compare", "summary")
        ),
        ("post", "analytics", range_),
        ("post", "analytics/", range_),
    ]


READS = {("post", "analytics"), ("post", "analytics/")}


def everything():
    rows = Expense.objects.order_by("pk").values_list("pk", "version", "amount", "notes")
    return list(rows), list(Category.objects.order_by("pk").values_list("pk", "version", "name"))


def test_a_stranger_finds_nothing_anywhere_and_changes_nothing(base, ledger, charlie, api_as):
    expense = make_expense(ledger)
    before = everything()
    for method, path, data in paths(expense):
        answer = getattr(api_as(charlie), method)(base + path, data)
        found = method, path, answer.status_code, answer.json()
        assert found == (method, path, 404, {"detail": "No such ledger."})
    assert everything() == before


def test_a_ledger_that_does_not_exist_answers_like_somebody_elses(api):
    for pk in (999_999, 10**30):
        answer = api.get(f"/api/v1/ledgers/{pk}/expenses/")
        assert (answer.status_code, answer.json()) == (404, {"detail": "No such ledger."})


def test_a_viewer_reads_everything_and_writes_nothing(base, ledger, bob, api_as):
    expense = make_expense(ledger)
    share(ledger, bob, "viewer")
    before = everything()
    for method, path, data in paths(expense):
        answer = getattr(api_as(bob), method)(base + path, data)
        allowed = method == "get" or (method, path) in READS
        assert (method, path, answer.status_code) == (method, path, 200 if allowed else 403)
        if not allowed:
            assert answer.json() == {"detail": "You may look at this ledger, but not change it."}
    assert everything() == before


def test_an_editor_writes(base, ledger, bob, api_as):
    expense = make_expense(ledger)
    share(ledger, bob, "editor")
    answer = api_as(bob).patch(f"{base}expenses/{expense.pk}/", {"version": 1, "notes": "by Bob"})
    assert (answer.status_code, answer.json()["notes"]) == (200, "by Bob")


def test_nobody_gets_in_without_signing_in(base, ledger):
    for method, path, data in paths(make_expense(ledger)):
        answer = getattr(APIClient(), method)(base + path, data)
        found = method, path, answer.status_code, answer["WWW-Authenticate"], answer.json()["detail"]
        assert found == (method, path, 401, "Token", "Authentication credentials were not provided.")


def test_a_token_in_the_header_is_a_person(base, alice, ledger):
    make_expense(ledger)
    client = APIClient(headers={"Authorization": f"Token {make_token(alice)}"})
    assert client.delete(f"{base}expenses/{Expense.objects.get().pk}/?version=1").status_code == 204
    assert client.get(f"{base}expenses/").json() == {"next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    "header",
    ["Token", "Token x", "Token a b", "Token ÿþ", "Token " + "0" * 64, "Token " + "x" * 5000, "Bearer x"],
)
def test_anything_but_a_token_is_401(base, header):
    answer = APIClient(headers={"Authorization": header}).get(f"{base}expenses/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert list(answer.json()) == ["detail"]


def test_a_session_needs_the_csrf_token_to_write(base, alice, ledger):
    expense = make_expense(ledger)
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(alice)
    url = f"{base}expenses/{expense.pk}/"
    assert client.get(url).json()["id"] == expense.pk
    answer = client.patch(url, {"notes": "forged"})
    assert (answer.status_code, answer.json()) == (403, {"detail": "CSRF Failed: CSRF cookie not set."})
    page = client.get(url, headers={"Accept": "text/html"})
    token = str(page.context["csrf_token"])
    answer = client.patch(url, {"notes": "mine", "version": 1}, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json()["notes"]) == (200, "mine")


@pytest.mark.parametrize("path", ["nothing/", "expenses/abc/", "expenses/0/", f"expenses/{10**30}/"])
def test_what_is_not_there_is_404(api, base, path):
    assert api.get(base + path).status_code == 404


@pytest.mark.parametrize("day", ["2024-8-1", "20240801", "2024-W31-4", "２０２４-08-01"])
@pytest.mark.parametrize("path", ["days/{}/", "expenses/{}", "expenses/{}/"])
def test_what_is_not_written_as_a_date_is_no_address(api, base, path, day):
    assert api.get(base + path.format(day), follow=True).status_code == 404


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2024-02-30", "Write a date as YYYY-MM-DD."),
        ("1899-12-31", "The date must lie between 1900 and 2200."),
        ("2201-01-01", "The date must lie between 1900 and 2200."),
    ],
)
@pytest.mark.parametrize("path", ["days/{}/", "expenses/{}", "expenses/{}/"])
def test_a_date_no_expense_can_have_is_refused_by_its_name(api, base, path, day, message):
    answer = api.get(base + path.format(day))
    assert (answer.status_code, answer.json()) == (400, {"date": [message]})


def test_an_address_that_leads_nowhere_answers_json(api):
    answer = api.get("/api/v1/nowhere/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "There is nothing here."})


def test_the_api_begins_with_its_ledgers(api):
    answer = api.get("/api/v1/")
    assert answer.json()["ledgers"] == "http://testserver/api/v1/ledgers/"


@pytest.mark.parametrize("method", ["put", "patch"])
def test_one_row_cannot_be_replaced_by_a_list(api, base, ledger, method):
    expense = make_expense(ledger)
    answer = getattr(api, method)(f"{base}expenses/{expense.pk}/", [], headers={"If-Match": "*"})
    message = "Invalid data. Expected a dictionary, but got list."
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": [message]})


def test_the_log_names_refused_fields_and_nothing_that_was_written(api, base, caplog):
    body = {"date": "x", "amount": "secret-amount", "secret note\nfake line": 1, "payee": "secret-payee"}
    with caplog.at_level(logging.INFO, "access"):
        api.post(f"{base}expenses/", body)
        api.post(f"{base}expenses/", {"date": "x", "amount": "secret-amount", "payee": "secret-payee"})
        api.get(f"{base}expenses/", {"secret parameter\n": "secret-value"})
    assert "refused: amount, category, date" in caplog.messages
    assert "secret" not in caplog.text
    assert all("\n" not in message for message in caplog.messages)
