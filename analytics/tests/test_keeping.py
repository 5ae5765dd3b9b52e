"""The totals that the database keeps are what the rows say, whichever way those are written."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models.functions import Mod
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.models import Rollup
from analytics.tests import plain
from expenses.exchange import read_ledger
from expenses.importing import import_ledger
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger
from expenses.tests.test_exchange import LUNCH, file_of
from ledgers.models import Ledger

pytestmark = pytest.mark.django_db

ROWS = [
    ("10", "Food", "2024-01-31", 1),
    ("-3.50", "Food", "2024-01-31", 1),
    ("20", "Rent", "2024-02-29", 1),
    ("600", "Other", "2023-12-31", 12),
    ("-0.05", "Other", "2024-01-14", 3),
    ("0.01", "Food", "2024-01-15", 7),
]
AGAIN = "SELECT ledger_id, date, amount, category_id, spread_months, version FROM expenses_expense"
COLUMNS = "(ledger_id, date, amount, category_id, spread_months, version)"
STATEMENTS = {
    "insert of what is there": f"INSERT INTO expenses_expense {COLUMNS} {AGAIN}",
    "update of every column that counts": "UPDATE expenses_expense SET amount = -2 * amount, date = date + 40,"
    " spread_months = 13 - least(spread_months, 12), category_id = (SELECT max(id) FROM expenses_category AS c"
    " WHERE c.ledger_id = expenses_expense.ledger_id)",
    "update that changes nothing": "UPDATE expenses_expense SET amount = amount, notes = 'same'",
    "swap of two amounts": "UPDATE expenses_expense SET amount = CASE amount WHEN 10 THEN 20 ELSE 10 END"
    " WHERE amount IN (10, 20)",
    "what was spent and what came back grow alike": "UPDATE expenses_expense SET amount = amount + sign(amount)"
    " WHERE date = '2024-01-31'",
    "delete of some": "DELETE FROM expenses_expense WHERE amount > 5",
    "delete of all": "DELETE FROM expenses_expense",
    "delete and insert in one": "WITH gone AS (DELETE FROM expenses_expense RETURNING *)"
    f" INSERT INTO expenses_expense {COLUMNS} SELECT ledger_id, date + 1, amount, category_id, 2, 1 FROM gone",
    "upsert": f"INSERT INTO expenses_expense (id, {COLUMNS[1:]} SELECT id + n * 1000000, {AGAIN[7:]},"
    " generate_series(0, 1) AS n ON CONFLICT (ledger_id, id) DO UPDATE SET amount = excluded.amount + 1",
    "upsert that does nothing": f"INSERT INTO expenses_expense (id, {COLUMNS[1:]} SELECT id, {AGAIN[7:]}"
    " ON CONFLICT DO NOTHING",
    "merge": "MERGE INTO expenses_expense AS present USING (SELECT *, id % 3 AS n FROM expenses_expense) AS given"
    " ON present.ledger_id = given.ledger_id AND present.id = given.id AND n < 2"
    " WHEN MATCHED AND n = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET amount = present.amount * 3"
    f" WHEN NOT MATCHED THEN INSERT {COLUMNS}"
    " VALUES (given.ledger_id, given.date, 7, given.category_id, given.spread_months, 1)",
    "another first day of the month": "UPDATE ledgers_ledger SET month_start_day = 29 - month_start_day",
    "another currency": "UPDATE ledgers_ledger SET currency = 'TND'",
    "another name of the ledger": "UPDATE ledgers_ledger SET name = 'New'",
}

SAYING_NOTHING = {"update that changes nothing", "upsert that does nothing", "another name of the ledger"}


def right(*ledgers) -> bool:
    """Whether what is kept is what a recomputation by hand gives for these ledgers, and nothing else."""
    expected = {}
    for ledger in ledgers:
        ledger.refresh_from_db()
        expected |= plain.rollups(ledger)
    return plain.kept() == expected


def fill(ledger):
    for amount, category, day, months in ROWS:
        make_expense(ledger, amount, category, day, spread_months=months)
    return ledger


@pytest.fixture
def books(alice, ledger):
    """Two ledgers with the same rows, whose months begin on different days."""
    return fill(ledger), fill(make_ledger(alice, "Pay day", month_start_day=15))


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_rows_of_a_day_and_a_month_are_added_up(ledger):
    fill(ledger)
    food = Category.objects.get(ledger=ledger, name="Food").pk
    day = Rollup.objects.filter(unit="day", date="2024-01-31", category=food, basis="always")
    assert [(row.gross, row.refunds, row.count) for row in day] == [(Decimal(10), Decimal("-3.5"), 2)]
    spread = Rollup.objects.filter(unit="month", category=food, basis="spread", date="2024-07-01")
    assert [(row.gross, row.refunds, row.count) for row in spread] == [(Decimal("0.01"), 0, 1)]
    assert right(ledger)


@pytest.mark.parametrize("name", STATEMENTS)
def test_sql_over_several_ledgers_keeps_them_right(books, name):
    before = plain.kept()
    run(STATEMENTS[name])
    assert right(*books)
    assert (plain.kept() == before) == (name in SAYING_NOTHING)


def test_querysets_keep_them_right(books):
    ledger = books[0]
    rows = Expense.objects.in_ledger(ledger)
    food, pets = (
        Category.objects.get(ledger=ledger, name="Food"),
        Category.objects.create(ledger=ledger, name="P"),
    )
    Expense.objects.bulk_create(
        Expense(ledger=ledger, category=food, date=date(2024, 3, n), amount=n, spread_months=n)
        for n in range(1, 6)
    )
    assert right(*books)
    changed = list(rows)
    for n, row in enumerate(changed):
        row.amount, row.date = row.amount + n + 1, date(2024, n + 1, 28)
    Expense.objects.bulk_update(changed, ["amount", "date"])
    assert right(*books)
    assert rows.recategorise(pets) == rows.count()
    assert right(*books)
    food.delete()
    assert (
        rows.shift_date(-28)
        == rows.filter(spread_months__gt=1).update(spread_months=4) + rows.filter(spread_months=1).count()
    )
    assert right(*books)
    rows.set_date(date(2024, 2, 29))
    rows.filter(amount__gt=5).delete()
    assert right(*books)


def test_what_is_rolled_back_was_never_counted(books):
    before = plain.kept()
    with transaction.atomic():
        make_expense(books[0], "99")
        Expense.objects.filter(amount__gt=1).delete()
        transaction.set_rollback(True)
    assert plain.kept() == before
    assert right(*books)


def test_a_ledger_that_is_deleted_leaves_nothing(books):
    gone, stays = books
    gone.delete()
    assert not Rollup.objects.filter(ledger=gone.pk or 0).exists()
    assert right(stays)


def test_a_ledger_that_is_read_from_a_file_has_its_totals(alice, books):
    lunch = {name: LUNCH[name] for name in ("date", "amount", "category")}
    file = file_of(lunch, lunch | {"spread_months": 12})
    imported = import_ledger(read_ledger(json.dumps(file).encode()), alice).ledger
    assert len(plain.rollups(imported)) == 4 + 2 * 12
    assert right(*books, imported)


def test_amounts_that_come_to_nothing_are_no_more(ledger):
    make_expense(ledger, "5"), make_expense(ledger, "-5")
    assert {(figure.gross, figure.refunds, figure.count) for figure in plain.kept().values()} == {(5, -5, 2)}
    Expense.objects.all().delete()
    assert plain.kept() == {}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["create", "change", "move", "delete", "month", "spread", "sql"]),
        st.integers(0, 400),
        st.integers(-50, 50).filter(bool),
    ),
    min_size=1,
    max_size=12,
)


def carry_out(ledger, act, number, amount):
    rows, category = Expense.objects.in_ledger(ledger), Category.objects.filter(ledger=ledger)[number % 5]
    some = rows.annotate(rest=Mod("pk", 3)).filter(rest=number % 3)
    day = date.fromordinal(date(2023, 12, 20).toordinal() + number)
    match act:
        case "create":
            months = number % 14 + 1 if number % 3 else 1
            Expense.objects.bulk_create(
                Expense(
                    ledger=ledger, category=category, date=day, amount=amount + n or 1, spread_months=months
                )
                for n in range(number % 4 + 1)
            )
        case "change":
            some.update(amount=amount, category=category)
        case "move":
            some.update(date=day)
        case "delete":
            some.delete()
        case "month":
            Ledger.objects.filter(pk=ledger.pk).update(month_start_day=number % 28 + 1)
        case "spread":
            some.update(spread_months=number % 120 + 1)
        case "sql":
            run(STATEMENTS["delete and insert in one"])


@pytest.mark.torture
def test_after_any_writes_they_are_right(alice, ledger, scale):
    @settings(max_examples=scale(10, 400), deadline=None, suppress_health_check=list(HealthCheck))
    @given(ACTS)
    def after_any_writes(acts):
        Expense.objects.all().delete()
        for act in acts:
            carry_out(ledger, *act)
            assert right(ledger), act

    after_any_writes()
