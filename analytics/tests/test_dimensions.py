from datetime import date

import pytest

from analytics.dimensions import span, whole_series


@pytest.mark.parametrize(
    ("dimension", "key", "last"),
    [
        ("day", "2024-02-29", "2024-02-29"),
        ("week", "2024-02-25", "2024-03-02"),
        ("month", "2024-02-01", "2024-02-29"),
        ("month", "2024-01-28", "2024-02-27"),
        ("year", "2024-01-01", "2024-12-31"),
        ("year", "2024-01-25", "2025-01-24"),
    ],
)
def test_the_time_that_a_key_stands_for(dimension, key, last):
    key = date.fromisoformat(key)
    assert span(dimension, key) == (key, date.fromisoformat(last))


@pytest.mark.parametrize(
    ("dimension", "keys", "series"),
    [
        ("month", ["2024-01-28", "2023-11-28"], ["2023-11-28", "2023-12-28", "2024-01-28"]),
        ("week", ["2024-03-11", "2024-02-26"], ["2024-02-26", "2024-03-04", "2024-03-11"]),
        ("year", ["2024-01-01", "2022-01-01"], ["2022-01-01", "2023-01-01", "2024-01-01"]),
        ("day", ["2024-03-11", "2024-02-26"], ["2024-02-26", "2024-03-11"]),
        ("month", [], []),
    ],
)
def test_a_series_has_no_gaps_but_of_days(dimension, keys, series):
    found = whole_series(dimension, {date.fromisoformat(key) for key in keys}, 0)
    assert [key.isoformat() for key in found] == series


def test_weekdays_begin_where_the_week_does():
    assert whole_series("weekday", {3}, 0) == [1, 2, 3, 4, 5, 6, 7]
    assert whole_series("weekday", {3}, 6) == [7, 1, 2, 3, 4, 5, 6]
    assert whole_series("weekday", set(), 6) == []
