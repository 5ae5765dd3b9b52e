from datetime import date

import pytest

from analytics.ranges import PRESETS, Calendar, Range, RangeForm, earlier, preset_range
from expenses.tests.factories import make_expense
from ledgers.models import Ledger

BOUNDS = ["The date must lie between 1900 and 2200."]
SPELLING = ["Write a date as YYYY-MM-DD."]
LATE = ["The last date lies before the first one."]


def calendar(today, first_day=1, first_weekday=0):
    return Calendar(Ledger(month_start_day=first_day), date.fromisoformat(today), first_weekday)


def span(start, end, preset=""):
    return Range(date.fromisoformat(start), date.fromisoformat(end), preset)


@pytest.mark.parametrize(
    ("preset", "today", "start", "end"),
    [
        ("this-month", "2024-02-10", "2024-02-01", "2024-02-29"),
        ("last-month", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("last-month", "2024-01-01", "2023-12-01", "2023-12-31"),
        ("last-30-days", "2024-03-01", "2024-02-01", "2024-03-01"),
        ("last-12-months", "2024-02-29", "2023-03-01", "2024-02-29"),
        ("this-year", "2024-03-01", "2024-01-01", "2024-12-31"),
        ("last-year", "2024-03-01", "2023-01-01", "2023-12-31"),
    ],
)
def test_a_preset_means_a_range(preset, today, start, end):
    assert preset_range(preset, calendar(today)) == span(start, end, preset)


@pytest.mark.parametrize(
    ("preset", "today", "start", "end"),
    [
        ("this-month", "2024-03-24", "2024-02-25", "2024-03-24"),
        ("this-month", "2024-03-25", "2024-03-25", "2024-04-24"),
        ("last-month", "2024-03-25", "2024-02-25", "2024-03-24"),
        ("last-month", "2024-01-10", "2023-11-25", "2023-12-24"),
        ("last-12-months", "2024-01-10", "2023-01-25", "2024-01-24"),
        ("this-year", "2024-01-10", "2023-01-25", "2024-01-24"),
        ("this-year", "2024-01-25", "2024-01-25", "2025-01-24"),
        ("last-year", "2024-12-31", "2023-01-25", "2024-01-24"),
    ],
)
def test_months_and_years_are_the_ledgers_own(preset, today, start, end):
    assert preset_range(preset, calendar(today, 25)) == span(start, end, preset)


def test_all_is_from_the_first_to_the_last_expense_or_part(ledger):
    make_expense(ledger, day="2030-01-31", spread_months=2)
    make_expense(ledger, day="2020-01-01")
    today = Calendar(ledger, date(2024, 1, 1))
    assert preset_range("all", today) == span("2020-01-01", "2030-01-31", "all")
    assert preset_range("all", today, "spread") == span("2020-01-01", "2030-02-28", "all")


def test_all_ends_where_dates_do(ledger):
    make_expense(ledger, day="2200-12-31", spread_months=12)
    found = preset_range("all", Calendar(ledger, date(2024, 1, 1)), "spread")
    assert found == span("2200-12-31", "2200-12-31", "all")


def test_all_of_nothing_is_today(ledger):
    assert preset_range("all", Calendar(ledger, date(2024, 1, 1))) == span("2024-01-01", "2024-01-01", "all")


def test_every_preset_has_a_range(ledger):
    today = Calendar(ledger, date(2024, 2, 29))
    assert [preset_range(name, today).preset for name in PRESETS] == list(PRESETS)


WORDS = [
    ("today", "2024-02-29", "2024-02-29"),
    ("today-30", "2024-01-30", "2024-01-30"),
    ("today+1", "2024-03-01", "2024-03-01"),
    ("week", "2024-02-26", "2024-03-03"),
    ("week-1", "2024-02-19", "2024-02-25"),
    ("month", "2024-02-01", "2024-02-29"),
    ("month-1", "2024-01-01", "2024-01-31"),
    ("month+12", "2025-02-01", "2025-02-28"),
    ("month-0", "2024-02-01", "2024-02-29"),
    ("year", "2024-01-01", "2024-12-31"),
    ("year-1", "2023-01-01", "2023-12-31"),
]


@pytest.mark.parametrize(("word", "start", "end"), WORDS)
def test_a_word_is_the_first_day_as_start_and_the_last_as_end(word, start, end):
    form = RangeForm({"start": word, "end": word}, calendar=calendar("2024-02-29"))
    assert form.errors == {}
    assert form.cleaned_data == {"start": date.fromisoformat(start), "end": date.fromisoformat(end)}


@pytest.mark.parametrize(
    ("word", "start", "end"),
    [
        ("week", "2024-02-25", "2024-03-02"),
        ("month", "2024-02-15", "2024-03-14"),
        ("month-2", "2023-12-15", "2024-01-14"),
        ("year", "2024-01-15", "2025-01-14"),
    ],
)
def test_words_know_pay_day_and_the_first_day_of_the_week(word, start, end):
    form = RangeForm({"start": word, "end": word}, calendar=calendar("2024-02-29", 15, 6))
    assert form.errors == {}
    assert form.cleaned_data == {"start": date.fromisoformat(start), "end": date.fromisoformat(end)}


def test_a_range_may_be_one_day():
    form = RangeForm({"start": "2024-08-01", "end": "2024-08-01"}, calendar=calendar("2024-01-01"))
    assert form.errors == {}
    assert form.cleaned_data == {"start": date(2024, 8, 1), "end": date(2024, 8, 1)}


@pytest.mark.parametrize(
    ("start", "end", "errors"),
    [
        ("2024-08-02", "2024-08-01", {"end": LATE}),
        ("today", "today-1", {"end": LATE}),
        ("1899-12-31", "2201-01-01", {"start": BOUNDS, "end": BOUNDS}),
        ("year-200", "year+200", {"start": BOUNDS, "end": BOUNDS}),
        ("", "2024-08-01", {"start": ["This field is required."]}),
        ("2024-02-30", "2024-08-01", {"start": SPELLING}),
        ("01.08.2024", "2024-08-01", {"start": SPELLING}),
        ("2024-W31-4", "20240801", {"start": SPELLING, "end": SPELLING}),
        ("months", "today-", {"start": SPELLING, "end": SPELLING}),
        ("today-1000", "Today", {"start": SPELLING, "end": SPELLING}),
        ("today-٣", "today 1", {"start": SPELLING, "end": SPELLING}),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(start, end, errors):
    assert RangeForm({"start": start, "end": end}, calendar=calendar("2024-06-01")).errors == errors


def test_a_word_for_a_date_that_python_does_not_have_is_refused():
    form = RangeForm({"start": "year-999", "end": "today"}, calendar=calendar("0500-06-01"))
    assert form.errors["start"] == ["There is no such date."]


@pytest.mark.parametrize(
    ("first_day", "how", "chosen", "expected"),
    [
        # Whole months and years go back by themselves, however long they are.
        (1, "previous", ("2024-03-01", "2024-03-31"), ("2024-02-01", "2024-02-29")),
        (1, "previous", ("2024-02-01", "2024-02-29"), ("2024-01-01", "2024-01-31")),
        (1, "previous", ("2024-01-01", "2024-02-29"), ("2023-01-01", "2023-02-28")),
        (1, "previous", ("2024-01-01", "2024-01-31"), ("2023-12-01", "2023-12-31")),
        (1, "previous", ("2024-01-01", "2024-01-10"), ("2023-12-01", "2023-12-10")),
        (1, "previous", ("2024-02-01", "2024-04-30"), ("2023-11-01", "2024-01-31")),
        (1, "previous", ("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31")),
        (1, "previous", ("2023-01-01", "2024-12-31"), ("2021-01-01", "2022-12-31")),
        (1, "previous", ("2023-07-01", "2024-06-30"), ("2022-07-01", "2023-06-30")),
        # So far: the same days of the month or year before.
        (1, "previous", ("2024-11-01", "2024-11-22"), ("2024-10-01", "2024-10-22")),
        (1, "previous", ("2024-03-01", "2024-03-30"), ("2024-02-01", "2024-02-29")),
        (1, "previous", ("2024-01-01", "2024-11-22"), ("2023-01-01", "2023-11-22")),
        # Anything else: as many days just before.
        (1, "previous", ("2024-03-02", "2024-03-31"), ("2024-02-01", "2024-03-01")),
        (1, "previous", ("2024-03-02", "2024-03-02"), ("2024-03-01", "2024-03-01")),
        # Months of pay day.
        (25, "previous", ("2024-02-25", "2024-03-24"), ("2024-01-25", "2024-02-24")),
        (25, "previous", ("2024-02-25", "2024-03-10"), ("2024-01-25", "2024-02-10")),
        (25, "previous", ("2024-01-25", "2025-01-24"), ("2023-01-25", "2024-01-24")),
        (25, "previous", ("2024-03-01", "2024-03-31"), ("2024-01-30", "2024-02-29")),
        # Last year.
        (1, "last-year", ("2024-03-05", "2024-03-20"), ("2023-03-05", "2023-03-20")),
        (1, "last-year", ("2024-02-01", "2024-02-29"), ("2023-02-01", "2023-02-28")),
        (1, "last-year", ("2025-02-01", "2025-02-28"), ("2024-02-01", "2024-02-29")),
        (1, "last-year", ("2025-02-10", "2025-02-20"), ("2024-02-10", "2024-02-20")),
        (1, "last-year", ("2025-02-20", "2025-02-28"), ("2024-02-20", "2024-02-28")),
        (25, "last-year", ("2024-02-25", "2024-03-24"), ("2023-02-25", "2023-03-24")),
    ],
)
def test_what_a_range_is_compared_with(first_day, how, chosen, expected):
    assert earlier(span(*chosen), Ledger(month_start_day=first_day), how) == span(*expected)
