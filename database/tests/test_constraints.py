"""What is never true is refused by PostgreSQL itself, and explained in the words of the constraint."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from database.errors import explain
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger
from history.models import TRACKED
from ledgers.models import Ledger, Membership

ZERO = "An amount cannot be zero."
TOO_LARGE = "An amount has at most 12 digits before the decimals."
BOUNDS = "The date must lie between 1900 and 2200."
NO_CATEGORY = "This ledger has no such category."
TAKEN = "This ledger has a category of that name already."


def refusal(write) -> IntegrityError:
    """What PostgreSQL says to this write."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return error.value


def constraint_of(error) -> str:
    return error.__cause__.diag.constraint_name


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def values_of(ledger, **changes):
    food = Category.objects.get(ledger=ledger, name="Food")
    return {"ledger": ledger, "date": date(2024, 8, 1), "amount": Decimal(1), "category": food} | changes


EXPENSES = [
    ({"amount": Decimal(0)}, "expense_amount_not_zero", "amount", ZERO),
    ({"amount": Decimal("1000000000000")}, "expense_amount_in_range", "amount", TOO_LARGE),
    ({"amount": Decimal("-1000000000000")}, "expense_amount_in_range", "amount", TOO_LARGE),
    ({"date": date(1899, 12, 31)}, "expense_date_1900_to_2200", "date", BOUNDS),
    ({"date": date(2201, 1, 1)}, "expense_date_1900_to_2200", "date", BOUNDS),
]


@pytest.mark.parametrize(("changes", "name", "field", "message"), EXPENSES)
@pytest.mark.parametrize("how", ["bulk_create", "update"])
def test_an_expense_that_is_never_true_is_refused_past_every_form(ledger, changes, name, field, message, how):
    expense = make_expense(ledger)
    error = refusal(
        lambda: (
            Expense.objects.update(**changes)
            if how == "update"
            else Expense.objects.bulk_create([Expense(**values_of(ledger, **changes))])
        )
    )
    assert (constraint_of(error), explain(error).message_dict) == (name, {field: [message]})
    assert list(Expense.objects.values_list("pk", "amount")) == [(expense.pk, 10)]


# Django itself refuses NaN, so only plain SQL gets that far.
@pytest.mark.parametrize(
    ("changes", "name", "field", "message"),
    [*EXPENSES, ({"amount": Decimal("NaN")}, "expense_amount_in_range", "amount", TOO_LARGE)],
)
@pytest.mark.parametrize("how", ["INSERT", "UPDATE"])
def test_an_expense_that_is_never_true_is_refused_in_plain_sql(ledger, changes, name, field, message, how):
    values = values_of(ledger, **changes)
    (column, value), expense = next(iter(changes.items())), make_expense(ledger)
    writes = {
        "INSERT": lambda: run(
            "INSERT INTO expenses_expense (ledger_id, date, amount, category_id) VALUES (%s, %s, %s, %s)",
            *(ledger.pk, values["date"], values["amount"], values["category"].pk),
        ),
        "UPDATE": lambda: run(f"UPDATE expenses_expense SET {column} = %s", value),
    }
    error = refusal(writes[how])
    assert (constraint_of(error), explain(error).message_dict) == (name, {field: [message]})
    assert list(Expense.objects.values_list("pk", "amount")) == [(expense.pk, 10)]


@pytest.mark.parametrize("amount", ["999999999999.999", "-999999999999.999", "0.001"])
def test_the_largest_and_the_smallest_amount_are_possible(ledger, amount):
    Expense.objects.bulk_create([Expense(**values_of(ledger, amount=Decimal(amount)))])
    assert Expense.objects.get().amount == Decimal(amount)


@pytest.mark.parametrize("how", ["INSERT", "UPDATE", "bulk_create"])
def test_a_category_of_another_ledger_is_impossible(alice, ledger, how):
    other = make_ledger(alice, "Holiday")
    foreign = Category.objects.get(ledger=other, name="Food")
    make_expense(ledger)
    writes = {
        "INSERT": lambda: run(
            "INSERT INTO expenses_expense (ledger_id, date, amount, category_id) VALUES (%s, %s, %s, %s)",
            *(ledger.pk, "2024-08-01", 1, foreign.pk),
        ),
        "UPDATE": lambda: run("UPDATE expenses_expense SET category_id = %s", foreign.pk),
        "bulk_create": lambda: Expense.objects.bulk_create([Expense(**values_of(ledger, category=foreign))]),
    }
    error = refusal(writes[how])
    assert constraint_of(error) == "expense_category_of_ledger"
    assert explain(error).message_dict == {"category": [NO_CATEGORY]}


def test_a_category_in_use_cannot_be_deleted_by_anybody(ledger):
    expense = make_expense(ledger)
    error = refusal(lambda: run("DELETE FROM expenses_category WHERE id = %s", expense.category_id))
    assert constraint_of(error) == "expense_category_of_ledger"


@pytest.mark.parametrize("name", ["Food", "food", "FOOD"])
def test_a_ledger_has_one_category_of_a_name_whatever_the_case(ledger, name):
    error = refusal(lambda: Category.objects.bulk_create([Category(ledger=ledger, name=name)]))
    assert constraint_of(error) == "category_name_once"
    assert explain(error).message_dict == {"name": [TAKEN]}


@pytest.mark.parametrize(
    ("values", "name", "field", "message"),
    [
        ({"name": ""}, "category_name_given", "name", "Give the category a name."),
        (
            {"name": "New", "colour": "red"},
            "category_colour_hex",
            "colour",
            "Write a colour as # and six hexadecimal digits.",
        ),
    ],
)
def test_a_category_that_is_never_true_is_refused(ledger, values, name, field, message):
    error = refusal(lambda: Category.objects.bulk_create([Category(ledger=ledger, **values)]))
    assert (constraint_of(error), explain(error).message_dict) == (name, {field: [message]})


@pytest.mark.parametrize(
    ("values", "name", "field", "message"),
    [
        (
            {"currency": "XXX"},
            "ledger_currency_known",
            "currency",
            "This is not the code of a currency in use (ISO 4217), such as EUR.",
        ),
        (
            {"currency": "eur"},
            "ledger_currency_known",
            "currency",
            "This is not the code of a currency in use (ISO 4217), such as EUR.",
        ),
        (
            {"month_start_day": 29},
            "ledger_month_start_day_1_to_28",
            "month_start_day",
            "The month can start on day 1 to 28.",
        ),
        (
            {"month_start_day": 0},
            "ledger_month_start_day_1_to_28",
            "month_start_day",
            "The month can start on day 1 to 28.",
        ),
    ],
)
def test_a_ledger_that_is_never_true_is_refused(db, values, name, field, message):
    error = refusal(
        lambda: Ledger.objects.bulk_create([Ledger(**({"name": "Odd", "currency": "EUR"} | values))])
    )
    assert (constraint_of(error), explain(error).message_dict) == (name, {field: [message]})


def test_a_person_is_a_member_once(alice, ledger):
    again = Membership(ledger=ledger, user=alice, role="viewer")
    error = refusal(lambda: Membership.objects.bulk_create([again]))
    assert constraint_of(error) == "membership_once"
    assert explain(error).message_dict == {"user": ["This person is a member of the ledger already."]}


def test_an_unknown_role_is_refused(bob, ledger):
    error = refusal(
        lambda: Membership.objects.bulk_create([Membership(ledger=ledger, user=bob, role="king")])
    )
    assert constraint_of(error) == "membership_role_known"
    assert explain(error).message_dict == {"role": ["The role is owner, editor or viewer."]}


def test_an_error_that_no_constraint_explains_is_left_as_it_is(ledger):
    error = refusal(lambda: run("UPDATE expenses_category SET name = NULL"))
    with pytest.raises(IntegrityError) as raised:
        explain(error)
    assert raised.value is error
    with pytest.raises(DataError) as overflow, transaction.atomic():
        run("UPDATE expenses_category SET position = 99999999999")
    with pytest.raises(DataError) as raised:
        explain(overflow.value)
    assert raised.value is overflow.value


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"amount": "0"}, {"amount": [ZERO]}),
        ({"amount": "1000000000000"}, {"amount": [TOO_LARGE]}),
        ({"amount": "NaN"}, {"amount": ["Write an amount such as 1234.50."]}),
        ({"date": "1899-12-31"}, {"date": [BOUNDS]}),
        ({"date": "2201-01-01"}, {"date": [BOUNDS]}),
    ],
)
@pytest.mark.parametrize("method", ["post", "patch"])
def test_the_api_explains_it_and_writes_nothing(api, ledger, changes, errors, method):
    expense = make_expense(ledger)
    url = f"/api/v1/ledgers/{ledger.pk}/expenses/"
    body = {"date": "2024-08-01", "amount": "1", "category": expense.category_id}
    changing = {"data": changes, "headers": {"If-Match": "*"}}
    answer = (
        api.post(url, body | changes) if method == "post" else api.patch(f"{url}{expense.pk}/", **changing)
    )
    assert (answer.status_code, answer.json()) == (400, errors)
    assert list(Expense.objects.values_list("pk", "version")) == [(expense.pk, 1)]


@pytest.mark.parametrize(("table", "make"), [("expenses_expense", make_expense), ("expenses_category", None)])
def test_the_version_grows_with_each_change_and_with_nothing_else(ledger, table, make):
    row = make(ledger) if make else Category.objects.get(ledger=ledger, name="Food")
    column = "notes" if make else "name"

    def state():
        row.refresh_from_db()
        return row.version, row.updated_at

    run(f"UPDATE {table} SET updated_at = '2000-01-01' WHERE id = %s", row.pk)
    first = state()
    run(f"UPDATE {table} SET {column} = {column} WHERE id = %s", row.pk)
    assert state() == first
    with transaction.atomic():
        run(f"UPDATE {table} SET {column} = %s, version = 77 WHERE id = %s", "new", row.pk)
    version, updated = state()
    assert (version, getattr(row, column)) == (2, "new")
    assert (first[0], updated.year > first[1].year) == (1, True)
    type(row).objects.filter(pk=row.pk).update(**{column: "newer"})
    assert state()[0] == 3


def keys():
    """``(table, kind, definition)`` of every key of the public schema, as PostgreSQL has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, c.contype, pg_get_constraintdef(c.oid)
            FROM pg_constraint c WHERE c.contype IN ('p', 'f') AND c.connamespace = 'public'::regnamespace
            """
        )
        return cursor.fetchall()


def ledger_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND column_name = 'ledger_id' AND table_type = 'BASE TABLE'"
        )
        return {name for (name,) in cursor.fetchall()}


def test_the_primary_key_of_every_table_of_a_ledger_starts_with_the_ledger(db):
    tables = ledger_tables()
    found = {table: text for table, kind, text in keys() if kind == "p" and table in tables}
    events = {table for table in tables if table.endswith("event")}
    expected = dict.fromkeys(tables - events, "PRIMARY KEY (ledger_id, id)")
    assert found == expected | dict.fromkeys(events, "PRIMARY KEY (ledger_id, pgh_id)")
    assert len(events) == len(TRACKED)
    assert {"expenses_expense", "expenses_category", "ledgers_membership", "api_submission"} <= tables


def test_every_foreign_key_between_tables_of_a_ledger_names_the_ledger_on_both_sides(db):
    tables = ledger_tables()
    pattern = re.compile(r"FOREIGN KEY \((.*?)\) REFERENCES (\w+)\((.*?)\)")
    references = [
        (table, *pattern.match(text).groups())
        for table, kind, text in keys()
        if kind == "f" and table in tables
    ]
    between = {reference for reference in references if reference[2] in tables}
    assert {(mine.split(", ")[0], theirs) for _table, mine, _target, theirs in between} == {
        ("ledger_id", "ledger_id, id")
    }
    assert ("expenses_expense", "ledger_id, category_id", "expenses_category", "ledger_id, id") in between
    assert ("expenses_rule", "ledger_id, category_id", "expenses_category", "ledger_id, id") in between
