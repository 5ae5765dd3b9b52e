from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from expenses.models import Category, Expense, Favourite
from expenses.tests.factories import make_expense, make_favourite
from expenses.tests.pages import Page

pytestmark = pytest.mark.django_db

DAY = "2024-08-01"


@pytest.fixture
def url(ledger):
    return reverse("day", args=[ledger.pk, date.fromisoformat(DAY)])


@pytest.fixture
def rows(ledger):
    """Two rows as the grid sends them, the second without an amount."""
    food = Category.objects.get(ledger=ledger, name="Food").pk
    cells = [
        {"amount": "2*1.60", "category": food, "payee": "Canteen", "notes": "coffee #Work"},
        {"amount": "", "category": food, "payee": "Bakery", "notes": ""},
    ]
    data = {f"row-{index}-{name}": value for index, row in enumerate(cells) for name, value in row.items()}
    return data | {"row-TOTAL_FORMS": 2, "row-INITIAL_FORMS": 0, "favourite": "yes"}


def stored(ledger):
    names = ("name", "position", "amount", "category__name", "payee", "notes", "tags")
    return list(Favourite.objects.in_ledger(ledger).values_list(*names))


def test_one_row_is_kept_and_nothing_of_the_day_is_saved(browser, ledger, url, rows):
    make_favourite(ledger)
    rows |= {"favourite-name": " Coffee  at work ", "favourite-row": "0"}
    answer = browser.post(url, rows, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.json()) == (200, {"said": "Kept as a favourite: 1 row."})
    kept = ("Coffee at work", 1, Decimal("3.2"), "Food", "Canteen", "coffee", ["work"])
    assert stored(ledger)[1:] == [kept]
    assert not Expense.objects.exists()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"favourite-name": " "}, "Give the favourite a name."),
        ({"row-TOTAL_FORMS": 5000}, "Give the favourite a name."),
        ({}, "Nothing was kept: please look at the amount and the category of the row."),
        ({"favourite-row": "7"}, "Write a row first."),
        ({"favourite-row": "0", "row-0-amount": "0"}, "Write a row first."),
        (
            {"favourite-row": "0", "favourite-name": "x" * 101},
            "Ensure this value has at most 100 characters (it has 101).",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(browser, ledger, url, rows, changes, problem):
    rows |= {"favourite-name": "Coffee"} | changes
    answer = browser.post(url, rows, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.json(), stored(ledger)) == (422, {"problem": problem}, [])


def test_without_scripts_the_page_comes_back_with_what_was_typed(browser, ledger, url, rows):
    rows |= {"favourite-name": "Breakfast", "row-1-amount": "4"}
    page = Page(browser.post(url, rows))
    assert page.said == "Kept as a favourite: 2 rows."
    assert len(stored(ledger)) == 2
    assert [page.form("day-form").data[f"row-{index}-payee"] for index in (0, 1)] == ["Canteen", "Bakery"]


def test_a_favourite_is_put_in_as_rows_that_nothing_has_saved(browser, ledger, url):
    make_expense(ledger, day=DAY)
    make_favourite(ledger, payee="Canteen", notes="coffee", tags=["work"])
    make_favourite(ledger, amount=None, payee="Bakery")
    make_favourite(ledger, "Other")
    data = Page(browser.get(url, {"favourite": "Coffee"})).form("day-form").data
    found = [
        [data[f"row-{index}-{name}"] for name in ("id", "amount", "payee", "notes")] for index in (1, 2, 3)
    ]
    assert found == [["", "3.20", "Canteen", "coffee #work"], ["", "", "Bakery", ""], ["", "", "", ""]]
    assert Expense.objects.count() == 1


def test_a_favourite_that_is_unknown_changes_nothing(browser, ledger, url):
    assert browser.get(url, {"favourite": "Nothing"}).status_code == 200
