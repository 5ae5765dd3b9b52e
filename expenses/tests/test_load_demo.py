from collections import Counter
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from expenses.demo import demo_expenses
from expenses.models import Category, Expense, Favourite
from ledgers.models import Ledger
from users.models import User

TODAY = date(2026, 2, 28)


@pytest.fixture(scope="module")
def rows():
    return demo_expenses(TODAY)


def run(*words):
    out = StringIO()
    call_command("load_demo", *words, stdout=out)
    return out.getvalue()


def test_three_years_up_to_today(rows):
    assert rows[0].date >= date(2023, 2, 28)
    assert rows[0].date < date(2023, 3, 7)
    assert date(2026, 2, 21) < rows[-1].date <= TODAY
    assert 2300 <= len(rows) <= 3600
    assert len({row.category for row in rows}) == 13


def test_always_the_same_for_a_day(rows):
    assert demo_expenses(TODAY) == rows
    assert demo_expenses(date(2026, 3, 1)) != rows


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1)])
def test_any_day_can_be_today(today):
    assert len(demo_expenses(today)) > 2000


def test_looks_like_a_household(rows):
    months = Counter((row.date.year, row.date.month) for row in rows if row.category == "Rent")
    assert set(months.values()) == {1}
    assert len(months) == 36
    assert 10 <= sum(row.amount < 0 for row in rows) <= 80
    assert all(row.amount for row in rows)
    mulled = {row.date.month for row in rows if row.payee == "Christmas market"}
    assert mulled == {12}


def test_a_yearly_insurance_is_spread_over_the_year(rows):
    spread = [(row.date.month, row.notes, row.spread_months) for row in rows if row.spread_months > 1]
    assert spread == [(1, "Liability", 12)] * 3


def test_some_have_tags_and_one_payment_is_split(rows):
    uses = Counter(tag for row in rows for tag in row.tags)
    assert set(uses) == {"work", "holiday", "family"}
    assert min(uses.values()) > 10
    parts = [row for row in rows if row.receipt]
    assert {(row.date, row.payee, row.receipt) for row in parts} == {(TODAY, "Hypermart", parts[0].receipt)}
    assert [row.category for row in parts] == ["Groceries", "Shopping", "Gifts"]


def test_makes_a_user_who_can_sign_in(db, rf):
    first_line, second_line = run().splitlines()
    password = first_line.split("password ")[1].split()[0]
    assert authenticate(rf.get("/"), username="demo", password=password) == User.objects.get()
    ledger = Ledger.objects.get()
    assert f"({ledger.pk}) of “demo” with {Expense.objects.in_ledger(ledger).count()} expenses" in second_line


def test_first_account_is_the_administrator_and_is_told_so(db, settings):
    settings.SIGNUP = "first"
    assert "therefore the administrator" in run()
    assert User.objects.get().is_superuser


def test_fills_a_ledger_up_to_today(alice):
    assert "password" not in run("--user", "alice")
    ledger = Ledger.objects.for_user(alice).get()
    last = Expense.objects.in_ledger(ledger).newest_first().first()
    assert (timezone.localdate() - last.date).days <= 7
    assert last.created_by == alice
    categories = Category.objects.in_ledger(ledger)
    assert len({category.colour for category in categories}) == len(categories) == 14
    assert list(categories.exclude(parent=None).values_list("name", "parent__name")) == [
        ("Groceries", "Food"),
        ("Eating out", "Food"),
    ]
    assert list(Favourite.objects.in_ledger(ledger).values_list("name", "amount")) == [
        ("Coffee", Decimal("2.8")),
        ("Saturday", None),
        ("Saturday", Decimal("4.6")),
    ]


def test_second_time_makes_nothing(alice):
    run("--user", "alice")
    before = Expense.objects.count()
    assert "already" in run("--user", "alice")
    assert (Ledger.objects.count(), Expense.objects.count()) == (1, before)
    run()
    assert "password" not in run()
    assert (Ledger.objects.count(), User.objects.count()) == (2, 2)


def test_unknown_user(db):
    with pytest.raises(CommandError, match="no user “bob”"):
        run("--user", "bob")
    assert not User.objects.exists()
