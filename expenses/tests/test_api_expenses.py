from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from database.tests.statements import recorded_statements
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, make_token


@pytest.fixture
def url(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/expenses/"


@pytest.fixture
def food(ledger):
    return Category.objects.get(ledger=ledger, name="Food")


def new(food, **values):
    return {"date": "2024-08-01", "amount": "12.50", "category": food.pk} | values


def stored():
    fields = ("date", "amount", "category", "payee", "notes", "version")
    return list(Expense.objects.order_by("pk").values_list(*fields))


def test_an_expense_is_created_and_answered_as_it_is_stored(api, alice, ledger, url, food):
    answer = api.post(url, new(food, payee="Café Blau", notes=" Lunch "))
    expense = Expense.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": expense.pk,
            "version": 1,
            "date": "2024-08-01",
            "amount": "12.50",
            "category": food.pk,
            "payee": "Café Blau",
            "notes": "Lunch",
            "tags": [],
            "spread_months": 1,
            "receipt": None,
            "created_at": expense.created_at.isoformat().replace("+00:00", "Z"),
            "updated_at": expense.updated_at.isoformat().replace("+00:00", "Z"),
        },
    )
    assert stored() == [(date(2024, 8, 1), Decimal("12.5"), food.pk, "Café Blau", "Lunch", 1)]
    assert (expense.ledger, expense.created_by) == (ledger, alice)
    assert api.get(f"{url}{expense.pk}/").json() == answer.json()


def test_the_list_is_newest_first(api, ledger, url):
    older, first, second = (make_expense(ledger, day=f"2024-08-0{n}") for n in (1, 2, 2))
    assert [row["id"] for row in api.get(url).json()["results"]] == [second.pk, first.pk, older.pk]


@pytest.mark.parametrize(
    ("currency", "sent", "answered"),
    [
        ("EUR", "12.5", "12.50"),
        ("EUR", -3, "-3.00"),
        ("EUR", 12.5, "12.50"),
        ("EUR", 0.1, "0.10"),
        ("EUR", "999999999999.99", "999999999999.99"),
        ("EUR", "007", "7.00"),
        ("JPY", "1200", "1200"),
        ("JPY", 1200, "1200"),
        ("TND", "1.555", "1.555"),
        ("TND", "1.5", "1.500"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(api, alice, currency, sent, answered):
    ledger = make_ledger(alice, currency=currency)
    food = Category.objects.get(ledger=ledger, name="Food")
    answer = api.post(f"/api/v1/ledgers/{ledger.pk}/expenses/", new(food, amount=sent))
    assert (answer.status_code, answer.json()["amount"]) == (201, answered)


def test_a_number_is_taken_exactly(api, url, food):
    body = b'{"date": "2024-08-01", "amount": 123456789012.29, "category": %d}' % food.pk
    assert api.post(url, body, content_type="application/json").json()["amount"] == "123456789012.29"
    assert Expense.objects.get().amount == Decimal("123456789012.29")


GRAMMAR = "Write an amount such as 1234.50."
KIND = "Write an amount as a string such as “1234.50”."


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ('"1e3"', GRAMMAR),
        ("1e3", GRAMMAR),
        ("1E2", GRAMMAR),
        ('"1_000"', GRAMMAR),
        ('"NaN"', GRAMMAR),
        ('"Infinity"', GRAMMAR),
        ('"１２"', GRAMMAR),
        ('"٣"', GRAMMAR),
        ('"1,5"', GRAMMAR),
        ('" 1"', GRAMMAR),
        ('"+1"', GRAMMAR),
        ('""', GRAMMAR),
        ('"0x10"', GRAMMAR),
        ('"1\\n"', GRAMMAR),
        ("true", KIND),
        ("[1]", KIND),
        ("{}", KIND),
        ("null", "This field may not be null."),
        ('"0"', "An amount cannot be zero."),
        ("0", "An amount cannot be zero."),
        ("-0.00", "An amount cannot be zero."),
        ('"12.555"', "An amount in this currency has at most 2 decimals."),
        ("12.500", "An amount in this currency has at most 2 decimals."),
        ('"1000000000000"', "An amount has at most 12 digits before the decimals."),
        ("-1000000000000", "An amount has at most 12 digits before the decimals."),
        ("9" * 400, "An amount has at most 12 digits before the decimals."),
    ],
)
def test_an_amount_that_would_have_to_be_guessed_is_refused(api, url, food, amount, message):
    body = f'{{"date": "2024-08-01", "amount": {amount}, "category": {food.pk}}}'
    answer = api.post(url, body.encode(), content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"amount": [message]})
    assert stored() == []


def test_yen_have_no_decimals(api, alice):
    ledger = make_ledger(alice, currency="JPY")
    food = Category.objects.get(ledger=ledger, name="Food")
    answer = api.post(f"/api/v1/ledgers/{ledger.pk}/expenses/", new(food, amount="12.5"))
    message = "An amount in this currency has no decimals."
    assert (answer.status_code, answer.json()) == (400, {"amount": [message]})


SPELLING = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
BOUNDS = "The date must lie between 1900 and 2200."


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2026-W01-1", SPELLING),
        ("20260102", SPELLING),
        ("2026-1-2", SPELLING),
        ("2026-02-30", SPELLING),
        ("2026-01-02T00:00", SPELLING),
        ("２０２６-01-02", SPELLING),
        (20260102, SPELLING),
        (True, SPELLING),
        ("", SPELLING),
        ("1899-12-31", BOUNDS),
        ("2201-01-01", BOUNDS),
    ],
)
def test_a_date_is_iso_and_within_bounds(api, url, food, day, message):
    answer = api.post(url, new(food, date=day))
    assert (answer.status_code, answer.json()) == (400, {"date": [message]})
    assert stored() == []


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
def test_the_first_and_the_last_date_are_possible(api, url, food, day):
    assert api.post(url, new(food, date=day)).json()["date"] == day


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"colour": "red", "ledger": 1}, {"colour": ["Unknown field."], "ledger": ["Unknown field."]}),
        ({"notes": "x" * 1001}, {"notes": ["Ensure this field has no more than 1000 characters."]}),
        ({"payee": "x" * 201}, {"payee": ["Ensure this field has no more than 200 characters."]}),
        ({"notes": "\0"}, {"notes": ["Null characters are not allowed."]}),
        ({"notes": None}, {"notes": ["This field may not be null."]}),
        ({"notes": ["x"]}, {"notes": ["Not a valid string."]}),
    ],
)
def test_a_wrong_field_is_named_and_nothing_written(api, url, food, values, errors):
    answer = api.post(url, new(food, **values))
    assert (answer.status_code, answer.json()) == (400, errors)
    assert stored() == []


def test_what_is_missing_is_named(api, url):
    required = ["This field is required."]
    assert api.post(url, {}).json() == {"date": required, "amount": required, "category": required}


@pytest.mark.catalogue(19)
def test_a_category_of_another_ledger_is_refused_like_one_that_does_not_exist(api, charlie, url, food):
    foreign = Category.objects.filter(ledger=make_ledger(charlie)).first().pk
    for pk in (foreign, 99_999_999):
        answer = api.post(url, new(food, category=pk))
        message = f"This ledger has no row with the id {pk}."
        assert (answer.status_code, answer.json()) == (400, {"category": [message]})
    assert stored() == []


@pytest.mark.parametrize("pk", ["Food", True, 1.0, -1, [], {}, "١", "1_0", 10**30])
def test_a_category_is_given_by_its_id(api, url, food, pk):
    answer = api.post(url, new(food, category=pk))
    assert (answer.status_code, list(answer.json())) == (400, ["category"])
    assert stored() == []


def test_a_list_is_written_in_the_same_number_of_statements_whatever_its_length(api, alice, url, food):
    counts = {}
    for length in (1, 1000):
        with recorded_statements() as statements:
            answer = api.post(url, [new(food, amount=str(n + 1)) for n in range(length)])
        assert [row["amount"] for row in answer.json()] == [f"{n + 1}.00" for n in range(length)]
        counts[length] = len(statements)
    assert counts[1] == counts[1000] <= 4
    assert Expense.objects.filter(created_by=alice).count() == 1001


def test_one_bad_row_of_a_list_is_named_and_no_row_written(api, url, food):
    rows = [new(food), new(food, amount="1e3"), new(food, date="x", colour="y"), new(food)]
    answer = api.post(url, rows)
    assert (answer.status_code, answer.json()) == (
        400,
        {"1": {"amount": [GRAMMAR]}, "2": {"colour": ["Unknown field."]}},
    )
    assert stored() == []


@pytest.mark.parametrize(
    ("length", "message"),
    [(0, "This list may not be empty."), (1001, "Ensure this field has no more than 1000 elements.")],
)
def test_a_list_has_1_to_1000_rows(api, url, food, length, message):
    answer = api.post(url, [new(food)] * length)
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": [message]})
    assert stored() == []


@pytest.mark.parametrize("body", ["text", 5, True, [[]], [None]])
def test_a_body_of_another_shape_is_refused(api, url, food, body):
    assert api.post(url, body).status_code == 400
    assert stored() == []


def test_put_changes_every_field_and_counts_the_version(api, ledger, url):
    expense = make_expense(ledger, notes="old", payee="kept")
    rent = Category.objects.get(ledger=ledger, name="Rent")
    body = {"version": 1, "date": "2024-09-01", "amount": "7", "category": rent.pk, "notes": "new"}
    answer = api.put(f"{url}{expense.pk}/", body)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in [*body, "payee"]} == body | {
        "version": 2,
        "amount": "7.00",
        "payee": "kept",
    }
    assert stored() == [(date(2024, 9, 1), Decimal(7), rent.pk, "kept", "new", 2)]
    assert answer.json() == api.get(f"{url}{expense.pk}/").json()


def test_patch_changes_what_it_names(api, ledger, url, food):
    expense = make_expense(ledger, notes="old", payee="kept")
    assert api.patch(f"{url}{expense.pk}/", {"notes": "new", "version": 1}).json()["version"] == 2
    assert stored() == [(date(2024, 8, 1), Decimal(10), food.pk, "kept", "new", 2)]


def test_delete_deletes_one(api, ledger, url):
    kept, gone = make_expense(ledger), make_expense(ledger)
    answer = api.delete(f"{url}{gone.pk}/?version=1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert list(Expense.objects.all()) == [kept]


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("put", "", {"version": 1, "date": "2024-08-02", "amount": "1"}),
        ("patch", "", {"version": 1, "notes": "mine"}),
        ("patch", "", {"version": 9, "notes": "mine"}),
        ("delete", "?version=1", None),
        ("delete", "?version=9", None),
    ],
)
@pytest.mark.catalogue(44)
def test_a_stale_version_is_answered_with_the_current_row(api, ledger, url, food, method, query, body):
    expense = make_expense(ledger)
    Expense.objects.update(notes="theirs")
    if method == "put":
        body |= {"category": food.pk}
    answer = getattr(api, method)(f"{url}{expense.pk}/{query}", body)
    current = api.get(f"{url}{expense.pk}/").json()
    assert (current["version"], current["notes"]) == (2, "theirs")
    assert (answer.status_code, answer.json()) == (
        409,
        {"detail": "Somebody changed this meanwhile.", "current": current},
    )
    assert stored() == [(date(2024, 8, 1), Decimal(10), food.pk, "", "theirs", 2)]


def test_a_misspelt_version_deletes_nothing(api, ledger, url):
    expense = make_expense(ledger)
    answer = api.delete(f"{url}{expense.pk}/?verson=7")
    assert (answer.status_code, answer.json()) == (400, {"verson": ["Unknown parameter."]})
    assert Expense.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
@pytest.mark.catalogue(20)
def test_an_expense_of_another_ledger_does_not_exist_here(api, alice, ledger, url, food, method):
    elsewhere = make_expense(make_ledger(alice, "Holiday"))
    before = stored()
    answer = getattr(api, method)(f"{url}{elsewhere.pk}/", new(food) if method == "put" else None)
    assert (answer.status_code, answer.json()) == (404, {"detail": "No Expense matches the given query."})
    assert stored() == before


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_the_list_costs_the_same_statements_whatever_the_rows(alice, ledger, url, rows):
    for _row in range(rows):
        make_expense(ledger)
    token = make_token(alice, last_used_at=timezone.now())
    client = APIClient(headers={"Authorization": f"Token {token}"})
    with recorded_statements() as statements:
        assert len(client.get(url).json()["results"]) == rows
    assert len(statements) == 3, statements


def test_an_archived_category_takes_no_new_expense_and_keeps_its_old_ones(api, ledger, url, food):
    old = make_expense(ledger)
    Category.objects.filter(pk=food.pk).update(archived=True)
    answer = api.post(url, new(food))
    message = "This category is archived. Choose another one."
    assert (answer.status_code, answer.json()) == (400, {"category": [message]})
    body = {"notes": "still", "category": food.pk, "version": 1}
    assert api.patch(f"{url}{old.pk}/", body).status_code == 200


def test_many_rows_in_a_ledger_without_categories_cost_no_more_queries(api, ledger, url):
    Category.objects.filter(ledger=ledger).delete()
    rows = [{"date": "2024-08-01", "amount": "1", "category": 1}] * 50
    with recorded_statements() as statements:
        assert api.post(url, rows).status_code == 400
    assert len(statements) <= 3
