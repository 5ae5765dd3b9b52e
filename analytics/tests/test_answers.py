"""The exact answers of the endpoints of analytics."""

import csv
from decimal import Decimal

import pytest

from analytics import queries
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger

pytestmark = pytest.mark.django_db

ABOUT = {"start_date": "2024-08-01", "end_date": "2024-08-31", "currency": "EUR", "basis": "paid"}


def figure(total, gross, refunds, count):
    return {"total": total, "gross": gross, "refunds": refunds, "count": count}


WHOLE = figure("100.00", "110.00", "-10.00", 3)
FOOD, RENT = figure("20.00", "30.00", "-10.00", 2), figure("80.00", "80.00", "0.00", 1)
FIFTH = figure("110.00", "110.00", "0.00", 2)
TWELFTH = figure("-10.00", "0.00", "-10.00", 1)


def times(*parts):
    return [
        {"key": start, "name": name, "start_date": start, "end_date": end, **sums, "percentage": share}
        for start, end, name, sums, share in parts
    ]


def of_category(august, name):
    colour = Category.objects.get(pk=august[name]).colour
    return {"key": str(august[name]), "name": name, "id": august[name], "colour": colour, "parent": None}


def test_categories(get, august):
    rent, food = of_category(august, "Rent"), of_category(august, "Food")
    parts = [rent | RENT | {"percentage": "80.0"}, food | FOOD | {"percentage": "20.0"}]
    assert get("categories/") == ABOUT | WHOLE | {"categories": parts}


def test_payees(get, august):
    assert get("payees/") == ABOUT | WHOLE | {
        "payees": [
            {"key": "Landlord", "name": "Landlord", **RENT, "percentage": "72.7"},
            {"key": "Bakery", "name": "Bakery", **figure("30.00", "30.00", "0.00", 1), "percentage": "27.3"},
            {"key": "", "name": "Nobody named", **TWELFTH, "percentage": "0.0"},
        ],
        "rest": None,
    }


def test_payees_after_the_largest_thousand_are_one(get, august, ledger):
    category = Category.objects.get(pk=august["Other"])
    Expense.objects.bulk_create(
        Expense(ledger=ledger, category=category, date="2024-08-09", amount=5, payee=f"{number:04}")
        for number in range(1000)
    )
    found = get("payees/")
    assert [row["name"] for row in found["payees"]] == [
        "Landlord",
        "Bakery",
        *(f"{n:04}" for n in range(998)),
    ]
    assert found["rest"] == {"parts": 3, **figure("0.00", "10.00", "-10.00", 3), "percentage": "0.1"}
    assert found["total"] == "5100.00"
    assert sum(Decimal(row["percentage"]) for row in [*found["payees"], found["rest"]]) == 100


def test_tags(get, august, ledger):
    Expense.objects.filter(amount=30).update(tags=["treat", "work"])
    Expense.objects.filter(amount=-10).update(tags=["work"])
    bakery = figure("30.00", "30.00", "0.00", 1)
    assert get("tags/") == ABOUT | WHOLE | {
        "overlapping": True,
        "tags": [
            {"key": "", "name": "No tag", **RENT, "percentage": "80.0"},
            {"key": "treat", "name": "#treat", **bakery, "percentage": "30.0"},
            {"key": "work", "name": "#work", **FOOD, "percentage": "20.0"},
        ],
        "rest": None,
    }


def test_tags_after_the_largest_are_what_has_any_of_them(get, august, monkeypatch):
    Expense.objects.filter(amount=30).update(tags=["treat", "work"])
    Expense.objects.filter(amount=-10).update(tags=["work"])
    monkeypatch.setattr(queries.breakdown, "__defaults__", (1,))
    found = get("tags/")
    assert [row["key"] for row in found["tags"]] == [""]
    assert found["rest"] == {"parts": 2, **FOOD, "percentage": "20.0"}


def test_a_subcategory_names_its_main_category_and_counts_in_it(get, august):
    Category.objects.filter(name="Rent").update(parent=august["Food"])
    parts = [(row["name"], row["parent"], row["total"]) for row in get("categories/")["categories"]]
    assert parts == [("Rent", august["Food"], "80.00"), ("Food itself", None, "20.00")]
    food = of_category(august, "Food")
    del food["parent"]
    assert get("main_categories/") == ABOUT | WHOLE | {
        "main_categories": [food | WHOLE | {"percentage": "100.0"}]
    }


def test_a_matrix_of_tags_counts_an_expense_once_in_its_totals(get, august):
    Expense.objects.filter(amount=30).update(tags=["treat", "work"])
    found = get("matrix/", rows="tag")
    assert (found["total"], found["overlapping"]) == ("100.00", True)
    assert [(row["key"], row["total"]) for row in found["rows"]] == [
        ("", "70.00"),
        ("treat", "30.00"),
        ("work", "30.00"),
    ]
    assert [column["total"] for column in found["columns"]] == ["100.00"]
    assert get("matrix/", rows="month", columns="tag")["rows"] == found["columns"]
    assert get("matrix/")["overlapping"] is False


def test_weekdays(get, august):
    days = get("weekdays/")["weekdays"]
    assert [day["key"] for day in days] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [day for day in days if day["count"]] == [
        {"key": "1", "name": "Monday", **WHOLE, "percentage": "100.0"}
    ]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            "days",
            times(
                ("2024-08-05", "2024-08-05", "Aug 5, 2024", FIFTH, "100.0"),
                ("2024-08-12", "2024-08-12", "Aug 12, 2024", TWELFTH, "0.0"),
            ),
        ),
        (
            "weeks",
            times(
                ("2024-08-05", "2024-08-11", "Aug 5\u2009–\u200911, 2024", FIFTH, "100.0"),
                ("2024-08-12", "2024-08-18", "Aug 12\u2009–\u200918, 2024", TWELFTH, "0.0"),
            ),
        ),
        ("months", times(("2024-08-01", "2024-08-31", "Aug 2024", WHOLE, "100.0"))),
        ("years", times(("2024-01-01", "2024-12-31", "2024", WHOLE, "100.0"))),
    ],
)
def test_times(get, august, name, parts):
    assert get(f"{name}/") == ABOUT | WHOLE | {name: parts}


def test_a_month_without_expenses_between_others_is_there(ledger, get):
    make_expense(ledger, day="2024-01-31"), make_expense(ledger, day="2024-03-01")
    months = get("months/", {"start": "2024-01-01", "end": "2024-12-31"})["months"]
    assert [(month["key"], month["total"], month["percentage"]) for month in months] == [
        ("2024-01-01", "10.00", "50.0"),
        ("2024-02-01", "0.00", "0.0"),
        ("2024-03-01", "10.00", "50.0"),
    ]


def test_matrix(get, august):
    found = get("matrix/", start="2024-07-31")
    food, july, eighth = str(august["Food"]), "2024-07-01", "2024-08-01"
    assert [row["key"] for row in found["rows"]] == [str(august["Rent"]), food]
    assert [(column["key"], column["total"]) for column in found["columns"]] == [
        (july, "25.00"),
        (eighth, "100.00"),
    ]
    assert found["cells"] == [
        {"row": str(august["Rent"]), "column": eighth, **RENT},
        {"row": food, "column": july, **figure("25.00", "25.00", "0.00", 1)},
        {"row": food, "column": eighth, **FOOD},
    ]
    assert (found["total"], found["start_date"]) == ("125.00", "2024-07-31")


def test_matrix_of_other_breakdowns(get, august):
    found = get("matrix/", rows="weekday", columns="payee")
    assert [cell["row"] + cell["column"] for cell in found["cells"]] == ["1Landlord", "1Bakery", "1"]


def test_compare(get, august):
    found = get("compare/")
    assert found == ABOUT | {
        "earlier_start_date": "2024-07-01",
        "earlier_end_date": "2024-07-31",
        "total": "100.00",
        "earlier_total": "32.00",
        "change": "68.00",
        "change_percentage": "212.5",
        "categories": [
            of_category(august, name)
            | {"total": now, "earlier_total": before, "change": change, "change_percentage": share}
            for name, now, before, change, share in [
                ("Rent", "80.00", "0.00", "80.00", None),
                ("Other", "0.00", "7.00", "-7.00", "-100.0"),
                ("Food", "20.00", "25.00", "-5.00", "-20.0"),
            ]
        ],
    }


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ({"with": "last-year"}, "2023-08-01", "2023-08-31"),
        ({"with_start": "2024-07-02", "with_end": "2024-07-30"}, "2024-07-02", "2024-07-30"),
    ],
)
def test_compare_with_something_else(get, august, asked, start, end):
    found = get("compare/", **asked)
    assert (found["earlier_start_date"], found["earlier_end_date"]) == (start, end)


def test_cumulative(get, august):
    found = get(
        "cumulative/",
        {"start": "2024-08-04", "end": "2024-08-05"},
        with_start="2024-07-31",
        with_end="2024-08-02",
    )
    assert found == ABOUT | {"start_date": "2024-08-04", "end_date": "2024-08-05"} | {
        "earlier_start_date": "2024-07-31",
        "earlier_end_date": "2024-08-02",
        "days": [
            {"day": n, "date": day, "total": total, "earlier_date": before, "earlier_total": "25.00"}
            for n, day, total, before in [
                (1, "2024-08-04", "0.00", "2024-07-31"),
                (2, "2024-08-05", "110.00", "2024-08-01"),
                (3, None, None, "2024-08-02"),
            ]
        ],
    }


def test_summary(get, august, ledger):
    rows = Expense.objects.in_ledger(ledger).filter(date__month=8).order_by("-amount")
    largest = [
        {
            "id": row.pk,
            "date": row.date.isoformat(),
            "amount": f"{row.amount:.2f}",
            "category": row.category.name,
            "payee": row.payee,
            "notes": "",
        }
        for row in rows
    ]
    means = {"days": 31, "per_day": "3.23", "per_week": "22.58", "per_month": "100.00", "median": "55.00"}
    assert get("summary/") == ABOUT | WHOLE | means | {"largest": largest}


@pytest.mark.shared
def test_the_first_five_days_of_the_sample(get, ledger, shared):
    with open(shared / "data" / "sample-expenses-2024.csv", newline="") as file:
        for row in csv.DictReader(file):
            make_expense(ledger, row["amount"], row["category"], row["date"], notes=row["notes"])
    found = get("categories/", {"start": "2024-08-01", "end": "2024-08-05"})
    assert found["total"] == "4987.00"
    assert [(row["name"], row["total"], row["percentage"], row["count"]) for row in found["categories"]] == [
        ("Rent", "2777.00", "55.7", 3),
        ("Food", "1225.00", "24.6", 7),
        ("Shopping", "670.00", "13.4", 5),
        ("Entertainment", "225.00", "4.5", 4),
        ("Other", "90.00", "1.8", 4),
    ]


@pytest.mark.parametrize(("currency", "total"), [("JPY", "10"), ("EUR", "10.00"), ("TND", "10.000")])
def test_figures_have_the_decimals_of_the_currency(api, alice, currency, total):
    ledger = make_ledger(alice, currency=currency)
    make_expense(ledger, day="2024-08-01", spread_months=3)
    base = f"/api/v1/ledgers/{ledger.pk}/analytics/"
    paid, spread = (
        api.get(f"{base}summary/", {"start": "2024-08-01", "end": "2024-10-31", "basis": basis}).json()
        for basis in ("paid", "spread")
    )
    assert (paid["currency"], paid["total"], paid["median"]) == (currency, total, total)
    parts = {"JPY": ["4", "3", "3"], "EUR": ["3.34", "3.33", "3.33"], "TND": ["3.334", "3.333", "3.333"]}
    assert (spread["total"], spread["basis"]) == (total, "spread")
    assert [row["amount"] for row in spread["largest"]] == parts[currency]
