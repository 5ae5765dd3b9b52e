import csv

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from database.tests.statements import recorded_statements
from expenses.models import Category
from expenses.tests.factories import make_expense, make_ledger, make_token, share


@pytest.fixture
def url(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/analytics/categories/"


AUGUST = {"start_date": "2024-08-01", "end_date": "2024-08-31"}
SPELLING = ["Write a date as YYYY-MM-DD."]


@pytest.mark.shared
def test_the_first_five_days_of_the_sample(api, ledger, url, shared):
    with open(shared / "data" / "sample-expenses-2024.csv", newline="") as file:
        for row in csv.DictReader(file):
            make_expense(ledger, row["amount"], row["category"], row["date"], notes=row["notes"])
    ids = dict(Category.objects.in_ledger(ledger).values_list("name", "pk"))
    answer = api.get(url, {"start_date": "2024-08-01", "end_date": "2024-08-05"})
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "start_date": "2024-08-01",
            "end_date": "2024-08-05",
            "currency": "EUR",
            "total": "4987.00",
            "categories": [
                {"id": ids[name], "name": name, "total": total, "percentage": share, "count": count}
                for name, total, share, count in [
                    ("Rent", "2777.00", "55.7", 3),
                    ("Food", "1225.00", "24.6", 7),
                    ("Shopping", "670.00", "13.4", 5),
                    ("Entertainment", "225.00", "4.5", 4),
                    ("Other", "90.00", "1.8", 4),
                ]
            ],
        },
    )


def test_an_empty_range_has_no_categories(api, url):
    figures = api.get(url, AUGUST).json()
    assert (figures["total"], figures["categories"]) == ("0.00", [])


@pytest.mark.parametrize(("currency", "total"), [("JPY", "10"), ("EUR", "10.00"), ("TND", "10.000")])
def test_figures_have_the_decimals_of_the_currency(api, alice, currency, total):
    ledger = make_ledger(alice, currency=currency)
    make_expense(ledger)
    figures = api.get(f"/api/v1/ledgers/{ledger.pk}/analytics/categories/", AUGUST).json()
    assert (figures["currency"], figures["total"]) == (currency, total)
    assert [(row["total"], row["percentage"]) for row in figures["categories"]] == [(total, "100.0")]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({}, {"start_date": ["This field is required."], "end_date": ["This field is required."]}),
        (
            {"start_date": "2024-08-05", "end_date": "2024-08-01"},
            {"end_date": ["The last date lies before the first one."]},
        ),
        (
            {"start_date": "2024-W31-4", "end_date": "20240801"},
            {"start_date": SPELLING, "end_date": SPELLING},
        ),
        (AUGUST | {"category": "1"}, {"category": ["Unknown parameter."]}),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(api, url, query, errors):
    answer = api.get(url, query)
    assert (answer.status_code, answer.json()) == (400, errors)


def test_a_figure_opens_into_the_rows_that_make_it(api, ledger, url):
    for amount, category, day in [("5", "Food", "01"), ("-2", "Food", "31"), ("7", "Rent", "15")]:
        make_expense(ledger, amount, category, f"2024-08-{day}")
    make_expense(ledger, "100", "Food", "2024-09-01")
    food = next(row for row in api.get(url, AUGUST).json()["categories"] if row["name"] == "Food")
    query = {"date_after": "2024-08-01", "date_before": "2024-08-31", "category": food["id"]}
    rows = api.get(f"/api/v1/ledgers/{ledger.pk}/expenses/", query).json()["results"]
    assert (food["total"], food["count"]) == ("3.00", 2)
    assert [row["amount"] for row in rows] == ["-2.00", "5.00"]


def test_a_viewer_may_look(api_as, bob, ledger, url):
    share(ledger, bob, "viewer")
    assert api_as(bob).get(url, AUGUST).json()["total"] == "0.00"


@pytest.mark.parametrize("rows", [1, 3, 40])
@pytest.mark.parametrize("call", ["categories", "original"])
def test_figures_cost_the_same_statements_whatever_the_rows(alice, ledger, url, rows, call):
    for n in range(rows):
        make_expense(ledger, category=["Food", "Rent", "Other"][n % 3])
    token = make_token(alice, last_used_at=timezone.now())
    client = APIClient(headers={"Authorization": f"Token {token}"})
    with recorded_statements() as statements:
        if call == "categories":
            answer = client.get(url, AUGUST)
        else:
            answer = client.post(f"/api/v1/ledgers/{ledger.pk}/analytics", AUGUST)
    assert (answer.status_code, len(statements)) == (200, 5)
