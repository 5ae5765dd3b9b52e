"""What the endpoints of analytics understand and refuse, for whom, and the ETag that stands for the figures."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from analytics.answers import LISTS
from analytics.tests.conftest import AUGUST
from database.tests.statements import recorded_statements
from expenses.models import Expense
from expenses.tests.factories import make_expense, make_token, share

pytestmark = pytest.mark.django_db

SPELLING = ["Write a date as YYYY-MM-DD."]
LATE = ["The last date lies before the first one."]
UNKNOWN = ["Unknown parameter."]
ENDPOINTS = [*(f"{name}/" for name in LISTS.values()), "matrix/", "compare/", "cumulative/", "summary/"]


def test_nothing_spent_is_an_answer_everywhere(get):
    for path in ENDPOINTS:
        if path != "cumulative/":
            assert get(path)["total"] == "0.00"


def test_words_and_presets_are_understood(get):
    today = timezone.localdate()
    found = get("categories/", {"start": "month", "end": "today"})
    assert (found["start_date"], found["end_date"]) == (today.replace(day=1).isoformat(), today.isoformat())
    assert get("categories/", {"range": "this-year"})["end_date"] == f"{today.year}-12-31"


def test_the_filters_of_the_list_narrow_the_figures(get, august):
    assert get("categories/", payee="Bakery")["total"] == "30.00"
    assert get("categories/", without=august["Rent"])["total"] == "20.00"
    assert get("categories/", amount_max="-1")["total"] == "-10.00"
    assert get("days/", weekday=1, category=august["Rent"])["total"] == "80.00"
    Expense.objects.filter(amount=80).update(tags=["treat", "work"])
    assert [get("tags/", tag=tag)["total"] for tag in ("#Work", "treat work", "treat x")] == [
        "80.00",
        "80.00",
        "0.00",
    ]
    assert get("categories/", without_tags="true")["total"] == "20.00"


def test_a_time_still_running_is_compared_as_far_as_it_has_come(get, ledger):
    today = timezone.localdate()
    for day, amount in ((-8, "1"), (-7, "2"), (-1, "4"), (0, "8"), (1, "16")):
        make_expense(ledger, amount, day=f"{today + timedelta(days=day)}")
    week = {"start": "today-6", "end": "today+6"}
    found = get("compare/", week | {"with": "previous"})
    assert (found["total"], found["earlier_total"]) == ("12.00", "3.00")
    named = get("compare/", week | {"with_start": "today-7", "with_end": "today-7"})
    assert (named["total"], named["earlier_total"]) == ("28.00", "2.00")


def test_older_names_of_the_range_still_work(get, august):
    old = get("categories/", {"start_date": "2024-08-01", "end_date": "2024-08-31"})
    assert old == get("categories/")


@pytest.mark.parametrize(
    ("path", "query", "errors"),
    [
        ("categories/", {}, {"start": ["This field is required."], "end": ["This field is required."]}),
        ("days/", {"start": "2024-08-05", "end": "2024-08-01"}, {"end": LATE}),
        ("months/", {"start_date": "2024-08-05", "end_date": "2024-08-01"}, {"end_date": LATE}),
        (
            "weeks/",
            {"start_date": "5.8.", "end_date": "20240801"},
            {"start_date": SPELLING, "end_date": SPELLING},
        ),
        ("years/", AUGUST | {"categories": "1", "bais": "x"}, {"bais": UNKNOWN, "categories": UNKNOWN}),
        ("payees/", AUGUST | {"with": "previous"}, {"with": UNKNOWN}),
        ("matrix/", AUGUST | {"rows": "month"}, {"columns": ["Choose something else than the rows."]}),
        (
            "cumulative/",
            {
                "start": "1900-01-01",
                "end": "2200-12-31",
                "with_start": "2015-01-01",
                "with_end": "2015-12-31",
            },
            {"end": ["That is 109938 days, and 3700 are the most."]},
        ),
        (
            "cumulative/",
            AUGUST | {"with_start": "2000-01-01", "with_end": "2020-12-31"},
            {"with_end": ["That is 7671 days, and 3700 are the most."]},
        ),
        ("compare/", AUGUST | {"with_end": "2024-07-01"}, {"with_start": ["A range has two ends."]}),
        ("compare/", AUGUST | {"with_start": "today", "with_end": "today-1"}, {"with_end": LATE}),
        (
            "cumulative/",
            AUGUST | {"with": "tomorrow"},
            {"with": ["Select a valid choice. tomorrow is not one of the available choices."]},
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(api, base, path, query, errors):
    answer = api.get(base + path, query)
    assert (answer.status_code, answer.json()) == (400, errors)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_an_answer_is_known_by_its_etag_until_a_figure_changes(api, base, ledger, august, path):
    query = {"start": "2024-07-01", "end": "2024-08-31"}
    first = api.get(base + path, query)

    def again():
        return api.get(base + path, query, headers={"If-None-Match": first["ETag"]})

    assert (again().status_code, again().content, again()["ETag"]) == (304, b"", first["ETag"])
    make_expense(ledger, "99", day="2024-09-01")  # outside
    Expense.objects.filter(amount=30).update(amount=1)
    Expense.objects.filter(amount=1).update(amount=30)  # rows, and totals kept, lie elsewhere now
    assert again().status_code == 304
    Expense.objects.filter(amount=80).update(amount="80.01")
    changed = again()
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_viewer_may_look_and_a_stranger_finds_nothing(api_as, bob, charlie, ledger, base, path):
    share(ledger, bob, "viewer")
    answers = [api_as(user).get(base + path, AUGUST).status_code for user in (bob, charlie)]
    assert answers == [200, 404]


def test_a_figure_opens_into_the_rows_that_make_it(api, get, ledger, august):
    food = next(row for row in get("categories/")["categories"] if row["name"] == "Food")
    query = {"date_after": "2024-08-01", "date_before": "2024-08-31", "category": food["id"]}
    rows = api.get(f"/api/v1/ledgers/{ledger.pk}/expenses/", query).json()["results"]
    assert (food["total"], food["count"]) == ("20.00", 2)
    assert [row["amount"] for row in rows] == ["-10.00", "30.00"]


@pytest.mark.parametrize("call", ["categories", "tags", "main_categories", "matrix", "original"])
def test_figures_cost_the_same_statements_whatever_the_rows(alice, ledger, base, call):
    token = make_token(alice, last_used_at=timezone.now())
    client = APIClient(headers={"Authorization": f"Token {token}"})
    costs = []
    for n in range(4):
        make_expense(ledger, category=["Food", "Rent", "Other"][n % 3], tags=[f"tag{n}"])
        with recorded_statements() as statements:
            if call == "original":
                answer = client.post(base, {"start_date": "2024-08-01", "end_date": "2024-08-31"})
            else:
                answer = client.get(f"{base}{call}/", AUGUST)
        assert answer.status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[-1] <= 5
