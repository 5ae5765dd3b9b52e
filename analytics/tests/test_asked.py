"""What the address of the analytics page asks for: words, typed dates, and what makes no sense."""

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from analytics.tests.test_views import page
from expenses.models import Category
from expenses.tests.factories import make_expense

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2024, 8, 20))


@pytest.fixture
def filled(ledger):
    make_expense(ledger, "12.5", day="2024-08-20")
    make_expense(ledger, "40", day="2024-07-20")
    return ledger


def test_without_dates_it_is_this_month(browser, filled):
    chosen = page(browser, filled, "").context["range"]
    assert (chosen.start, chosen.end, chosen.preset) == (date(2024, 8, 1), date(2024, 8, 31), "this-month")


@pytest.mark.parametrize("words", ["start=month-1&end=today", "range=last-month"])
def test_words_stay_words_in_links_and_forms(browser, filled, words):
    response = page(browser, filled, f"{words}&view=table")
    links = re.findall(r'href="(\?[^"]*)"', response.content.decode())
    kept = [unescape(link) for link in links if "range=" not in link or words in unescape(link)]
    assert len(kept) > 8
    assert all(words in link for link in kept)
    for form in ("filters", "table", "comparison"):
        sent = response.context["besides"][form]
        assert [f"{name}={value}" for name, value in sent][: words.count("=")] == words.split("&")


def test_dates_that_are_typed_take_the_place_of_words(browser, filled):
    response = page(
        browser,
        filled,
        "range=last-month&view=table&without=" + str(Category.objects.get(ledger=filled, name="Food").pk),
    )
    assert response.context["besides"]["range"] == [
        ("view", "table"),
        ("without", str(Category.objects.get(ledger=filled, name="Food").pk)),
    ]
    assert 'id="id_start" value="2024-07-01"' in response.content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("start=2024-08-02&end=2024-08-01", "The last date lies before the first one."),
        ("start=2024-13-01&end=today", "Write a date as YYYY-MM-DD."),
        ("start=2024-08-01", "This field is required."),
        ("amount_min=lots", "Write an amount such as"),
        ("category=999999999", "Select a valid choice."),
        ("basis=guessed", "<code>basis</code>: Select a valid choice."),
        ("range=someday", "<code>range</code>: Select a valid choice."),
        ("view=pie", "<code>view</code>: Select a valid choice."),
        ("by=mood", "<code>by</code>: Select a valid choice."),
        ("view=table&rows=month", "Choose something else than the rows."),
        ("view=comparison&with_start=2024-01-01", "A range has two ends."),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_was_typed(browser, filled, query, said):
    response = page(browser, filled, f"{query}&text=bread")
    assert (response.status_code, said in response.content.decode()) == (400, True)
    typed = parse_qs(query)
    values = set(re.findall(r'value="([^"]*)"', response.content.decode()))
    assert {
        "bread",
        *(value for name in ("start", "end", "amount_min") for value in typed.get(name, ())),
    } <= values | {"today"}
