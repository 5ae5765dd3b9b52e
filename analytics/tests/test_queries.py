import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.percentages import percentages
from analytics.queries import category_totals, first_and_last, month_totals
from database.tests.statements import recorded_statements
from expenses.models import SPENT, Category, Expense
from expenses.tests.factories import make_expense, make_ledger, make_user

FIRST = date(2023, 12, 20)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 120),
        st.decimals(min_value=-1000, max_value=100_000, places=3).filter(bool),
    ),
    max_size=25,
)


def write(ledger, rows):
    """Replace what the ledger has by these rows of category, day and amount."""
    categories = list(Category.objects.in_ledger(ledger))
    Expense.objects.in_ledger(ledger).delete()
    return Expense.objects.bulk_create(
        Expense(ledger=ledger, category=categories[n], date=FIRST + timedelta(days=day), amount=amount)
        for n, day, amount in rows
    )


def plain_category_totals(rows):
    """The same figures by hand: category id, total, share and count, the largest total first."""
    totals, counts = defaultdict(Decimal), defaultdict(int)
    for row in rows:
        totals[row.category_id] += row.amount
        counts[row.category_id] += 1
    in_order = sorted(totals, key=lambda pk: (-totals[pk], pk))
    shares = percentages([totals[pk] for pk in in_order])
    return [(pk, totals[pk], share, counts[pk]) for pk, share in zip(in_order, shares, strict=True)]


def month_of(day, first_day):
    """The first day of the month that ``day`` belongs to, counted by hand."""
    while day.day != first_day:
        day -= timedelta(days=1)
    return day


def plain_month_totals(rows, first_day):
    months = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        months[month_of(row.date, first_day)][row.category_id] += row.amount
    return {month: dict(totals) for month, totals in months.items()}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, first_day=st.sampled_from([1, 2, 25, 28]))
def test_figures_are_those_of_a_plain_recomputation(ledger, rows, first_day):
    ledger.month_start_day = first_day
    written = write(ledger, rows)
    expenses = Expense.objects.in_ledger(ledger)
    totals, months = category_totals(expenses, ledger), month_totals(expenses, ledger)
    found = [(row.category.pk, row.total, row.percentage, row.count) for row in totals]
    assert found == plain_category_totals(written)
    with_spending = {month.start: month.totals for month in months if month.totals}
    assert with_spending == plain_month_totals(written, first_day)
    whole = sum(row.amount for row in written)
    assert sum(row.total for row in totals) == sum(month.total for month in months) == whole
    assert expenses.aggregate(spent=SPENT)["spent"] == whole


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, start=st.integers(0, 120), length=st.integers(0, 60))
def test_a_range_includes_both_its_ends(ledger, rows, start, length):
    written = write(ledger, rows)
    first, last = FIRST + timedelta(days=start), FIRST + timedelta(days=start + length)
    totals = category_totals(Expense.objects.in_ledger(ledger).between(first, last), ledger)
    found = [(row.category.pk, row.total, row.percentage, row.count) for row in totals]
    assert found == plain_category_totals([row for row in written if first <= row.date <= last])


def test_other_ledgers_do_not_count(alice, ledger):
    make_expense(make_ledger(alice, "Holiday"), "500")
    make_expense(ledger, "7")
    totals = category_totals(Expense.objects.in_ledger(ledger), ledger)
    assert [(row.category.name, row.total) for row in totals] == [("Food", Decimal(7))]


def test_equal_totals_keep_one_order(ledger):
    for name in ("Other", "Rent", "Food"):
        make_expense(ledger, "5", name)
    totals = category_totals(Expense.objects.in_ledger(ledger), ledger)
    assert [(row.category.name, str(row.percentage)) for row in totals] == [
        ("Rent", "33.4"),
        ("Food", "33.3"),
        ("Other", "33.3"),
    ]


def test_a_refund_lowers_the_total_and_an_overall_refund_has_no_share(ledger):
    make_expense(ledger, "30", "Food")
    make_expense(ledger, "-10", "Food")
    make_expense(ledger, "-5", "Shopping")
    totals = category_totals(Expense.objects.in_ledger(ledger), ledger)
    found = [(row.category.name, row.total, row.percentage, row.count) for row in totals]
    assert found == [("Food", Decimal(20), Decimal(100), 2), ("Shopping", Decimal(-5), Decimal(0), 1)]


def test_months_that_start_on_the_25th(ledger):
    ledger.month_start_day = 25
    for day in ("2024-01-24", "2024-01-25", "2024-03-24", "2024-03-25"):
        make_expense(ledger, "1", day=day)
    months = month_totals(Expense.objects.in_ledger(ledger), ledger)
    assert [(str(month.start), str(month.end), month.total) for month in months] == [
        ("2023-12-25", "2024-01-24", 1),
        ("2024-01-25", "2024-02-24", 1),
        ("2024-02-25", "2024-03-24", 1),
        ("2024-03-25", "2024-04-24", 1),
    ]


def test_a_month_without_spending_between_others_is_there_and_empty(ledger):
    make_expense(ledger, day="2024-01-31")
    make_expense(ledger, day="2024-03-01")
    months = month_totals(Expense.objects.in_ledger(ledger), ledger)
    assert [(str(month.start), str(month.end), month.total) for month in months] == [
        ("2024-01-01", "2024-01-31", 10),
        ("2024-02-01", "2024-02-29", 0),
        ("2024-03-01", "2024-03-31", 10),
    ]


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
@pytest.mark.parametrize("first_day", [1, 28])
def test_months_at_the_ends_of_the_calendar(ledger, day, first_day):
    ledger.month_start_day = first_day
    make_expense(ledger, day=day)
    (month,) = month_totals(Expense.objects.in_ledger(ledger), ledger)
    assert (month.start, month.end) == ledger.month_of(date.fromisoformat(day))


def test_nothing_spent_has_no_figures(ledger):
    expenses = Expense.objects.in_ledger(ledger)
    assert (category_totals(expenses, ledger), month_totals(expenses, ledger)) == ([], [])
    assert (expenses.aggregate(spent=SPENT)["spent"], first_and_last(expenses)) == (0, (None, None))


def test_first_and_last_date(ledger):
    for day in ("2024-03-01", "2024-01-31", "2024-02-02"):
        make_expense(ledger, day=day)
    assert first_and_last(Expense.objects.in_ledger(ledger)) == (date(2024, 1, 31), date(2024, 3, 1))


def test_figures_are_the_same_whatever_order_the_rows_are_in(ledger):
    rows = [(n % 5, n, Decimal(n + 1)) for n in range(50)]
    expenses = Expense.objects.in_ledger(ledger)
    write(ledger, rows)
    before = category_totals(expenses, ledger), month_totals(expenses, ledger)
    random.Random(1).shuffle(rows)
    write(ledger, rows)
    ordered = expenses.newest_first()
    assert (category_totals(ordered, ledger), month_totals(ordered, ledger)) == before


@pytest.mark.django_db(transaction=True)
def test_category_totals_of_100_000_rows_read_nothing_but_the_index():
    ledger = make_ledger(make_user("alice"))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO expenses_expense (ledger_id, date, amount, category_id)
            SELECT %(ledger)s, date '2020-01-01' + n %% 1500, n %% 300 + 1,
                   (SELECT min(id) FROM expenses_category WHERE ledger_id = %(ledger)s) + n %% 5
            FROM generate_series(1, 100000) AS n
            """,
            {"ledger": ledger.pk},
        )
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE expenses_expense")
    expenses = Expense.objects.in_ledger(ledger).between(date(2021, 1, 1), date(2021, 12, 31))
    with recorded_statements() as statements:
        totals = category_totals(expenses, ledger)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE) {statements[0]}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using expense_by_date" in plan, plan
    assert "Heap Fetches: 0" in plan, plan
    assert sum(row.count for row in totals) == expenses.count() > 20_000
