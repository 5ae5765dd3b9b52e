from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from ledgers.models import Ledger

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
STARTS = st.integers(1, 28)


@pytest.mark.parametrize(
    ("start", "day", "first", "last"),
    [
        (1, "2024-02-29", "2024-02-01", "2024-02-29"),
        (25, "2024-08-24", "2024-07-25", "2024-08-24"),
        (25, "2024-08-25", "2024-08-25", "2024-09-24"),
        (25, "2024-01-01", "2023-12-25", "2024-01-24"),
        (28, "2023-03-01", "2023-02-28", "2023-03-27"),
        (28, "2023-02-27", "2023-01-28", "2023-02-27"),
        (25, "1900-01-01", "1899-12-25", "1900-01-24"),
    ],
)
def test_a_ledgers_month_starts_on_its_day(start, day, first, last):
    month = Ledger(month_start_day=start).month_of(date.fromisoformat(day))
    assert month == (date.fromisoformat(first), date.fromisoformat(last))


@given(day=DAYS, start=STARTS)
def test_every_day_lies_in_its_month_which_starts_on_the_right_day(day, start):
    first, last = Ledger(month_start_day=start).month_of(day)
    assert first <= day <= last
    assert first.day == start
    assert last == first + relativedelta(months=1) - timedelta(days=1)


@given(day=DAYS, start=STARTS)
def test_months_follow_each_other_without_gap_or_overlap(day, start):
    ledger = Ledger(month_start_day=start)
    _first, last = ledger.month_of(day)
    assert ledger.month_of(last)[1] == last
    assert ledger.month_of(last + timedelta(days=1))[0] == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("role", "may_edit", "may_manage"),
    [("owner", True, True), ("editor", True, False), ("viewer", False, False)],
)
def test_roles(role, may_edit, may_manage):
    ledger = Ledger()
    ledger.role = role
    assert (ledger.may_edit, ledger.may_manage) == (may_edit, may_manage)
