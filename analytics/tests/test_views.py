"""The analytics page: every figure on it opens the list of exactly the rows that make it."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from database.tests.statements import recorded_statements
from expenses.models import Category
from expenses.tests.factories import make_expense, make_ledger

pytestmark = pytest.mark.django_db

RANGE = {"start_date": "2024-07-03", "end_date": "2024-08-20"}
ROWS = [
    ("1227", "Rent", "2024-07-03"),
    ("1227", "Rent", "2024-08-01"),
    ("40.25", "Food", "2024-07-31"),
    ("12.5", "Food", "2024-08-20"),
    ("9.99", "Shopping", "2024-08-05"),
    ("-15", "Shopping", "2024-08-06"),
]
OUTSIDE = [("500", "Food", "2024-07-02"), ("500", "Food", "2024-08-21")]


class Links(HTMLParser):
    """The links of a page that show a figure: (what they show, where they lead)."""

    def __init__(self, response):
        super().__init__()
        self.figures, self._open = [], None
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href", "") if tag == "a" else ""
        self._open = href if "date_after=" in href else None

    def handle_data(self, data):
        if self._open:
            self.figures.append((Decimal(re.sub(r"[€,]", "", data)), self._open))

    def handle_endtag(self, tag):
        self._open = None


@pytest.fixture
def two_months(ledger):
    for amount, category, day in ROWS + OUTSIDE:
        make_expense(ledger, amount, category, day)
    return ledger


def page(browser, ledger, query=RANGE):
    return browser.get(reverse("analytics", args=[ledger.pk]), query)


def listed(browser, url) -> Decimal:
    return browser.get(url).context["totals"]["spent"]


def test_every_figure_leads_to_a_list_with_that_total(browser, two_months):
    figures = Links(page(browser, two_months)).figures
    # The heading, three categories and their total, two months with three categories less one that is empty, and
    # the totals to their right and below.
    assert len(figures) == 1 + 4 + 5 + 2 + 4
    assert [shown for shown, _url in figures] == [listed(browser, url) for _shown, url in figures]


def test_every_bar_and_segment_leads_to_a_list_with_its_total(browser, two_months):
    context = page(browser, two_months).context
    months, categories = context["month_figures"], context["category_figures"]["categories"]
    drawn = [*months["months"], *categories, *(point for row in months["series"] for point in row["points"])]
    assert [Decimal(part["total"]) for part in drawn] == [listed(browser, part["url"]) for part in drawn]
    assert {
        row["name"]: [(at["month"], at["total"]) for at in row["points"]] for row in months["series"]
    } == {
        "Rent": [(0, "1227.00"), (1, "1227.00")],
        "Food": [(0, "40.25"), (1, "12.50")],
        "Shopping": [(1, "-5.01")],
    }


def test_a_segment_is_one_category_within_the_month_and_the_range(browser, two_months):
    food = Category.objects.get(ledger=two_months, name="Food")
    series = page(browser, two_months).context["month_figures"]["series"]
    urls = [point["url"] for row in series if row["id"] == food.pk for point in row["points"]]
    rows = reverse("expenses", args=[two_months.pk])
    assert urls == [
        f"{rows}?date_after=2024-07-03&date_before=2024-07-31&category={food.pk}",
        f"{rows}?date_after=2024-08-01&date_before=2024-08-20&category={food.pk}",
    ]


def test_months_are_those_of_the_ledger(browser, alice):
    ledger = make_ledger(alice, "Payday", month_start_day=15)
    make_expense(ledger, "10", day="2024-08-14")
    make_expense(ledger, "20", day="2024-08-15")
    shown = page(browser, ledger, {"start_date": "2024-07-20", "end_date": "2024-08-31"}).context
    urls = [point["url"] for row in shown["month_figures"]["series"] for point in row["points"]]
    assert [re.findall(r"2024-\d\d-\d\d", url) for url in urls] == [
        ["2024-07-20", "2024-08-14"],
        ["2024-08-15", "2024-08-31"],
    ]
    assert [listed(browser, url) for url in urls] == [Decimal(10), Decimal(20)]


def test_the_table_of_months_has_the_categories_in_the_order_of_theirs(browser, two_months):
    context = page(browser, two_months).context
    assert [row.category.name for row, _link in context["rows"]] == ["Rent", "Food", "Shopping"]
    assert [
        (str(month.start), [cell and cell.total for cell in cells], month.total)
        for month, _link, cells in context["months"]
    ] == [
        ("2024-07-01", [Decimal(1227), Decimal("40.25"), None], Decimal("1267.25")),
        ("2024-08-01", [Decimal(1227), Decimal("12.5"), Decimal("-5.01")], Decimal("1234.49")),
    ]


def test_a_category_that_comes_to_nothing_is_a_figure_too(browser, ledger):
    make_expense(ledger, "10")
    make_expense(ledger, "-10")
    figures = Links(page(browser, ledger)).figures
    assert {shown for shown, _url in figures} == {Decimal(0)}
    assert len(figures) == 1 + 2 + 1 + 1 + 2


def test_the_shares_add_up_and_stand_on_the_page(browser, two_months):
    response = page(browser, two_months)
    shares = [row.percentage for row, _link in response.context["rows"]]
    assert (shares, response.context["whole"]) == ([Decimal("97.9"), Decimal("2.1"), Decimal(0)], 100)
    assert re.findall(r"([\d.]+)%", response.content.decode()) == ["97.9", "2.1", "0.0", "100.0"]
    assert "Categories with more refunds than spending have no share" in response.content.decode()


def test_an_empty_range_offers_a_way_on(browser, ledger):
    response = page(browser, ledger)
    assert "Nothing was spent in this range." in response.content.decode()
    assert [shown for shown, _url in Links(response).figures] == [Decimal(0)]


def test_a_range_that_makes_no_sense_is_refused(browser, ledger):
    response = page(browser, ledger, {"start_date": "2024-08-02", "end_date": "2024-08-01"})
    assert (response.status_code, response.context["range"]) == (400, None)


def test_the_page_costs_the_same_statements_whatever_the_rows(browser, ledger):
    counts = []
    for n in range(3):
        make_expense(ledger, "1", ["Food", "Rent", "Other"][n], f"2024-0{7 + n % 2}-10")
        with recorded_statements() as statements:
            assert page(browser, ledger).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[2] <= 8
