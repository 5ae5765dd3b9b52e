"""Over how many months an expense is spread, through every door it is written and read by."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from database.errors import explain
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from expenses.tests.pages import Page
from expenses.tests.test_admin import inputs
from expenses.tests.test_day_page import category, opened, said, saved

pytestmark = pytest.mark.django_db

DAY = "2024-08-01"
REFUSED = "An expense can be spread over 1 to 120 months."
WRONG = ["0", "121", "-1", "twelve", "1_2"]


def months():
    return list(Expense.objects.order_by("pk").values_list("spread_months", flat=True))


@pytest.fixture
def base(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/"


@pytest.fixture
def row(ledger):
    """A row as a client of the API writes it."""
    return {"amount": "600.00", "category": Category.objects.get(ledger=ledger, name="Other").pk}


@pytest.mark.parametrize("number", [-1, 0, 121])
def test_postgresql_refuses_what_is_out_of_range(ledger, number):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make_expense(ledger, spread_months=number)
    assert explain(error.value).message_dict == {"spread_months": [REFUSED]}


# The day editor


def test_the_grid_writes_and_shows_it(browser, ledger):
    form = opened(browser, ledger).write(0, amount="600", category=category(ledger).pk, spread_months="12")
    form.write(1, amount="2", category=category(ledger).pk)
    assert said(browser, ledger, form) == "Saved: 2 added."
    assert months() == [12, 1]
    form = opened(browser, ledger)
    assert [form.row(index, "spread_months") for index in range(3)] == [("12",), ("",), ("",)]


def test_a_row_left_alone_is_not_written_and_one_that_is_cleared_is_spread_no_more(browser, ledger):
    make_expense(ledger, spread_months=12)
    form = opened(browser, ledger)
    Expense.objects.update(payee="somebody else was here")
    assert said(browser, ledger, form) == "Nothing had changed."
    form = opened(browser, ledger)
    assert said(browser, ledger, form.write(0, spread_months=" ")) == "Saved: 1 changed."
    assert (
        said(browser, ledger, opened(browser, ledger).write(0, spread_months="1")) == "Nothing had changed."
    )
    assert months() == [1]


@pytest.mark.parametrize("typed", WRONG)
def test_the_grid_names_what_is_wrong_and_keeps_it(browser, ledger, typed):
    make_expense(ledger)
    response = saved(browser, ledger, opened(browser, ledger).write(0, spread_months=typed))
    form = Page(response).form("day-form")
    assert (response.status_code, form.errors) == (422, {"row-0-spread_months": REFUSED})
    assert (form.row(0, "spread_months"), months()) == ((typed,), [1])


def test_two_who_spread_differently_are_shown_yours_and_theirs(browser, ledger):
    make_expense(ledger)
    form = opened(browser, ledger).write(0, spread_months="12")
    Expense.objects.update(spread_months=6)
    response = saved(browser, ledger, form)
    page = Page(response)
    assert (response.status_code, months()) == (409, [6])
    assert page.text("theirs").split() == ["10.00", "Food", "6", "months"]
    assert said(browser, ledger, page.form("day-form")) == "Saved: 1 changed."
    assert months() == [12]


def test_only_a_spread_row_has_a_mark_where_it_is_read(browser, ledger, bob, as_user):
    make_expense(ledger, spread_months=12)
    make_expense(ledger)
    ledger.memberships.create(user=bob, role="viewer")
    for page in (
        browser.get(reverse("expenses", args=[ledger.pk])),
        as_user(bob).get(f"/ledgers/{ledger.pk}/expenses/{DAY}/"),
    ):
        assert Page(page).text("spread-mark") == "12 months"


# The API


def test_an_expense_is_not_spread_unless_that_is_said(api, base, row):
    rows = [row | {"date": DAY}, row | {"date": DAY, "spread_months": 12}]
    answers = [each["spread_months"] for each in api.post(f"{base}expenses/", rows).json()]
    one = api.post(f"{base}expenses/", rows[1]).json()
    assert (answers, one["spread_months"], months()) == ([1, 12], 12, [1, 12, 12])
    changed = api.patch(f"{base}expenses/{one['id']}/", {"spread_months": 120, "version": 1})
    assert (changed.json()["spread_months"], months()) == (120, [1, 12, 120])


@pytest.mark.parametrize("number", [*WRONG, 1.5, True])
def test_the_api_names_what_is_wrong(api, base, row, number):
    wrong = row | {"spread_months": number}
    created = api.post(f"{base}expenses/", wrong | {"date": DAY})
    put = api.put(f"{base}days/{DAY}/", {"expenses": [wrong]})
    assert (created.status_code, list(created.json())) == (400, ["spread_months"])
    assert (put.status_code, list(put.json()["expenses"]["0"])) == (400, ["spread_months"])
    assert months() == []


def test_a_day_that_is_put_keeps_what_it_leaves_out(api, base, ledger, row):
    expense = make_expense(ledger, spread_months=12)
    kept = row | {"id": expense.pk, "version": 1}
    answer = api.put(f"{base}days/{DAY}/", {"expenses": [kept, row, row | {"spread_months": 6}]})
    rows = answer.json()["expenses"]
    assert [each["spread_months"] for each in rows] == months() == [12, 1, 6]
    assert rows[0]["amount"] == "600.00"
    back = {**kept, "version": rows[0]["version"], "spread_months": 1}
    api.put(f"{base}days/{DAY}/", {"expenses": [back, *rows[1:]]})
    assert months() == [1, 1, 6]


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_original_contract_does_not_know_it_and_keeps_it(api, base, ledger, method):
    make_expense(ledger, notes="insurance", spread_months=12)
    rows = [{"amount": 10.0, "category": "Food", "notes": "insurance"}]
    answer = api.get(f"{base}expenses/{DAY}") if method == "get" else api.post(f"{base}expenses/{DAY}", rows)
    assert answer.json() == (rows if method == "get" else {"message": "Expenses updated successfully"})
    assert months() == [12]


# The admin


def test_the_admin_writes_it_and_lists_it(ledger, admin_client):
    expense = make_expense(ledger)
    url = reverse("admin:expenses_expense_change", args=[expense.pk])
    fields = inputs(admin_client.get(url))
    assert fields["spread_months"] == ""
    refused = admin_client.post(url, fields | {"spread_months": "121"})
    assert refused.context["adminform"].form.errors == {"spread_months": [REFUSED]}
    assert admin_client.post(url, fields | {"spread_months": "12"}).status_code == 302
    assert months() == [12]
    assert (
        'class="field-spread">12<'
        in admin_client.get(reverse("admin:expenses_expense_changelist")).content.decode()
    )
