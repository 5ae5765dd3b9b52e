"""The pages on which categories are merged, split and archived: look, then confirm what was seen."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_rule, share
from expenses.tests.pages import Page, in_production

pytestmark = pytest.mark.django_db


def named(ledger, name) -> Category:
    return Category.objects.get(ledger=ledger, name=name)


def address(ledger, verb, name="Food"):
    return reverse(f"category_{verb}", args=[ledger.pk, named(ledger, name).pk])


@pytest.fixture
def book(ledger):
    """Food with Bakery beneath it; three expenses in Food, one in Bakery."""
    Category.objects.create(ledger=ledger, name="Bakery", parent=named(ledger, "Food"), position=9)
    make_expense(ledger, "10", "Food", payee="Corner shop", notes="milk")
    make_expense(ledger, "-3", "Food", payee="Corner shop")
    make_expense(ledger, "5", "Food", payee="Market", day="2024-09-01")
    make_expense(ledger, "4", "Bakery", payee="Corner shop")
    make_rule(ledger, category="Food")
    return ledger


def looked(browser, ledger, verb, name="Food", **data) -> Page:
    return Page(browser.post(address(ledger, verb, name), data))


def confirmed(browser, ledger, verb, shown: Page, name="Food"):
    return browser.post(address(ledger, verb, name), shown.form("reorganise").data)


def merge_into(ledger, name="Shopping", **data):
    return {"into": named(ledger, name).pk, "keep_name": "on"} | data


def test_a_merge_is_chosen_looked_at_and_confirmed(browser, book):
    form = Page(browser.get(address(book, "merge"))).form("reorganise")
    assert form.options["into"][1:] == [
        str(named(book, name).pk) for name in ("Rent", "Bakery", "Shopping", "Entertainment", "Other")
    ]
    shown = looked(browser, book, "merge", **merge_into(book))
    assert shown.text("h1") == "Merge “Food” into “Shopping”?"
    assert shown.text("figure-line") == "3 expenses · €12.00 Look at exactly these"
    assert Category.objects.filter(name="Food").exists()
    response = confirmed(browser, book, "merge", shown)
    assert response["Location"] == reverse("categories", args=[book.pk])
    after = Page(browser.get(response["Location"]))
    assert after.text("messages").endswith("“Food” was merged into “Shopping”. Undo")
    shopping = named(book, "Shopping")
    assert (shopping.aliases, shopping.expenses.count(), named(book, "Bakery").parent) == (
        ["food"],
        3,
        shopping,
    )


def test_a_merge_keeps_the_name_only_where_that_is_ticked(browser, book):
    shown = looked(browser, book, "merge", into=named(book, "Shopping").pk)
    confirmed(browser, book, "merge", shown)
    assert named(book, "Shopping").aliases == []


def test_the_offer_to_undo_gives_everything_back(alice, book, as_user):
    browser = as_user(alice)
    confirmed(browser, book, "merge", looked(browser, book, "merge", **merge_into(book)))
    page = browser.get(reverse("categories", args=[book.pk])).content.decode()
    [offer] = re.findall(r'href="(/ledgers/[0-9]+/history/[0-9]+/)"', page)
    browser.post(offer)
    food = named(book, "Food")
    assert (food.expenses.count(), food.rules.count(), named(book, "Bakery").parent) == (3, 1, food)
    assert named(book, "Shopping").aliases == []


def test_rows_that_change_meanwhile_are_shown_again_and_nothing_is_done(browser, book):
    shown = looked(browser, book, "merge", **merge_into(book))
    make_expense(book, "100", "Food")
    response = confirmed(browser, book, "merge", shown)
    again = Page(response)
    assert (response.status_code, again.text("figure-line")[:20]) == (409, "4 expenses · €112.00")
    assert again.text("box").startswith("Something here has changed in the meantime")
    assert Category.objects.filter(name="Food").exists()
    assert confirmed(browser, book, "merge", again).status_code == 302
    assert named(book, "Shopping").expenses.count() == 4


@pytest.mark.parametrize(
    ("into", "message"), [("", "This field is required."), ("Food", "This ledger has no such category.")]
)
def test_a_merge_into_nothing_or_itself_is_refused(browser, book, into, message):
    response = browser.post(address(book, "merge"), {"into": into and named(book, into).pk})
    assert (response.status_code, Page(response).text("id_into_error")) == (422, message)
    assert named(book, "Food").expenses.count() == 3


def test_a_main_category_is_not_merged_into_its_own(browser, book):
    response = browser.post(address(book, "merge"), merge_into(book, "Bakery"))
    message = "“Bakery” is part of “Food”. Merge it the other way round."
    assert (response.status_code, Page(response).text("id_into_error")) == (422, message)


def test_a_split_moves_exactly_what_its_page_and_its_list_show(browser, book):
    asked = {"payee_contains": "corner", "amount_min": "0", "name": "Snacks", "as_part": "on"}
    response = browser.post(address(book, "split"), asked)
    shown = Page(response)
    assert shown.text("h1") == "Move these from “Food” to “Snacks”?"
    assert shown.text("samples") == "08/01/2024 Corner shop milk €10.00"
    link = (
        response.content.decode().partition("/expenses/?category=")[2].partition('"')[0].replace("&amp;", "&")
    )
    everything = browser.get(f"{reverse('expenses', args=[book.pk])}?category={link}").context["totals"]
    assert (everything["count"], everything["spent"]) == (1, 10)
    assert confirmed(browser, book, "split", shown).status_code == 302
    snacks = named(book, "Snacks")
    assert ([each.amount for each in snacks.expenses.all()], snacks.parent) == ([10], named(book, "Food"))
    assert Page(browser.get(reverse("categories", args=[book.pk]))).said == "1 expense was moved to “Snacks”."


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"name": "New"}, "Say which expenses: fill in at least one field."),
        ({"name": "New", "text": "nothing like it"}, "“Food” has no such expense."),
        ({"name": "New", "amount_min": "x"}, "Nothing was moved. See below."),
        ({"text": "milk"}, "Choose a category, or write the name of a new one."),
        ({"text": "milk", "name": "rent"}, "This ledger has a category of that name already."),
    ],
)
def test_a_split_that_says_too_little_is_refused_and_what_was_typed_is_kept(browser, book, said, message):
    response = browser.post(address(book, "split"), said)
    page = Page(response)
    assert response.status_code == 422
    assert message in page.text("error")
    assert {name: page.form("reorganise").data[name] for name in said} == said
    assert (Category.objects.count(), named(book, "Food").expenses.count()) == (6, 3)


def test_archiving_shows_what_it_is_about_and_moves_nothing(browser, book):
    shown = looked(browser, book, "archive", archived="yes")
    assert shown.text("figure-line") == "4 expenses · €16.00 Look at exactly these"
    assert not Category.objects.filter(archived=True).exists()
    confirmed(browser, book, "archive", shown)
    assert set(Category.objects.filter(archived=True).values_list("name", flat=True)) == {"Food", "Bakery"}
    assert list(Expense.objects.order_by("pk").values_list("category__name", flat=True)) == ["Food"] * 3 + [
        "Bakery"
    ]


@pytest.mark.parametrize("verb", ["merge", "split"])
def test_a_viewer_is_refused(book, bob, as_user, verb):
    share(book, bob, "viewer")
    browser = as_user(bob)
    answers = [browser.get(address(book, verb)), browser.post(address(book, verb), merge_into(book))]
    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.parametrize("verb", ["merge", "split"])
def test_pages_cost_the_same_queries_whatever_the_number_of_rows(browser, book, verb):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert browser.post(address(book, verb), merge_into(book, text="corner")).status_code == 200
        return len(in_production(queries))

    before = cost()
    for number in range(3):
        make_expense(book, "1", "Food", payee="Corner shop")
        Category.objects.create(ledger=book, name=f"Part {number}", parent=named(book, "Food"))
        make_rule(book, category="Food")
    assert cost() == before


def test_the_page_of_categories_costs_the_same_queries_whatever_the_number_of_rows(browser, book):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("categories", args=[book.pk]))
        return len(in_production(queries))

    before = cost()
    for number in range(3):
        Category.objects.create(ledger=book, name=f"Part {number}", parent=named(book, "Food"))
    assert cost() == before
