"""What the figures mean, one case at a time; ``test_figures.py`` has them for any ledger."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import override_settings

from analytics import queries
from analytics.figures import Change, Figure, Matrix, Part, rounded
from analytics.ranges import Range
from analytics.tests.choosing import TODAY, select
from database.tests.statements import recorded_statements
from expenses.models import Category
from expenses.tests.factories import make_expense, make_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(ledger):
    """All of 2024."""
    return select(ledger, "2024-01-01", "2024-12-31")


def during(selection, start, end):
    return selection.during(Range(date.fromisoformat(start), date.fromisoformat(end)))


def categories(selection):
    names = dict(Category.objects.in_ledger(selection.ledger).values_list("pk", "name"))
    parts = queries.breakdown(selection, "category").parts
    return [(names[part.key], part.figure, str(part.percentage)) for part in parts]


def test_nothing_spent_has_no_figures(year):
    assert queries.whole(year) == Figure(Decimal(0), Decimal(0), 0)
    assert [queries.breakdown(year, by).parts for by in ("category", "payee", "day", "month", "weekday")] == [
        []
    ] * 5
    assert queries.matrix(year, "category", "month") == Matrix([], [], {}, Figure())
    assert (queries.median(year), queries.largest(year, 3)) == (None, [])
    assert queries.comparison(year, year) == []


def test_other_ledgers_do_not_count(alice, ledger, year):
    make_expense(make_ledger(alice, "Holiday"), "500")
    make_expense(ledger, "7")
    assert categories(year) == [("Food", Figure(Decimal(7), Decimal(0), 1), "100.0")]


def test_equal_totals_keep_one_order(ledger, year):
    for name in ("Other", "Rent", "Food"):
        make_expense(ledger, "5", name)
    assert [(name, share) for name, _figure, share in categories(year)] == [
        ("Rent", "33.4"),
        ("Food", "33.3"),
        ("Other", "33.3"),
    ]


def test_a_refund_lowers_the_total_and_an_overall_refund_is_shown_without_a_share(ledger, year):
    for amount, name in [("30", "Food"), ("-10", "Food"), ("-5", "Shopping")]:
        make_expense(ledger, amount, name)
    assert categories(year) == [
        ("Food", Figure(Decimal(30), Decimal(-10), 2), "100.0"),
        ("Shopping", Figure(Decimal(0), Decimal(-5), 1), "0.0"),
    ]
    assert queries.whole(year).total == 15


def test_amounts_that_cancel_out_are_a_part_too(ledger, year):
    make_expense(ledger, "10"), make_expense(ledger, "-10")
    assert categories(year) == [("Food", Figure(Decimal(10), Decimal(-10), 2), "0.0")]


def test_an_expense_over_months_counts_once_when_paid_and_in_parts_when_spread(ledger):
    make_expense(ledger, "100", day="2024-01-31", spread_months=3)
    months = {}
    for basis in ("paid", "spread"):
        selection = select(ledger, "2024-01-01", "2024-03-30", basis=basis)
        parts = queries.breakdown(selection, "month").parts
        months[basis] = [(str(part.key), str(part.figure.total), part.figure.count) for part in parts]
    assert months["paid"] == [("2024-01-01", "100.000", 1)]
    assert months["spread"] == [("2024-01-01", "33.330", 1), ("2024-02-01", "33.330", 1)]
    whole = select(ledger, "2024-01-01", "2024-03-31", basis="spread")
    assert queries.whole(whole) == Figure(Decimal(100), Decimal(0), 3)


def test_months_that_start_on_the_25th(alice):
    ledger = make_ledger(alice, month_start_day=25)
    for day in ("2024-01-24", "2024-01-25", "2024-03-24", "2024-03-25"):
        make_expense(ledger, "1", day=day)
    parts = queries.breakdown(select(ledger, "2023-01-01", "2024-12-31"), "month").parts
    assert [(str(part.key), part.figure.count) for part in parts] == [
        ("2023-12-25", 1),
        ("2024-01-25", 1),
        ("2024-02-25", 1),
        ("2024-03-25", 1),
    ]


def test_a_year_is_the_twelve_months_that_begin_in_it(alice):
    ledger = make_ledger(alice, month_start_day=25)
    for day in ("2023-01-25", "2024-01-24", "2024-01-25"):
        make_expense(ledger, "1", day=day)
    parts = queries.breakdown(select(ledger, "2023-01-01", "2024-12-31"), "year").parts
    assert [(str(part.key), part.figure.count) for part in parts] == [("2023-01-25", 2), ("2024-01-25", 1)]


@pytest.mark.parametrize(("first_weekday", "weeks"), [(0, ["2024-03-04", "2024-03-11"]), (6, ["2024-03-10"])])
def test_weeks_begin_when_the_reader_says(ledger, first_weekday, weeks):
    for day in ("2024-03-10", "2024-03-11"):  # a Sunday and a Monday
        make_expense(ledger, day=day)
    selection = select(ledger, "2024-01-01", "2024-12-31", first_weekday)
    assert [str(part.key) for part in queries.breakdown(selection, "week").parts] == weeks


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
@pytest.mark.parametrize("first_day", [1, 28])
def test_months_at_the_ends_of_the_calendar(alice, day, first_day):
    ledger = make_ledger(alice, month_start_day=first_day)
    make_expense(ledger, day=day)
    (part,) = queries.breakdown(select(ledger, "1900-01-01", "2200-12-31"), "month").parts
    assert part.key == ledger.month_of(date.fromisoformat(day))[0]


def test_what_changed_most_comes_first_up_or_down(ledger):
    for amount, name, day in [
        ("10", "Food", "2024-02-01"),
        ("50", "Food", "2024-01-01"),
        ("20", "Rent", "2024-02-01"),
        ("-4", "Other", "2024-01-01"),
        ("-3", "Other", "2024-02-01"),
    ]:
        make_expense(ledger, amount, name, day)
    february = select(ledger, "2024-02-01", "2024-02-29")
    changes = queries.comparison(february, during(february, "2024-01-01", "2024-01-31"))
    names = dict(Category.objects.values_list("pk", "name"))
    assert [(names[each.key], each.change, str(each.percentage)) for each in changes] == [
        ("Food", -40, "-80.0"),
        ("Rent", 20, "None"),
        ("Other", 1, "25.0"),
    ]


@pytest.mark.parametrize(
    ("now", "before", "percentage"),
    [
        ("150", "100", "50.0"),
        ("0", "100", "-100.0"),
        ("5", "-10", "150.0"),
        ("0.5", "1000", "-100.0"),
        ("1", "0", "None"),
    ],
)
def test_a_change_is_in_per_cent_of_what_was_before(now, before, percentage):
    change = Change(None, Figure(Decimal(now)), Figure(Decimal(before)))
    assert str(change.percentage) == percentage


@pytest.mark.parametrize(
    ("start", "end", "days", "months"),
    [
        ("2024-01-01", "2024-02-29", 60, "2"),
        ("2024-02-15", "2024-02-28", 14, str(Decimal(14) / 29)),
        ("2024-01-31", "2024-02-14", 15, str(Decimal(1) / 31 + Decimal(14) / 29)),
        ("2024-03-01", "2024-03-31", 15, str(Decimal(15) / 31)),  # today is the 15th
        ("2024-04-01", "2024-05-31", 61, "2"),  # all of it lies ahead
        ("2024-03-15", "2024-03-15", 1, str(Decimal(1) / 31)),
    ],
)
def test_averages_are_over_the_days_that_have_been(ledger, start, end, days, months):
    make_expense(ledger, "420", day=start)
    means = queries.averages(select(ledger, start, end), Decimal(420), TODAY)
    per_day = Decimal(420) / days
    assert (means.days, means.per_day, means.per_week) == (days, per_day, per_day * 7)
    assert round(means.per_month, 10) == round(420 / Decimal(months), 10)


def test_months_of_averages_are_the_ledgers(alice):
    ledger = make_ledger(alice, month_start_day=25)
    means = queries.averages(select(ledger, "2023-12-25", "2024-02-24"), Decimal(420), TODAY)
    assert (means.days, means.per_month) == (62, 210)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (["5"], "5"),
        (["1", "9"], "5"),
        (["1", "2", "9"], "2"),
        (["1", "2", "3", "9", "-7"], "2.5"),
        (["-1"], None),
    ],
)
def test_the_median_is_of_what_was_spent(ledger, year, amounts, expected):
    for amount in amounts:
        make_expense(ledger, amount)
    assert queries.median(year) == (expected and Decimal(expected))


def test_payees_after_the_largest_are_added_up_as_one(ledger, year):
    for amount, payee in [
        ("5", "b"),
        ("5", "a"),
        ("5", "B"),
        ("3", "c"),
        ("2", "d"),
        ("-4", "e"),
        ("1", "a"),
    ]:
        make_expense(ledger, amount, payee=payee)
    *first, rest = queries.breakdown(year, "payee", most=2).parts
    assert [(part.key, part.figure.total, str(part.percentage)) for part in first] == [
        ("a", 6, "28.6"),
        ("B", 5, "23.8"),
    ]
    assert rest == Part(None, Figure(Decimal(10), Decimal(-4), 4), Decimal("47.6"), hidden=4)


def test_as_many_payees_as_are_asked_for_have_no_rest(ledger, year):
    make_expense(ledger, payee="a"), make_expense(ledger, payee="b")
    assert [part.key for part in queries.breakdown(year, "payee", most=2).parts] == ["a", "b"]


def test_two_breakdowns_with_too_many_cells_are_none(ledger, year, monkeypatch):
    monkeypatch.setattr(queries, "MOST_CELLS", 2)
    make_expense(ledger, payee="a"), make_expense(ledger, payee="b")
    assert len(queries.matrix(year, "payee", "month").cells) == 2
    make_expense(ledger, payee="c")
    with pytest.raises(queries.TooManyCells):
        queries.matrix(year, "payee", "month")


def test_a_running_total_of_some_days_is_that_of_all_days_there(ledger):
    for day in range(1, 8):
        make_expense(ledger, 2**day, day=f"2024-03-0{day}")
    march = select(ledger, "2024-03-01", "2024-03-08")
    before = during(march, "2024-02-28", "2024-03-03")
    every = queries.running_totals(march, before, TODAY)
    few = queries.running_totals(march, before, TODAY, most=3)
    assert few == [every[2], every[5], every[7]]


def test_a_running_total_stops_today_and_stands_beside_the_earlier_one(ledger):
    for amount, day in [("1", "2024-03-13"), ("2", "2024-03-15"), ("4", "2024-03-16"), ("8", "2024-02-02")]:
        make_expense(ledger, amount, day=day)
    march = select(ledger, "2024-03-13", "2024-03-17")
    points = queries.running_totals(march, during(march, "2024-02-01", "2024-02-04"), TODAY)
    assert [(point.number, point.total, point.earlier_total) for point in points] == [
        (1, 1, 0),
        (2, 1, 8),
        (3, 3, 8),
        (4, None, 8),
    ]
    assert (str(points[2].day), points[3].day, str(points[3].earlier_day)) == (
        "2024-03-15",
        None,
        "2024-02-04",
    )


def test_the_largest_come_with_their_categories(ledger, year):
    for n in (3, 9, 1, 9):
        make_expense(ledger, n, payee=str(n))
    with recorded_statements() as statements:
        found = [(row.amount, row.category.name) for row in queries.largest(year, 3)]
    assert (found, len(statements)) == ([(9, "Food"), (9, "Food"), (3, "Food")], 1)


# What figures cost


@pytest.mark.django_db(transaction=True)
def test_totals_of_100_000_rows_are_read_from_those_that_are_kept(ledger):
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
        cursor.execute("VACUUM ANALYZE expenses_expense, analytics_rollup")
    selection = select(ledger, "2021-01-10", "2021-12-20")
    (kept, kept_plan), (added, added_plan) = (explained(selection, rollups) for rollups in (True, False))
    assert kept == added
    assert "expenses_expense" not in kept_plan
    assert "analytics_rollup" in kept_plan
    assert "Index Only Scan using expense_by_date" in added_plan
    assert "Heap Fetches: 0" in added_plan


def explained(selection, rollups):
    """The breakdown by category, and how PostgreSQL finds it."""
    with override_settings(ROLLUPS=rollups), recorded_statements() as statements:
        figures = queries.breakdown(selection, "category").parts
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE) {statements[0]}")
        return figures, "\n".join(line for (line,) in cursor.fetchall())


def test_what_is_dated_in_the_days_to_come_is_in_no_average(ledger):
    make_expense(ledger, "150", day="2024-03-10")
    make_expense(ledger, "900", day="2024-03-31")
    month = select(ledger, "2024-03-01", "2024-03-31")
    means = queries.averages(month, queries.whole(month).total, TODAY)
    assert (means.days, means.per_day, means.per_week) == (15, Decimal(10), Decimal(70))
    assert means.rounded(2).per_month == Decimal("310.00")


def test_a_figure_that_is_next_to_nothing_is_not_a_negative_zero():
    assert str(rounded(Decimal("-0.001"), 2)) == "0.00"
