"""Expenses spread over months by the database, and what they are made of."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analytics.tests import plain
from database.acting import acting_as, person
from expenses.models import FIRST_DATE, LARGEST, LAST_DATE, Basis, Expense, ExpensePart, expenses_on
from expenses.tests.factories import make_expense, make_ledger
from ledgers.currencies import CODES, decimals
from ledgers.models import Ledger

pytestmark = pytest.mark.django_db

UNITS = int(LARGEST * 1000)


def parts_of(expense):
    rows = ExpensePart.objects.filter(pk=expense.pk).order_by("date")
    return [(str(row.date), row.amount) for row in rows]


def test_the_decimals_of_every_currency_are_those_the_database_spreads_with():
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, currency_decimals(code) FROM unnest(%s::text[]) AS code", [list(CODES)])
        assert dict(cursor.fetchall()) == {code: decimals(code) for code in CODES}


def test_parts_lie_on_the_same_day_of_each_month_or_its_last(ledger):
    expense = make_expense(ledger, "-0.10", day="2023-12-31", spread_months=4)
    assert parts_of(expense) == [
        ("2023-12-31", Decimal("-0.02")),
        ("2024-01-31", Decimal("-0.03")),
        ("2024-02-29", Decimal("-0.02")),
        ("2024-03-31", Decimal("-0.03")),
    ]


def test_parts_that_would_be_nothing_are_not_there(ledger):
    expense = make_expense(ledger, "0.02", day="2024-01-01", spread_months=5)
    assert parts_of(expense) == [("2024-03-01", Decimal("0.01")), ("2024-05-01", Decimal("0.01"))]


def test_a_part_says_of_what_it_is_one(ledger):
    expense = make_expense(ledger, "12", day="2024-01-15", spread_months=12, payee="Insurer", notes="car")
    part = ExpensePart.objects.select_related("category").get(part=3)
    assert (part.pk, part.ledger_id, part.category) == (expense.pk, ledger.pk, expense.category)
    assert (part.date, part.paid_on, part.spread_months) == (date(2024, 3, 15), date(2024, 1, 15), 12)
    assert (part.payee, part.notes, str(part)) == ("Insurer", "car", "2024-03-15 1 (3/12)")


def test_what_is_not_spread_is_its_only_part(ledger):
    make_expense(ledger, "12"), make_expense(ledger, "-3")
    paid, spread = (expenses_on(basis).order_by("pk") for basis in (Basis.PAID, Basis.SPREAD))
    assert [(row.pk, row.date, row.amount) for row in paid] == [
        (row.pk, row.date, row.amount) for row in spread
    ]
    assert [row.is_refund for row in spread] == [False, True]


def test_what_has_more_decimals_than_its_currency_is_spread_whole(ledger):
    Ledger.objects.filter(pk=ledger.pk).update(currency="JPY")
    expense = make_expense(ledger, "10.05", spread_months=3)
    assert [amount for _day, amount in parts_of(expense)] == [3, 3, Decimal("4.05")]


def test_a_stranger_sees_no_part(ledger, charlie, alice):
    make_ledger(charlie)
    make_expense(ledger, spread_months=3)
    seen = []
    for user in (alice, charlie):
        with acting_as(person(user)):
            seen.append(ExpensePart.objects.count())
    assert seen == [3, 0]


def test_parts_are_whole_units_that_differ_by_one_at_most_and_make_the_expense(ledger, scale):
    @settings(max_examples=scale(30, 2_000), deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(sorted(plain.DECIMALS)),
        st.integers(1, UNITS) | st.integers(UNITS - 1_000, UNITS) | st.integers(1, 1_000),
        st.sampled_from([1, -1]),
        st.integers(1, 120),
        st.dates(FIRST_DATE, LAST_DATE),
    )
    @example("TND", UNITS, 1, 119, LAST_DATE)
    def spread(currency, units, sign, months, day):
        units = max(units // 10 ** (3 - plain.DECIMALS[currency]), 1)
        amount = sign * units * Decimal(10) ** -plain.DECIMALS[currency]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT date, amount FROM spread_parts(%s, %s, %s, currency_decimals(%s)) ORDER BY part",
                [day, amount, months, currency],
            )
            found = cursor.fetchall()
        expense = Expense(date=day, amount=amount, spread_months=months)
        assert found == plain.parts(expense, plain.DECIMALS[currency])
        assert sum(part for _day, part in found) == amount
        counted = [abs(part) * 10 ** plain.DECIMALS[currency] for _day, part in found]
        counted += [0] * (months - len(counted))
        assert max(counted) - min(counted) <= 1

    spread()
