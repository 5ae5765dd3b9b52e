from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework import serializers
from rest_framework.test import APIClient

from database.tests.statements import recorded_statements
from expenses.models import Category, Expense
from expenses.serializers import DayRowSerializer, DaySerializer, ExpenseSerializer
from expenses.tests.factories import make_expense, make_ledger, make_token, share
from expenses.tests.threads import at_once

GONE = "Somebody changed this meanwhile."


@pytest.fixture
def url(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/days/2024-08-01/"


@pytest.fixture
def food(ledger):
    return Category.objects.get(ledger=ledger, name="Food")


@pytest.fixture
def rows(ledger):
    """Three expenses of the day, and one of the day after that nothing may touch."""
    make_expense(ledger, day="2024-08-02", notes="next day")
    return [make_expense(ledger, str(n), notes=f"row {n}", payee="kept") for n in (1, 2, 3)]


def sent(expense, **values):
    """A row as a client sends it back."""
    seen = {
        "id": expense.pk,
        "version": expense.version,
        "amount": str(expense.amount.quantize(Decimal("0.01"))),
    }
    return seen | {"category": expense.category_id, "notes": expense.notes} | values


def stored(day="2024-08-01"):
    rows = Expense.objects.filter(date=day).order_by("pk")
    return [(row.pk, row.version, row.amount, row.payee, row.notes) for row in rows]


def writes(statements):
    return [sql.split()[0] for sql in statements if not sql.startswith("SELECT")]


def test_a_day_is_its_total_and_its_rows_with_ids_and_versions(api, ledger, url, rows, food):
    answer = api.get(url)
    tag = answer.json()["tag"]
    assert answer.json() == {
        "date": "2024-08-01",
        "currency": "EUR",
        "total": "6.00",
        "tag": tag,
        "expenses": [
            {
                "id": row.pk,
                "version": 1,
                "amount": f"{n}.00",
                "category": food.pk,
                "payee": "kept",
                "notes": f"row {n}",
                "tags": [],
                "spread_months": 1,
                "receipt": None,
            }
            for n, row in enumerate(rows, 1)
        ],
    }
    assert (len(tag), answer["ETag"]) == (32, f'"{tag}"')


def test_an_empty_day_is_empty(api, url):
    day = api.get(url).json()
    assert (day["total"], day["expenses"]) == ("0.00", [])


def test_one_changed_row_is_one_update_and_the_others_are_not_written(api, url, rows):
    before = stored()
    body = {"expenses": [sent(rows[0]), sent(rows[1], amount="20", notes="new"), sent(rows[2])]}
    with recorded_statements() as statements:
        answer = api.put(url, body)
    assert answer.status_code == 200
    assert writes(statements) == ["UPDATE"]
    assert stored() == [before[0], (rows[1].pk, 2, Decimal(20), "kept", "new"), before[2]]
    assert answer.json() == api.get(url).json()


def test_a_day_sent_back_as_it_came_is_not_written(api, url, rows):
    before = stored()
    with recorded_statements() as statements:
        answer = api.put(url, api.get(url).json())
    assert (answer.status_code, writes(statements), stored()) == (200, [], before)


def test_rows_are_added_changed_and_deleted_in_one_request(api, alice, url, rows, food):
    new = {"amount": "9.99", "category": food.pk, "payee": "Baker"}
    body = {"expenses": [sent(rows[0], amount="0"), sent(rows[1]), new, sent(rows[2], notes="new")]}
    with recorded_statements() as statements:
        answer = api.put(url, body)
    added = Expense.objects.latest("pk")
    assert (answer.status_code, sorted(writes(statements))) == (200, ["DELETE", "INSERT", "UPDATE"])
    assert stored() == [
        (rows[1].pk, 1, Decimal(2), "kept", "row 2"),
        (rows[2].pk, 2, Decimal(3), "kept", "new"),
        (added.pk, 1, Decimal("9.99"), "Baker", ""),
    ]
    assert (added.date, added.created_by) == (date(2024, 8, 1), alice)
    assert (answer.json()["total"], len(stored("2024-08-02"))) == ("14.99", 1)


def test_a_new_row_of_zero_is_dropped(api, url, food):
    assert api.put(url, {"expenses": [{"amount": "0", "category": food.pk}]}).json()["expenses"] == []
    assert stored() == []


def test_a_row_changed_meanwhile_is_a_conflict_and_nothing_is_written(api, ledger, url, rows, food):
    Expense.objects.filter(pk=rows[1].pk).update(notes="theirs")
    before = stored()
    new = {"amount": "5", "category": food.pk}
    answer = api.put(
        url, {"expenses": [sent(rows[0], notes="x"), sent(rows[1], notes="mine"), new, sent(rows[2])]}
    )
    current = api.get(f"/api/v1/ledgers/{ledger.pk}/expenses/{rows[1].pk}/").json()
    assert (current["version"], current["notes"]) == (2, "theirs")
    assert (answer.status_code, answer.json()) == (
        409,
        {"detail": GONE, "current": [{"index": 1, "expense": current}]},
    )
    assert stored() == before


@pytest.mark.parametrize("values", [{"amount": "0"}, {"notes": "mine"}])
def test_every_row_changed_meanwhile_is_named(api, url, rows, values):
    Expense.objects.filter(date="2024-08-01").update(payee="theirs")
    answer = api.put(url, {"expenses": [sent(row, **values) for row in rows]})
    assert [(row["index"], row["expense"]["payee"]) for row in answer.json()["current"]] == [
        (0, "theirs"),
        (1, "theirs"),
        (2, "theirs"),
    ]


def test_a_stale_row_that_wants_what_is_there_is_no_conflict(api, url, rows):
    Expense.objects.filter(pk=rows[0].pk).update(notes="same")
    before = stored()
    body = {"expenses": [sent(rows[0], notes="same"), sent(rows[1]), sent(rows[2])]}
    assert (api.put(url, body).status_code, stored()) == (200, before)


def test_a_row_deleted_meanwhile_is_a_conflict_without_a_current_row(api, url, rows):
    rows[0].__class__.objects.filter(pk=rows[0].pk).delete()
    before = stored()
    answer = api.put(url, {"expenses": [sent(row, notes="mine") for row in rows]})
    assert (answer.status_code, answer.json()) == (
        409,
        {"detail": GONE, "current": [{"index": 0, "expense": None}]},
    )
    assert stored() == before


@pytest.mark.parametrize("values", [{"notes": "stolen"}, {}])
def test_an_expense_of_another_ledger_answers_like_one_that_never_was(api, charlie, url, rows, values):
    foreign = make_expense(make_ledger(charlie), notes="Charlie's")
    missing = {**sent(rows[0], **values), "id": 99_999_999}
    theirs = {**missing, "id": foreign.pk}
    answers = [
        api.put(url, {"expenses": [*(sent(row) for row in rows), wanted]}) for wanted in (theirs, missing)
    ]
    expected = (409, {"detail": GONE, "current": [{"index": 3, "expense": None}]})
    assert [(answer.status_code, answer.json()) for answer in answers] == [expected, expected]
    foreign.refresh_from_db()
    assert (foreign.notes, foreign.version) == ("Charlie's", 1)


def test_an_expense_moved_to_another_date_meanwhile_is_a_conflict(api, ledger, url):
    elsewhere = make_expense(ledger, notes="theirs")
    Expense.objects.filter(pk=elsewhere.pk).update(date="2024-08-02")
    answer = api.put(url, {"expenses": [sent(elsewhere, notes="mine")]})
    current = api.get(f"/api/v1/ledgers/{ledger.pk}/expenses/{elsewhere.pk}/").json()
    assert (answer.status_code, answer.json()) == (
        409,
        {"detail": GONE, "current": [{"index": 0, "expense": current}]},
    )
    assert (current["date"], current["notes"], stored()) == ("2024-08-02", "theirs", [])


def test_an_expense_of_another_date_seen_as_it_is_now_comes_to_this_day(api, ledger, url):
    elsewhere = make_expense(ledger, day="2024-08-02", payee="kept", notes="old")
    answer = api.put(url, {"expenses": [sent(elsewhere, notes="new")]})
    assert (answer.status_code, answer.json()["total"]) == (200, "10.00")
    assert (stored(), stored("2024-08-02")) == ([(elsewhere.pk, 2, Decimal(10), "kept", "new")], [])


@pytest.mark.catalogue(45)
def test_leaving_a_row_out_without_the_tag_is_refused_and_names_it(api, url, rows):
    before = stored()
    answer = api.put(url, {"expenses": [sent(rows[0], notes="x"), sent(rows[2])]})
    message = f"Left out: {rows[1].pk}. Send the day's tag to delete them, or list them."
    assert (answer.status_code, answer.json()) == (428, {"detail": message})
    assert stored() == before


def put_with(api, url, tag, how, rows):
    body = {"expenses": [sent(row) for row in rows]}
    if how == "body":
        return api.put(url, {**body, "tag": tag})
    return api.put(url, body, headers={"If-Match": f'"{tag}"'})


@pytest.mark.parametrize("how", ["body", "If-Match"])
def test_leaving_rows_out_with_the_tag_deletes_them(api, url, rows, how):
    before = stored()
    answer = put_with(api, url, api.get(url).json()["tag"], how, [rows[1]])
    assert (answer.status_code, answer.json()["total"]) == (200, "2.00")
    assert (stored(), len(stored("2024-08-02"))) == ([before[1]], 1)


@pytest.mark.parametrize("how", ["body", "If-Match"])
@pytest.mark.parametrize("kept", [0, 3])
def test_an_old_tag_changes_nothing(api, ledger, url, rows, how, kept):
    tag = api.get(url).json()["tag"]
    make_expense(ledger, notes="theirs")
    before, current = stored(), api.get(url)
    answer = put_with(api, url, tag, how, rows[:kept])
    message = "This has changed since you fetched it. Fetch it again."
    assert (answer.status_code, answer.json()) == (412, {"detail": message, "current": current.json()})
    assert answer["ETag"] == current["ETag"]
    assert stored() == before


def test_the_tag_changes_with_every_change_and_only_then(api, ledger, url, rows):
    tags = [api.get(url).json()["tag"], api.get(url).json()["tag"]]
    for change in (
        lambda: Expense.objects.filter(pk=rows[0].pk).update(amount=5),
        lambda: Expense.objects.filter(pk=rows[0].pk).update(amount=1),
        lambda: rows[2].delete(),
        lambda: make_expense(ledger),
    ):
        change()
        tags.append(api.get(url).json()["tag"])
    assert (tags[0] == tags[1], len(set(tags))) == (True, 5)


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"amount": "1e3"}, {"amount": ["Write an amount such as 1234.50."]}),
        ({"amount": None}, {"amount": ["This field may not be null."]}),
        ({"colour": "red"}, {"colour": ["Unknown field."]}),
        ({"category": 99_999_999}, {"category": ["This ledger has no row with the id 99999999."]}),
        ({"id": 0}, {"id": ["Ensure this value is greater than or equal to 1."]}),
        ({"version": None}, {"version": ["This field may not be null."]}),
        ({"notes": "x" * 1001}, {"notes": ["Ensure this field has no more than 1000 characters."]}),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(api, url, rows, values, errors):
    before = stored()
    answer = api.put(url, {"expenses": [sent(rows[0], notes="x"), sent(rows[1], **values), sent(rows[2])]})
    assert (answer.status_code, answer.json()) == (400, {"expenses": {"1": errors}})
    assert stored() == before


@pytest.mark.catalogue(45)
def test_a_row_with_an_id_needs_the_version_that_was_seen(api, url, rows):
    row = sent(rows[0])
    del row["version"]
    answer = api.put(url, {"expenses": [row]})
    message = "Say which version of the expense you saw."
    assert (answer.status_code, answer.json()) == (400, {"expenses": {"0": {"version": [message]}}})


@pytest.mark.catalogue(24)
def test_the_same_id_twice_is_refused(api, url, rows):
    before = stored()
    answer = api.put(url, {"expenses": [sent(rows[0], notes="a"), sent(rows[0], notes="b")]})
    assert (answer.status_code, answer.json()) == (400, {"expenses": ["The same id is given twice."]})
    assert stored() == before


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"expenses": ["This field is required."]}),
        ([], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
        (
            {"expenses": {}},
            {"expenses": {"non_field_errors": ['Expected a list of items but got type "dict".']}},
        ),
        ({"expenses": [], "day": 1}, {"day": ["Unknown field."]}),
    ],
)
def test_a_body_of_another_shape_is_refused(api, url, body, errors):
    answer = api.put(url, body)
    assert (answer.status_code, answer.json()) == (400, errors)


def test_a_day_has_at_most_1000_rows(api, url, food):
    answer = api.put(url, {"expenses": [{"amount": "1", "category": food.pk}] * 1001})
    message = "Ensure this field has no more than 1000 elements."
    assert (answer.status_code, answer.json()) == (400, {"expenses": {"non_field_errors": [message]}})
    assert stored() == []


def test_an_id_beyond_what_the_database_holds_is_a_row_that_is_gone(api, url, food):
    answer = api.put(url, {"expenses": [{"id": 10**30, "version": 1, "amount": "1", "category": food.pk}]})
    assert (answer.status_code, answer.json()["current"]) == (409, [{"index": 0, "expense": None}])


@pytest.mark.parametrize("count", [1, 3, 40])
def test_a_day_costs_the_same_statements_whatever_the_rows(alice, ledger, url, count):
    rows = [make_expense(ledger, notes=f"row {n}") for n in range(count)]
    token = make_token(alice, last_used_at=timezone.now())
    client = APIClient(headers={"Authorization": f"Token {token}"})
    with recorded_statements() as statements:
        assert len(client.get(url).json()["expenses"]) == count
    body = {"expenses": [sent(row, notes="changed") for row in rows]}
    with recorded_statements() as changing:
        assert client.put(url, body).status_code == 200
    assert (len(statements), len(changing), writes(changing)) == (3, 7, ["UPDATE"])


@pytest.mark.parametrize("conditions", [("now", "old"), ("old", "now"), ("*", "old"), ("old", "*")])
@pytest.mark.catalogue(44)
def test_tag_and_if_match_both_have_to_hold(api, url, rows, conditions):
    before, now = stored(), api.get(url).json()
    tag, if_match = ({"now": now["tag"]}.get(which, which) for which in conditions)
    if_match = if_match if if_match == "*" else f'"{if_match}"'
    answer = api.put(url, {"expenses": [], "tag": tag}, headers={"If-Match": if_match})
    assert (answer.status_code, answer.json()["current"], stored()) == (412, now, before)


@pytest.mark.parametrize("header", ["", "{}", '"{}', "W/{}", '"*"', "\x00"])
def test_an_if_match_that_cannot_be_read_names_no_day(api, url, rows, header):
    before, now = stored(), api.get(url)
    headers = {"If-Match": header.format(now.json()["tag"])}
    answer = api.put(url, {"expenses": []}, headers=headers)
    assert (answer.status_code, answer.json()["current"], answer["ETag"]) == (412, now.json(), now["ETag"])
    assert stored() == before


def test_a_day_that_is_known_already_is_not_sent_again(api, ledger, url, rows):
    etag = api.get(url)["ETag"]
    answer = api.get(url, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    make_expense(ledger)
    assert api.get(url, headers={"If-None-Match": etag}).json()["total"] == "16.00"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows_before", [0, 2])
@pytest.mark.parametrize("role", ["owner", "editor"])
@pytest.mark.catalogue(44)
def test_of_many_who_saw_one_day_one_saves_it(api_as, bob, ledger, url, food, rows_before, role):
    share(ledger, bob, role)
    before = [sent(make_expense(ledger, "1")) for _ in range(rows_before)]
    etag = api_as(bob).get(url)["ETag"]

    def save(client, amount):
        rows = [*before, {"amount": f"{amount}", "category": food.pk}]
        return client.put(url, {"expenses": rows}, headers={"If-Match": etag}).status_code

    clients = {amount: api_as(bob) for amount in range(10, 16)}
    answers = at_once(*(lambda a=amount, c=client: save(c, a) for amount, client in clients.items()))
    assert sorted(answers) == [200, *[412] * 5]
    amounts = [row[2] for row in stored()]
    assert amounts == [Decimal(1)] * rows_before + [Decimal(10 + answers.index(200))]


@pytest.mark.parametrize("header", ['W/"{}"', '"other", "{}"', "*"])
def test_if_match_is_read_as_http_writes_it(api, url, rows, header):
    tag = api.get(url).json()["tag"]
    answer = api.put(url, {"expenses": []}, headers={"If-Match": header.format(tag)})
    assert (answer.status_code, stored()) == (200, [])


def test_an_archived_category_is_kept_where_it_was_and_given_to_no_other_row(api, ledger, url, rows):
    Category.objects.filter(ledger=ledger, name="Food").update(archived=True)
    first = api.get(url).json()["expenses"][0]
    assert first["category"] == Category.objects.get(ledger=ledger, name="Food").pk
    assert (
        api.put(url, {"expenses": [first | {"notes": "kept"}], "tag": api.get(url).json()["tag"]}).status_code
        == 200
    )
    fresh = {"amount": "1", "category": first["category"]}
    answer = api.put(url, {"expenses": [fresh], "tag": api.get(url).json()["tag"]})
    message = "This category is archived. Choose another one."
    assert (answer.status_code, answer.json()) == (400, {"expenses": {"0": {"category": [message]}}})


@pytest.mark.parametrize("serializer_class", [ExpenseSerializer, DayRowSerializer])
@pytest.mark.parametrize(("currency", "amount"), [("EUR", "-12.5"), ("JPY", "1200"), ("TND", "0.125")])
def test_a_row_is_answered_as_its_fields_would(alice, serializer_class, currency, amount):
    ledger = make_ledger(alice, currency=currency)
    expense = make_expense(
        ledger, amount, notes="Straße\n<b>", payee="Shop", spread_months=12, created_by=alice
    )
    with timezone.override("Asia/Tokyo"):
        serializer = serializer_class(expense, context={"ledger": ledger})
        by_fields = serializers.ModelSerializer.to_representation(serializer, expense)
        assert list(serializer.data.items()) == list(by_fields.items())


def test_a_day_is_answered_as_its_fields_would(ledger, rows):
    day = {"date": date(2024, 8, 1), "currency": "EUR", "total": Decimal(6), "tag": "t", "expenses": rows}
    serializer = DaySerializer(day, context={"ledger": ledger})
    by_fields = serializers.Serializer.to_representation(serializer, day)
    assert list(serializer.data.items()) == list(by_fields.items())
