"""What an address asks for, how it is looked up, and the address of the rows of a figure."""

from datetime import date
from urllib.parse import parse_qs

import pytest
from django.test import override_settings

from analytics.models import Rollup
from analytics.ranges import Range
from analytics.tests.choosing import query_of, question, select
from expenses.models import Category, Expense, ExpensePart
from expenses.tests.factories import make_expense, make_ledger

pytestmark = pytest.mark.django_db

LATE = ["The last date lies before the first one."]


def asked_for(ledger, **values):
    return question(ledger, query_of(**values))


def test_dates_words_and_presets_are_ranges(ledger):
    ranges = [
        asked_for(ledger, **asked).selection.range
        for asked in (
            {"start": "2024-01-05", "end": "month"},
            {"range": "last-month"},
            {"range": "this-month", "start": "2020-01-01", "end": "2020-01-02"},
        )
    ]
    assert ranges == [
        Range(date(2024, 1, 5), date(2024, 3, 31)),
        Range(date(2024, 2, 1), date(2024, 2, 29), "last-month"),
        Range(date(2024, 3, 1), date(2024, 3, 31), "this-month"),
    ]


def test_all_is_of_the_basis_that_is_asked_for(ledger):
    make_expense(ledger, day="2024-01-31", spread_months=2)
    ends = [asked_for(ledger, range="all", basis=basis).selection.end for basis in ("paid", "spread")]
    assert ends == [date(2024, 1, 31), date(2024, 2, 29)]


def test_older_names_of_the_ends_still_work_and_are_those_of_the_errors(ledger):
    found = asked_for(ledger, start_date="2024-01-05", end_date="today")
    assert found.selection.range == Range(date(2024, 1, 5), date(2024, 3, 15))
    assert asked_for(ledger, start_date="2024-01-05", end_date="2024-01-01").errors == {"end_date": LATE}
    assert asked_for(ledger, start="2024-01-05", end_date="2024-01-01").errors == {"end_date": LATE}
    assert asked_for(ledger, start="2024-01-05", start_date="1", end="2024-01-01").errors == {"end": LATE}


def test_every_mistake_is_named_at_once(ledger):
    errors = asked_for(ledger, start="x", basis="y", category="0", amount_min="z", weekday="8").errors
    assert list(errors) == ["start", "end", "basis", "category", "amount_min", "weekday"]
    assert list(asked_for(ledger, range="for-ever").errors) == ["range"]


def test_a_category_of_another_ledger_is_none(alice, ledger):
    theirs = Category.objects.in_ledger(make_ledger(alice)).first()
    assert list(asked_for(ledger, range="all", without=theirs.pk).errors) == ["without"]


@pytest.mark.parametrize(
    ("asked", "dimensions", "units"),
    [
        ({}, ("category",), {"day", "month"}),
        ({"without": []}, ("month", "category"), {"day", "month"}),
        ({}, ("year",), {"day", "month"}),
        ({}, (), {"day", "month"}),
        ({}, ("week",), {"day"}),
        ({}, ("category", "weekday"), {"day"}),
        ({"weekday": [1, 2, 3, 4, 5, 6, 7]}, (), {"day"}),
    ],
)
def test_totals_that_are_kept_answer_what_they_can(ledger, asked, dimensions, units):
    for month in range(1, 6):
        make_expense(ledger, day=f"2024-0{month}-01"), make_expense(ledger, day=f"2024-0{month}-20")
    source = select(ledger, "2024-01-15", "2024-04-10", **asked).source(*dimensions)
    assert source.model is Rollup
    assert {row.unit for row in source} == units
    days = {str(row.date) for row in source if row.unit == "day"}
    assert ("2024-02-01" in days) == (units == {"day"})


@pytest.mark.parametrize(
    "asked",
    [
        {"payee": "x"},
        {"text": "x"},
        {"amount_min": "0"},
        {"amount_max": "5"},
        {"without_payee": "true"},
        {"without_payee": "false"},
    ],
)
def test_what_they_know_nothing_of_is_asked_of_the_rows(ledger, asked):
    assert select(ledger, "2024-01-01", "2024-12-31", **asked).source("category").model is Expense
    assert select(ledger, "2024-01-01", "2024-12-31", basis="spread", **asked).source().model is ExpensePart


def test_payees_and_a_database_without_totals_are_asked_of_the_rows(ledger):
    selection = select(ledger, "2024-01-01", "2024-12-31")
    assert selection.source("category", "payee").model is Expense
    with override_settings(ROLLUPS=False):
        assert selection.source("category").model is Expense


def test_the_query_of_a_figure_narrows_what_was_asked(ledger):
    food = Category.objects.get(ledger=ledger, name="Food").pk
    asked = {"basis": "spread", "text": "a & b", "category": [food], "amount_max": ""}
    selection = select(ledger, "2024-01-10", "2024-02-20", **asked)
    narrow = {"start": date(2024, 2, 1), "end": date(2024, 2, 29)}
    assert parse_qs(selection.query(narrow, {"weekday": 3}), strict_parsing=True) == {
        "date_after": ["2024-02-01"],
        "date_before": ["2024-02-20"],
        "basis": ["spread"],
        "text": ["a & b"],
        "category": [str(food)],
        "weekday": ["3"],
    }
    assert parse_qs(selection.query({"category": 7}))["category"] == ["7"]
    assert "basis" not in parse_qs(select(ledger, "2024-01-10", "2024-02-20").query())
