from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expenses.models import Category, Favourite
from expenses.tests.factories import make_favourite, make_ledger, share
from expenses.tests.pages import Page, in_production

pytestmark = pytest.mark.django_db


def stored(ledger):
    rows = Favourite.objects.in_ledger(ledger)
    return list(rows.values_list("name", "amount", "category__name", "payee", "notes", "tags"))


def page(browser, ledger):
    return Page(browser.get(reverse("favourites", args=[ledger.pk])))


def sent(browser, form, prefix, **data):
    data = {f"{prefix}-{name}": value for name, value in data.items()}
    return browser.post(form.attributes["action"], form.data | data)


def food(ledger):
    return Category.objects.get(ledger=ledger, name="Food").pk


def test_a_row_is_added_behind_the_others_with_the_tags_among_its_notes(browser, ledger):
    make_favourite(ledger)
    form = page(browser, ledger).form("new")
    values = {"amount": "2*1.60", "category": food(ledger), "payee": "Canteen", "notes": "two #Work"}
    response = sent(browser, form, "new", name="  Coffee  for two ", **values)
    assert response["Location"] == reverse("favourites", args=[ledger.pk])
    assert stored(ledger)[1] == ("Coffee for two", Decimal("3.2"), "Food", "Canteen", "two", ["work"])
    assert page(browser, ledger).said == "Favourite “Coffee for two” added."


def test_without_an_amount_it_is_asked_for_each_time(browser, ledger):
    form = page(browser, ledger).form("new")
    sent(browser, form, "new", name="Coffee", category=food(ledger))
    assert stored(ledger) == [("Coffee", None, "Food", "", "", [])]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "  ", "This field is required."),
        ("name", "a\0b", "Null characters are not allowed."),
        ("amount", "0", "An amount cannot be zero."),
        ("amount", "2*", "This cannot be reckoned. Write a sum such as 12+3*2."),
        ("category", "", "Choose a category."),
        ("category", "0", "This ledger has no such category."),
        ("notes", "x" * 1001, "Ensure this value has at most 1000 characters (it has 1001)."),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(browser, ledger, field, value, message):
    typed = {"name": "Coffee", "amount": "3.20", "category": food(ledger), "payee": "Canteen", field: value}
    response = sent(browser, page(browser, ledger).form("new"), "new", **typed)
    assert (response.status_code, stored(ledger)) == (422, [])
    form = response.context["new"]
    assert form.errors == {field: [message]}
    assert form["payee"].value() == "Canteen"


def test_a_row_is_changed_moved_and_deleted(browser, ledger):
    coffee, bread = make_favourite(ledger), make_favourite(ledger, "Bread")
    form = page(browser, ledger).form(f"/favourites/{coffee.pk}/")
    sent(browser, form, f"favourite-{coffee.pk}", amount="4")
    browser.post(reverse("favourite_move", args=[ledger.pk, bread.pk]), {"direction": "up"})
    assert [(name, amount) for name, amount, *_rest in stored(ledger)] == [
        ("Bread", Decimal("3.2")),
        ("Coffee", Decimal(4)),
    ]
    browser.post(reverse("favourite_delete", args=[ledger.pk, bread.pk]))
    assert [name for name, *_rest in stored(ledger)] == ["Coffee"]


def test_one_that_somebody_changed_meanwhile_is_not_overwritten(browser, ledger):
    coffee = make_favourite(ledger, payee="Canteen")
    form = page(browser, ledger).form(f"/favourites/{coffee.pk}/")
    Favourite.objects.update(amount=5)
    response = sent(browser, form, f"favourite-{coffee.pk}", name="Tea")
    assert (response.status_code, [name for name, *_rest in stored(ledger)]) == (422, ["Coffee"])
    assert "It is now: Coffee · 5.00 · Food · Canteen." in response.content.decode()


def test_an_archived_category_is_kept_but_not_given(browser, ledger):
    coffee = make_favourite(ledger)
    Category.objects.filter(name__in=["Food", "Rent"]).update(archived=True)
    form = page(browser, ledger).form(f"/favourites/{coffee.pk}/")
    assert sent(browser, form, f"favourite-{coffee.pk}", amount="4").status_code == 302
    form = page(browser, ledger).form(f"/favourites/{coffee.pk}/")
    rent = Category.objects.get(name="Rent").pk
    assert sent(browser, form, f"favourite-{coffee.pk}", category=rent).status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_queries_whatever_the_number_of_rows(browser, ledger, rows):
    for _row in range(rows):
        make_favourite(ledger)
    with CaptureQueriesContext(connection) as queries:
        page(browser, ledger)
    assert len(in_production(queries)) == 5


def test_a_viewer_looks_and_a_stranger_finds_nothing(as_user, bob, charlie, ledger):
    coffee = make_favourite(ledger)
    make_favourite(make_ledger(charlie), "Secret")
    share(ledger, bob, "viewer")
    assert "Coffee" in as_user(bob).get(reverse("favourites", args=[ledger.pk])).content.decode()
    assert as_user(bob).post(reverse("favourite_delete", args=[ledger.pk, coffee.pk])).status_code == 403
    assert as_user(charlie).get(reverse("favourites", args=[ledger.pk])).status_code == 404
    assert len(stored(ledger)) == 1


def test_rows_of_one_name_belong_together_in_their_order(ledger):
    for name in ("Coffee", "Bread", "Coffee"):
        make_favourite(ledger, name)
    sets = Favourite.objects.in_ledger(ledger).sets()
    assert {name: [row.position for row in rows] for name, rows in sets.items()} == {
        "Coffee": [0, 2],
        "Bread": [1],
    }
