"""The database busy, full, read only, away or refusing: at every door the answer says so, and nothing is lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.test import Client

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from expenses.tests.pages import Page
from expenses.tests.threads import in_own_connection

pytestmark = pytest.mark.django_db

CODES = {"40P01": 503, "55P03": 503, "57014": 503, "25P03": 503, "25006": 503, "53100": 507, "42501": 403}
BUSY = "Somebody else is changing the same. Nothing was saved. Try again in a few seconds."
WRITE = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "expenses_expense"')
# Row security has this code in common with privileges that were not granted, and is told apart by more than it.
REFUSED_ROW = "INSERT INTO ledgers_ledger (name, currency, month_start_day) VALUES ('secret', 'EUR', 1)"
HERE = {"origin": "http://testserver"}


def refuse(code: str):
    """PostgreSQL itself meets this SQLSTATE, in the transaction under way."""
    statement = f"DO $$ BEGIN RAISE EXCEPTION 'secret' USING ERRCODE = '{code}'; END $$"
    with connection.cursor() as cursor:
        cursor.execute(REFUSED_ROW if code == "42501" else statement)


@contextmanager
def writes_fail(code: str):
    """Inside the block whatever writes an expense meets this SQLSTATE."""

    def execute(execute, sql, *rest):
        if WRITE.match(sql):
            refuse(code)
        return execute(sql, *rest)

    with connection.execute_wrapper(execute):
        yield


@contextmanager
def commits_fail(code: str, monkeypatch):
    """Inside the block every COMMIT meets this SQLSTATE."""
    with monkeypatch.context() as patch:
        patch.setattr(connection, "_commit", lambda: refuse(code))
        yield


def lenient(user, **headers) -> Client:
    """A browser that shows the error page where the test client would raise."""
    client = Client(raise_request_exception=False, headers=headers)
    client.force_login(user)
    return client


def day_form(client, url):
    return Page(client.get(url)).form("day-form").write(1, amount="4.20", payee='Café "<b>"', notes="typed")


@pytest.mark.catalogue(49, 50, 51, 52)
@pytest.mark.parametrize(("code", "status"), CODES.items())
def test_every_write_of_the_api_says_what_is_the_matter(api, base, ledger, expense, code, status):
    row = {"date": "2024-08-02", "amount": "5", "category": expense.category_id}
    old = {"amount": 5, "category": "Food"}
    for method, path, body in (
        ("post", "expenses/", row),
        ("post", "expenses/", [row]),
        ("patch", f"expenses/{expense.pk}/", {"notes": "new", "version": 1}),
        ("delete", f"expenses/{expense.pk}/?version=1", None),
        ("put", "days/2024-08-02/", {"expenses": [{"amount": "5", "category": expense.category_id}]}),
        ("post", "expenses/2024-08-02", [old]),
    ):
        with writes_fail(code), transaction.atomic():
            answer = getattr(api, method)(base + path, body)
        found = method, path, answer.status_code, list(answer.json()), answer.get("Retry-After")
        assert found == (method, path, status, ["detail"], "5" if status == 503 else None)
        assert "secret" not in str(answer.json())
    assert list(Expense.objects.values_list("pk", "notes")) == [(expense.pk, "before")]


@pytest.mark.catalogue(49, 50, 51, 52)
@pytest.mark.parametrize(("code", "status"), CODES.items())
def test_the_day_editor_gives_back_what_was_typed(alice, ledger, expense, code, status):
    client, url = lenient(alice, **HERE), f"/ledgers/{ledger.pk}/expenses/2024-08-01/"
    form = day_form(client, url)
    form.write(1, category=expense.category_id)
    with writes_fail(code):
        response = client.post(url, form.data | {"save": "1"})
    assert (response.status_code, response.get("Retry-After")) == (status, "5" if status == 503 else None)
    (again,) = Page(response).forms
    sent = {name: value for name, value in again.data.items() if name != "csrfmiddlewaretoken"}
    assert sent == {name: value for name, value in form.data.items() if name != "csrfmiddlewaretoken"} | {
        "save": "1"
    }
    assert again.attributes["action"] == url
    assert client.post(again.attributes["action"], again.data).status_code == 302
    assert Expense.objects.get(notes="typed").payee == 'Café "<b>"'


@pytest.mark.catalogue(49)
@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_a_form_of_another_site_is_not_given_back(alice, ledger, expense, headers):
    client, url = lenient(alice, **headers), f"/ledgers/{ledger.pk}/expenses/2024-08-01/"
    form = day_form(client, url).write(1, category=expense.category_id)
    with writes_fail("53100"):
        response = client.post(url, form.data)
    assert (response.status_code, Page(response).forms) == (507, [])
    assert b"typed" not in response.content


@pytest.mark.catalogue(53)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("code", "status"), [("40001", 503), ("53100", 507), ("23503", 409)])
def test_what_fails_at_commit_is_answered_like_what_fails_before(alice, ledger, monkeypatch, code, status):
    expense = make_expense(ledger, notes="before")
    client, url = lenient(alice, **HERE), f"/ledgers/{ledger.pk}/expenses/2024-08-01/"
    form = day_form(client, url).write(1, category=expense.category_id)
    with commits_fail(code, monkeypatch):
        page = client.post(url, form.data)
        answer = client.patch(
            f"/api/v1/ledgers/{ledger.pk}/expenses/{expense.pk}/",
            {"notes": "new", "version": 1},
            "application/json",
        )
    assert (page.status_code, len(Page(page).forms)) == (status, 1)
    assert (answer.status_code, list(answer.json())) == (status, ["detail"])
    assert list(Expense.objects.values_list("notes", flat=True)) == ["before"]


@pytest.mark.catalogue(52)
@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_for_a_lock_is_told_and_nothing_is_written(alice, ledger):
    expense = make_expense(ledger, notes="before")
    url = f"/api/v1/ledgers/{ledger.pk}/expenses/{expense.pk}/"

    def patch():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
            try:
                return lenient(alice).patch(url, {"notes": "mine", "version": 1}, "application/json")
            finally:
                cursor.execute("RESET lock_timeout")

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Expense.objects.select_for_update().get()
        answer = pool.submit(in_own_connection, patch).result()
    assert (answer.status_code, answer["Retry-After"], answer.json()) == (503, "5", {"detail": BUSY})
    expense.refresh_from_db()
    assert (expense.notes, expense.version) == ("before", 1)


@pytest.mark.catalogue(50)
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_while_the_database_is_away_is_given_back_and_saved_later(alice, ledger):
    wrapper = connections[DEFAULT_DB_ALIAS]
    here = wrapper.settings_dict
    expense = make_expense(ledger)
    client, url = lenient(alice, **HERE), f"/ledgers/{ledger.pk}/expenses/2024-08-01/"
    form = day_form(client, url).write(1, category=expense.category_id)
    try:
        wrapper.close()
        wrapper.settings_dict = {**here, "HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {}}
        response = client.post(url, form.data)
        answer = client.post(f"/api/v1/ledgers/{ledger.pk}/expenses/", {}, "application/json")
    finally:
        wrapper.close()
        wrapper.settings_dict = here
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert (answer.status_code, list(answer.json())) == (503, ["detail"])
    (again,) = Page(response).forms
    assert client.post(url, again.data).status_code == 302
    assert Expense.objects.get(notes="typed").payee == 'Café "<b>"'


@pytest.mark.catalogue(51)
@pytest.mark.django_db(transaction=True)
def test_a_connection_ended_for_idling_in_a_transaction_is_503_and_the_next_request_works(
    alice, ledger, monkeypatch
):
    expense = make_expense(ledger, notes="before")

    def idle(*args):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
            cursor.execute("SET idle_in_transaction_session_timeout = 1")
        _wait_until_gone(pid)
        Expense.objects.update(notes="too late")

    monkeypatch.setattr("expenses.api.ExpenseViewSet.perform_destroy", idle)
    client, url = lenient(alice), f"/api/v1/ledgers/{ledger.pk}/expenses/{expense.pk}/"
    answer = client.delete(f"{url}?version=1")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert client.get(url).json()["notes"] == "before"


def _wait_until_gone(pid: int):
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        for _ in range(10_000):
            with other.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
                if not cursor.fetchone()[0]:
                    return
    finally:
        other.close()
    raise AssertionError("the connection is still there")


@pytest.mark.catalogue(19)
def test_the_database_refuses_another_ledgers_category_at_the_api_by_its_field(
    api, base, foreign, monkeypatch
):
    monkeypatch.setattr(
        "api.serializers.LedgerRelatedField.to_internal_value",
        lambda field, data: Category(pk=data),
    )
    row = {"date": "2024-08-02", "amount": "5", "category": foreign.category_id}
    answer = api.post(f"{base}expenses/", row)
    assert (answer.status_code, answer.json()) == (409, {"category": ["This ledger has no such category."]})
    assert Expense.objects.get() == foreign


@pytest.mark.catalogue(1)
def test_what_the_serializer_let_through_the_constraint_names(api, base, food, monkeypatch):
    monkeypatch.setattr(
        "expenses.serializers.ExpenseSerializer.run_validators", lambda serializer, value: None
    )
    monkeypatch.setattr("api.serializers.AmountField.run_validators", lambda field, value: None)
    answer = api.post(f"{base}expenses/", {"date": "2024-08-02", "amount": "0", "category": food.pk})
    assert (answer.status_code, answer.json()) == (400, {"amount": ["An amount cannot be zero."]})
    assert not Expense.objects.exists()


def test_the_pool_giving_up_is_503(api, base, monkeypatch):
    def give_up(*args):
        raise OperationalError("couldn't get a connection after 10.00 sec")

    monkeypatch.setattr("ledgers.access.get_ledger", give_up)
    monkeypatch.setattr("api.viewsets.get_ledger", give_up)
    answer = api.get(f"{base}expenses/")
    assert (answer.status_code, answer["Retry-After"], list(answer.json())) == (503, "5", ["detail"])
