"""The analytics page where categories have subcategories, and expenses tags."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import override_settings

from analytics import shown
from analytics.tests.test_views import MAY_TO_AUGUST, category, figures, listed, page
from database.tests.statements import recorded_statements
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense

pytestmark = pytest.mark.django_db

OVERLAP = "An expense with several tags counts in each of them"
ROWS = [
    ("100", "Food", "2024-07-03", ["trip"], 1),
    ("40.25", "Bread", "2024-07-31", ["trip", "work"], 1),
    ("-3", "Bread", "2024-08-19", [], 1),
    ("60", "Wine", "2024-05-12", ["treat"], 6),
    ("20", "Rent", "2024-06-06", [], 1),
    ("-25", "Rent", "2024-06-07", ["work"], 1),
]


@pytest.fixture
def family(ledger):
    """A ledger in which bread and wine are part of food."""
    for name in ("Bread", "Wine"):
        Category.objects.create(ledger=ledger, name=name, parent=category(ledger, "Food"))
    for amount, name, day, tags, months in ROWS:
        make_expense(ledger, amount, name, day, tags=tags, spread_months=months)
    return ledger


def asking(family, text: str) -> str:
    """A query in which names of categories stand for their ids."""
    return re.sub(r"<(\w+)>", lambda match: str(category(family, match[1]).pk), f"{MAY_TO_AUGUST}&{text}")


@pytest.mark.parametrize("kept", [True, False], ids=["totals", "rows"])
@pytest.mark.parametrize(
    "query",
    [
        "by=category",
        "by=category&without=<Bread>",
        "by=category&basis=spread",
        "by=main_category&category=<Bread>&category=<Rent>",
        "by=main_category&without=<Wine>&tag=trip",
        "by=tag&basis=spread",
        "by=tag&tag=trip",
        "view=table",
        "view=table&rows=tag",
        "view=table&rows=main_category&columns=tag",
        "view=table&rows=category&columns=main_category&category=<Bread>&category=<Wine>",
        "view=table&rows=main_category&columns=category",
        "view=comparison",
    ],
)
def test_every_figure_leads_to_rows_with_that_sum(browser, family, query, kept):
    with override_settings(ROLLUPS=kept):
        found = set(figures(page(browser, family, asking(family, query))))
    assert len(found) >= 2
    assert {(url, listed(browser, url)) for url, _amount in found} == found


def test_subcategories_stand_beneath_the_total_of_their_main_category(browser, family):
    context = page(browser, family).context
    lines = [(line.level, line.name, line.figure.total, line.percentage) for line in context["lines"].lines]
    assert lines == [
        ("main", "Food", Decimal("197.25"), Decimal("100.0")),
        ("sub", "Food itself", Decimal(100), Decimal("50.7")),
        ("sub", "Wine", Decimal(60), Decimal("30.4")),
        ("sub", "Bread", Decimal("37.25"), Decimal("18.9")),
        ("", "Rent", Decimal(-5), Decimal("0.0")),
    ]
    assert (context["lines"].count, context["whole"].total) == (4, Decimal("192.25"))


def test_a_long_list_is_cut_after_so_many_parts(browser, family, monkeypatch):
    monkeypatch.setattr(shown, "MOST_LINES", 2)
    lines = page(browser, family).context["lines"].lines
    assert [(line.name, line.hidden) for line in lines] == [
        ("Food", 0),
        ("Food itself", 0),
        ("Wine", 0),
        ("", 2),
    ]
    assert lines[-1].figure.total == Decimal("32.25")


def test_a_main_category_is_left_out_with_its_subcategories(browser, family):
    text = page(browser, family).content.decode()
    food = category(family, "Food")
    (leave_out,) = re.findall(rf'<a class="leave-out" id="category-{food.pk}" href="\?([^"]*)"', text)
    context = page(browser, family, unescape(leave_out)).context
    assert [line.name for line in context["lines"].lines] == ["Rent"]
    assert [row.name for row, _others in context["left_out"]] == ["Food"]


def test_main_categories_are_offered_where_there_are_subcategories(browser, family):
    assert 'id="by-main_category"' in page(browser, family).content.decode()
    Category.objects.update(parent=None)
    assert 'id="by-main_category"' not in page(browser, family).content.decode()


def test_tags_overlap_and_the_page_says_so(browser, family):
    response = page(browser, family, f"{MAY_TO_AUGUST}&by=tag")
    lines = [(line.name, line.figure.total, line.percentage) for line in response.context["lines"].lines]
    assert lines == [
        ("#trip", Decimal("140.25"), Decimal("73.0")),
        ("#treat", Decimal(60), Decimal("31.2")),
        ("No tag", Decimal(17), Decimal("8.8")),
        ("#work", Decimal("15.25"), Decimal("7.9")),
    ]
    assert response.context["whole"].total == Decimal("192.25")
    text = response.content.decode()
    assert (OVERLAP in text, 'data-chart="bars"' in text, "What has more refunds" in text) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize(
    ("query", "chart", "says"),
    [("rows=tag", "grouped", True), ("columns=tag", "stacked", True), ("", "stacked", False)],
)
def test_what_overlaps_is_not_drawn_on_top_of_each_other(browser, family, query, chart, says):
    text = page(browser, family, f"{MAY_TO_AUGUST}&view=table&{query}").content.decode()
    assert (f'data-chart="{chart}"' in text, OVERLAP in text) == (True, says)


def test_a_column_of_no_tag_sorts_only_when_it_is_asked_to(browser, family):
    plain, sorted_by_it = (
        page(browser, family, f"{MAY_TO_AUGUST}&view=table&columns=tag&sort={sort}") for sort in ("", "-")
    )
    names = [[line.name for line in answer.context["grid"].lines] for answer in (plain, sorted_by_it)]
    assert names == [["Food itself", "Wine", "Bread", "Rent"], ["Rent", "Food itself", "Wine", "Bread"]]
    assert ["aria-sort" in answer.content.decode() for answer in (plain, sorted_by_it)] == [False, True]


@pytest.mark.parametrize("view", ["by=tag", "view=table&rows=tag"])
def test_the_rest_of_many_tags_counts_every_expense_once(browser, family, monkeypatch, view):
    monkeypatch.setattr(shown, "MOST_LINES", 1)
    context = page(browser, family, f"{MAY_TO_AUGUST}&{view}").context
    first, rest = context["grid" if "table" in view else "lines"].lines
    assert (first.name, rest.hidden, rest.figure.total) == ("#trip", 3, Decimal("92.25"))
    assert [cell.total for cell in rest.cells] == (
        [Decimal(60), Decimal(-5), Decimal("40.25"), Decimal(-3)] if "table" in view else []
    )


def test_tags_are_a_filter_that_is_shown_when_it_is_used(browser, family):
    response = page(browser, family, f"{MAY_TO_AUGUST}&tag=%23Trip+work&without_tags=false")
    assert (response.context["whole"].total, response.context["filtered"]) == (Decimal("40.25"), 2)
    text = response.content.decode()
    assert re.search(r'<input[^>]*name="tag"[^>]*value="#Trip work"', text)
    assert '<option value="false" selected>With tags</option>' in text
    refused = page(browser, family, f"{MAY_TO_AUGUST}&tag=a.b")
    assert (refused.status_code, "“a.b” cannot be a tag." in refused.content.decode()) == (400, True)


def test_a_receipt_is_kept_by_the_form_of_filters(browser, family):
    receipt = "6f1c3f2e-0f5b-4a57-9a39-6a2f1f2c9b11"
    Expense.objects.filter(amount=100).update(receipt=receipt)
    context = page(browser, family, f"{MAY_TO_AUGUST}&receipt={receipt}").context
    assert (context["whole"].total, context["filtered"]) == (Decimal(100), 1)
    assert ("receipt", receipt) in context["besides"]["filters"]


@pytest.mark.parametrize("view", ["by=tag", "by=main_category", "view=table&rows=tag"])
def test_the_page_costs_the_same_statements_whatever_the_rows(browser, ledger, view):
    counts = []
    for n in range(3):
        name = ["Food", "Rent", "Other"][n]
        make_expense(ledger, "1", name, f"2024-0{6 + n}-10", tags=[f"tag{n}", "work"])
        Category.objects.create(ledger=ledger, name=f"Part {n}", parent=category(ledger, name))
        with recorded_statements() as statements:
            assert page(browser, ledger, f"{MAY_TO_AUGUST}&{view}").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[2] <= 13
