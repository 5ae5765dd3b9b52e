from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expenses.loading import load_expenses
from expenses.models import Category, Expense
from expenses.reading import read_expenses
from expenses.tests.factories import make_expense, make_ledger, make_user
from expenses.tests.threads import at_once

HEADER = "date,amount,category,notes,payee\n"
COFFEE = "2024-08-01,2.50,Food,Coffee,Café Blau\n"
RETURN = "2024-08-02,-40,Shopping,Shoes sent back,\n"


@pytest.fixture
def load(ledger, tmp_path):
    """``load(text)`` loads a file of this text and gives what the command says."""

    def run(text, book=ledger):
        file = tmp_path / "expenses.csv"
        file.write_bytes(text.encode())
        out = StringIO()
        call_command("load_expenses", file, ledger=book.pk, stdout=out)
        return out.getvalue()

    return run


def expenses(ledger):
    rows = Expense.objects.in_ledger(ledger).order_by("id")
    return [(str(e.date), str(e.amount), e.category.name, e.notes, e.payee) for e in rows]


def many(count, names=10):
    return HEADER + "".join(f"2024-08-{n % 28 + 1:02},{n + 1},Kind {n % names},,\n" for n in range(count))


def test_adds_every_row_as_it_is(load, ledger):
    assert load(HEADER + COFFEE + RETURN) == "Added 2 expenses (1 of them a refund).\n"
    assert expenses(ledger) == [
        ("2024-08-01", "2.500", "Food", "Coffee", "Café Blau"),
        ("2024-08-02", "-40.000", "Shopping", "Shoes sent back", ""),
    ]


def test_keeps_over_how_many_months_an_expense_is_spread(load, ledger):
    load("date,amount,category,notes,spread_months\n2024-08-01,600,Other,Insurance,12\n")
    assert Expense.objects.get().spread_months == 12


def test_tags_and_receipt_are_kept_and_make_no_other_expense(load, ledger):
    receipt = "12345678-1234-5678-1234-567812345678"
    load(f"date,amount,category,notes,tags,receipt\n2024-08-01,6,Food,Lunch,trip work,{receipt}\n")
    expense = Expense.objects.get()
    assert (expense.tags, str(expense.receipt)) == (["trip", "work"], receipt)
    assert "already" in load("date,amount,category,notes,tags\n2024-08-01,6,Food,Lunch,home\n")
    assert Expense.objects.get().tags == ["trip", "work"]


def test_second_time_adds_nothing_and_says_so(load, ledger):
    text = HEADER + COFFEE * 3 + RETURN
    load(text)
    before = expenses(ledger)
    assert load(text) == "Added 0 expenses: all 4 are in the ledger already.\n"
    assert expenses(ledger) == before


def test_two_equal_rows_are_two_expenses(load, ledger):
    load(HEADER + COFFEE * 2)
    assert load(HEADER + COFFEE * 3) == "Added 1 expense; 2 are in the ledger already.\n"
    assert len(expenses(ledger)) == 3


def test_overlapping_files_add_what_is_missing(load, ledger):
    load(HEADER + COFFEE)
    assert (
        load(HEADER + COFFEE + RETURN)
        == "Added 1 expense (1 of them a refund); 1 is in the ledger already.\n"
    )
    assert len(expenses(ledger)) == 2


@pytest.mark.parametrize(
    "other",
    [
        "2024-08-02,2.50,Food,Coffee,Café Blau\n",
        "2024-08-01,2.51,Food,Coffee,Café Blau\n",
        "2024-08-01,2.50,Other,Coffee,Café Blau\n",
        "2024-08-01,2.50,Food,coffee,Café Blau\n",
        "2024-08-01,2.50,Food,Coffee,\n",
    ],
)
def test_a_row_that_differs_in_anything_is_another_expense(load, ledger, other):
    load(HEADER + COFFEE)
    load(HEADER + other)
    assert len(expenses(ledger)) == 2


def test_another_ledger_has_its_own_expenses(load, ledger, bob):
    other = make_ledger(bob, "Bob's")
    load(HEADER + COFFEE)
    load(HEADER + COFFEE, other)
    assert len(expenses(ledger)) == len(expenses(other)) == 1


def test_categories_are_found_whatever_their_case(load, ledger):
    load(HEADER + COFFEE.replace("Food", "FOOD"))
    assert expenses(ledger)[0][2] == "Food"
    assert Category.objects.in_ledger(ledger).count() == 5


def test_missing_categories_are_made_once_at_the_end(load, ledger):
    said = load(
        HEADER + "".join(f"2024-08-01,1,{name},,\n" for name in ["Travel", "TRAVEL", "Ökostrom", "ökoSTROM"])
    )
    assert said == "Added 4 expenses. New categories: Travel, Ökostrom.\n"
    *old, travel, power = Category.objects.in_ledger(ledger)
    assert (travel.name, power.name) == ("Travel", "Ökostrom")
    assert [travel.position, power.position] == [5, 6]
    assert len({category.colour for category in [*old, travel, power]}) == 7


def test_more_categories_than_colours(load, ledger):
    assert load(many(40, names=40)).startswith("Added 40 expenses. New categories: Kind 0, ")
    assert Category.objects.in_ledger(ledger).count() == 45


def test_zero_rows_are_left_out_and_said(load, ledger):
    said = load(HEADER + COFFEE + "2024-08-01,0.00,Unheard of,,\n")
    assert said == "Added 1 expense. Left out 1 row with the amount zero.\n"
    assert Category.objects.in_ledger(ledger).count() == 5
    assert load(HEADER + "2024-08-01,0,Food,,\n" * 2) == (
        "Added 0 expenses. Left out 2 rows with the amount zero.\n"
    )


def test_a_bad_line_anywhere_and_nothing_is_written(load, ledger):
    with pytest.raises(CommandError) as refusal:
        load(HEADER + "2024-08-01,1,New,,\n" + "2024-08-32,1,Food,,\n" + COFFEE + "2024-08-01,x,Food,,\n")
    first, *lines = str(refusal.value).splitlines()
    assert "Nothing was added" in first
    assert [line.split(":")[0] for line in lines] == ["Line 3", "Line 5"]
    assert expenses(ledger) == []
    assert Category.objects.in_ledger(ledger).count() == 5


def test_decimals_are_those_of_the_ledger(load, alice):
    with pytest.raises(CommandError, match=r"Line 2: “2\.50”: An amount in this currency has no decimals"):
        load(HEADER + COFFEE, make_ledger(alice, currency="JPY"))


def test_unknown_ledger(load, ledger):
    ledger.pk += 1
    with pytest.raises(CommandError, match="no ledger"):
        load(HEADER + COFFEE)


def test_file_that_is_not_there(ledger, tmp_path):
    with pytest.raises(CommandError, match=r"missing\.csv cannot be read: No such file"):
        call_command("load_expenses", tmp_path / "missing.csv", ledger=ledger.pk)


def test_costs_the_same_queries_for_any_number_of_rows(ledger, bob):
    def queries(book, count):
        with CaptureQueriesContext(connection) as captured:
            loaded = load_expenses(book, read_expenses(many(count, names=15).encode(), 2).rows)
        assert len(loaded.expenses) == count
        return len(captured)

    assert queries(ledger, 3) == queries(make_ledger(bob), 300) < 12


def test_an_expense_written_by_hand_counts_as_there(load, ledger):
    make_expense(ledger, "2.5", payee="Café Blau", notes="Coffee")
    assert load(HEADER + COFFEE) == "Added 0 expenses: the only one is in the ledger already.\n"


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_add_each_expense_once():
    ledger = make_ledger(make_user("alice"))
    rows = read_expenses(many(200).encode(), 2).rows
    counts = at_once(*[lambda: len(load_expenses(ledger, rows).expenses)] * 2)
    assert sorted(counts) == [0, 200]
    assert Expense.objects.in_ledger(ledger).count() == 200


def test_a_category_is_found_by_its_other_names(load, ledger):
    food = Category.objects.get(ledger=ledger, name="Food")
    Category.objects.filter(pk=food.pk).update(aliases=["groceries"])
    load("date,amount,category,notes\n2024-08-01,5,Groceries,\n")
    assert [expense.category for expense in Expense.objects.all()] == [food]
    assert not Category.objects.filter(name="Groceries").exists()
