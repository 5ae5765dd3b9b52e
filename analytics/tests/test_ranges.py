from datetime import date

import pytest

from analytics.ranges import PRESETS, Range, RangeForm, preset_range
from expenses.tests.factories import make_expense, make_ledger

BOUNDS = ["The date must lie between 1900 and 2200."]
SPELLING = ["Write a date as YYYY-MM-DD."]


@pytest.mark.parametrize(
    ("preset", "today", "start", "end"),
    [
        ("this-month", "2024-02-10", "2024-02-01", "2024-02-29"),
        ("last-month", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("last-month", "2024-01-01", "2023-12-01", "2023-12-31"),
        ("last-30-days", "2024-03-01", "2024-02-01", "2024-03-01"),
        ("this-year", "2024-03-01", "2024-01-01", "2024-12-31"),
        ("last-year", "2024-03-01", "2023-01-01", "2023-12-31"),
    ],
)
def test_a_preset_means_a_range(ledger, preset, today, start, end):
    expected = Range(date.fromisoformat(start), date.fromisoformat(end), preset)
    assert preset_range(preset, ledger, date.fromisoformat(today)) == expected


@pytest.mark.parametrize(
    ("preset", "today", "start", "end"),
    [
        ("this-month", "2024-03-24", "2024-02-25", "2024-03-24"),
        ("this-month", "2024-03-25", "2024-03-25", "2024-04-24"),
        ("last-month", "2024-03-25", "2024-02-25", "2024-03-24"),
        ("last-month", "2024-01-10", "2023-11-25", "2023-12-24"),
        ("this-year", "2024-01-10", "2024-01-01", "2024-12-31"),
    ],
)
def test_months_are_the_ledgers_own(alice, preset, today, start, end):
    ledger = make_ledger(alice, month_start_day=25)
    expected = Range(date.fromisoformat(start), date.fromisoformat(end), preset)
    assert preset_range(preset, ledger, date.fromisoformat(today)) == expected


def test_all_is_from_the_first_to_the_last_expense(ledger):
    make_expense(ledger, day="2030-01-01")
    make_expense(ledger, day="2020-01-01")
    assert preset_range("all", ledger, date(2024, 1, 1)) == Range(date(2020, 1, 1), date(2030, 1, 1), "all")


def test_all_of_nothing_is_today(ledger):
    today = date(2024, 1, 1)
    assert preset_range("all", ledger, today) == Range(today, today, "all")


def test_every_preset_has_a_range(ledger):
    today = date(2024, 2, 29)
    assert [preset_range(name, ledger, today).preset for name in PRESETS] == list(PRESETS)


def test_a_range_may_be_one_day():
    form = RangeForm({"start_date": "2024-08-01", "end_date": "2024-08-01"})
    assert form.is_valid()
    assert form.cleaned_data == {"start_date": date(2024, 8, 1), "end_date": date(2024, 8, 1)}


@pytest.mark.parametrize(
    ("start", "end", "errors"),
    [
        ("2024-08-02", "2024-08-01", {"end_date": ["The last date lies before the first one."]}),
        ("1899-12-31", "2201-01-01", {"start_date": BOUNDS, "end_date": BOUNDS}),
        ("", "2024-08-01", {"start_date": ["This field is required."]}),
        ("2024-02-30", "2024-08-01", {"start_date": ["Write a date as YYYY-MM-DD."]}),
        ("01.08.2024", "2024-08-01", {"start_date": ["Write a date as YYYY-MM-DD."]}),
        (
            "2024-W31-4",
            "20240801",
            {"start_date": SPELLING, "end_date": SPELLING},
        ),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(start, end, errors):
    assert RangeForm({"start_date": start, "end_date": end}).errors == errors
