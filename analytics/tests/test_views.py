"""The analytics page: every figure on it opens the list of exactly the rows that make it."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics import asking, queries, shown
from analytics.views import analytics as page_module
from database.tests.statements import recorded_statements
from expenses.models import Category
from expenses.tests.factories import make_expense, make_ledger

pytestmark = pytest.mark.django_db

FIGURE = re.compile(r'<a[^>]*? href="([^"]*/expenses/\?[^"]*)"[^>]*>([^<]*)</a>')
MAY_TO_AUGUST = "start=2024-05-10&end=2024-08-20"
ROWS = [
    ("1227", "Rent", "2024-07-03", "Landlord", 1),
    ("1200", "Rent", "2024-05-12", "Landlord", 12),
    ("40.25", "Food", "2024-07-31", "Bakery", 1),
    ("12.5", "Food", "2024-08-20", "", 1),
    ("-3", "Food", "2024-08-19", "Bakery", 1),
    ("-15", "Shopping", "2024-08-06", "Shop & Sons", 1),
    ("500", "Food", "2024-05-09", "Bakery", 1),
    ("500", "Food", "2024-08-21", "Bakery", 3),
    ("7", "Rent", "2024-03-02", "", 1),
]
VIEWS = [
    *(f"by={by}" for by in ("category", "payee", "weekday", "day", "week", "month", "year")),
    "view=table",
    "view=table&rows=payee&columns=weekday",
    "view=comparison",
    "view=comparison&with_start=2024-03-01&with_end=2024-05-31",
]


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2024, 8, 20))


@pytest.fixture
def filled(ledger):
    for amount, category, day, payee, months in ROWS:
        make_expense(ledger, amount, category, day, payee=payee, spread_months=months)
    return ledger


def page(browser, ledger, query=MAY_TO_AUGUST, **headers):
    return browser.get(f"{reverse('analytics', args=[ledger.pk])}?{query}", headers=headers)


def figures(response) -> list[tuple[str, Decimal]]:
    """Every figure of the page that is a link: where it leads, and what it says."""
    found = FIGURE.findall(response.content.decode())
    return [(unescape(url), Decimal(re.sub(r"[€,]", "", text))) for url, text in found]


def listed(browser, url) -> Decimal:
    return browser.get(url).context["totals"]["spent"]


def category(ledger, name) -> Category:
    return Category.objects.get(ledger=ledger, name=name)


@pytest.mark.parametrize(
    ("view", "basis"),
    [
        *((view, "paid") for view in VIEWS),
        *((view, "spread") for view in ("by=day", "by=payee", *VIEWS[-4:])),
    ],
)
def test_every_figure_leads_to_rows_with_that_sum(browser, filled, monkeypatch, view, basis):
    monkeypatch.setattr(shown, "MOST_POINTS", 3)
    shown_figures = set(figures(page(browser, filled, f"{MAY_TO_AUGUST}&basis={basis}&{view}")))
    assert len(shown_figures) >= 3
    assert {(url, listed(browser, url)) for url, _amount in shown_figures} == shown_figures


@pytest.mark.parametrize(
    "narrowed", ["text=b", "weekday=2&weekday=3", "amount_min=-10&amount_max=1000", "without_payee=true"]
)
def test_filters_narrow_the_figures_and_their_rows_alike(browser, filled, narrowed):
    response = page(browser, filled, f"{MAY_TO_AUGUST}&{narrowed}")
    found = figures(response)
    assert response.context["whole"].count < len(ROWS) - 3
    assert [listed(browser, url) for url, _amount in found] == [amount for _url, amount in found]


def test_the_figures_are_those_of_the_rows(browser, filled):
    context = page(browser, filled).context
    lines = [(line.name, line.figure.total, line.percentage) for line in context["lines"].lines]
    assert lines == [
        ("Rent", Decimal(2427), Decimal("98.0")),
        ("Food", Decimal("49.75"), Decimal("2.0")),
        ("Shopping", Decimal(-15), Decimal(0)),
    ]
    assert (context["whole"].gross, context["whole"].refunds) == (Decimal("2479.75"), Decimal(-18))
    assert (context["averages"].days, context["of_rows"]["median"]) == (103, Decimal("620.125"))
    assert context["of_rows"]["largest"].amount == Decimal(1227)


def test_what_has_more_refunds_than_spending_stays_with_a_share_of_nothing(browser, filled):
    text = page(browser, filled).content.decode()
    assert re.findall(r">([\d.]+)%<", text) == ["98.0", "2.0", "0.0", "100.0"]
    assert "What has more refunds than spending has no share" in text


def test_gross_and_refunds_stand_there_only_where_they_differ(browser, filled):
    with_refunds, without = (
        page(browser, filled, query).content.decode()
        for query in (MAY_TO_AUGUST, "start=2024-07-01&end=2024-07-31")
    )
    assert ["Refunds" in with_refunds, "Net" in with_refunds, "Refunds" in without, "Net" in without] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(("currency", "smallest"), [("JPY", "1"), ("EUR", "0.01"), ("TND", "0.001")])
def test_what_was_spent_and_what_came_back_lead_to_their_rows_in_german_too(
    browser, alice, currency, smallest
):
    ledger = make_ledger(alice, currency=currency)
    for amount in (smallest, f"-{smallest}", "5"):
        make_expense(ledger, amount)
    type(alice).objects.update(language="de")
    context = page(browser, ledger, "start=2024-08-01&end=2024-08-31").context
    links = [context[name] for name in ("whole_gross", "whole_refunds")]
    assert [listed(browser, url) for url in links] == [5 + Decimal(smallest), -Decimal(smallest)]


def test_a_category_that_is_left_out_can_be_brought_back(browser, filled):
    food = category(filled, "Food")
    first = page(browser, filled)
    leave_out = re.search(
        rf'<a class="leave-out" id="category-{food.pk}" href="([^"]*)"', first.content.decode()
    )[1]
    second = page(browser, filled, unescape(leave_out)[1:])
    assert [line.name for line in second.context["lines"].lines] == ["Rent", "Shopping"]
    assert second.context["whole"].total == first.context["whole"].total - Decimal("49.75")
    back = re.search(rf'<a id="category-{food.pk}" href="([^"]*)"', second.content.decode())[1]
    third = page(browser, filled, unescape(back)[1:])
    assert third.context["whole"] == first.context["whole"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Rent", "Food", "Shopping"]),
        ("name", ["Food", "Rent", "Shopping"]),
        ("-name", ["Shopping", "Rent", "Food"]),
        ("total", ["Shopping", "Food", "Rent"]),
        ("-2024-08-01", ["Food", "Rent", "Shopping"]),
        ("1999-01-01", ["Rent", "Food", "Shopping"]),
    ],
)
def test_the_table_is_sorted_by_what_is_asked(browser, filled, sort, names):
    grid = page(browser, filled, f"{MAY_TO_AUGUST}&view=table&sort={sort}").context["grid"]
    assert [line.name for line in grid.lines] == names


def test_the_table_has_totals_on_both_sides(browser, filled):
    grid = page(browser, filled, f"{MAY_TO_AUGUST}&view=table").context["grid"]
    cells = {line.name: [cell and cell.total for cell in line.cells] for line in grid.lines}
    assert cells == {
        "Rent": [Decimal(1200), None, Decimal(1227), None],
        "Food": [None, None, Decimal("40.25"), Decimal("9.5")],
        "Shopping": [None, None, None, Decimal(-15)],
    }
    assert [(column.key, column.figure.total) for column in grid.columns] == [
        ("2024-05-01", Decimal(1200)),
        ("2024-06-01", Decimal(0)),
        ("2024-07-01", Decimal("1267.25")),
        ("2024-08-01", Decimal("-5.5")),
    ]


def test_a_table_that_is_too_wide_is_refused_with_a_way_on(browser, filled, api, monkeypatch):
    monkeypatch.setattr(asking, "MOST_COLUMNS", 3)
    response = page(browser, filled, f"{MAY_TO_AUGUST}&view=table")
    sentence = "That makes 4 columns, and 3 are the most. Choose a longer unit or less time."
    assert (response.status_code, sentence in response.content.decode()) == (400, True)
    answer = api.get(f"{reverse('api_analytics_matrix', args=[filled.pk])}?{MAY_TO_AUGUST}")
    assert (answer.status_code, answer.json()) == (400, {"columns": [sentence]})


@pytest.mark.parametrize(
    ("by", "opens"),
    [("day", True), ("payee", False)],
    ids=["days go on", "payees have no filter for the rest"],
)
def test_a_long_list_is_cut_and_adds_up_all_the_same(browser, filled, monkeypatch, by, opens):
    monkeypatch.setattr(shown, "MOST_LINES", 2)
    monkeypatch.setattr(shown, "MOST_DAYS", 2)
    response = page(browser, filled, f"{MAY_TO_AUGUST}&by={by}")
    lines = response.context["lines"].lines
    (rest,) = (line for line in lines if line.hidden)
    assert (len(lines), lines.index(rest)) == (3, 0 if opens else 2)
    assert sum(line.figure.total for line in lines) == response.context["whole"].total
    assert (bool(rest.rows) and listed(browser, rest.rows)) == (opens and rest.figure.total)


def test_a_long_series_shows_the_latest(browser, filled, monkeypatch):
    monkeypatch.setattr(shown, "MOST_LINES", 2)
    for view in ("by=month", "view=table&rows=month&columns=category"):
        context = page(browser, filled, f"{MAY_TO_AUGUST}&{view}").context
        rest, *lines = context["grid" if "table" in view else "lines"].lines
        assert [line.key for line in lines] == ["2024-07-01", "2024-08-01"]
        assert (rest.hidden, listed(browser, rest.rows)) == (2, rest.figure.total)
    sorted_by_month = page(browser, filled, f"{MAY_TO_AUGUST}&{view}&sort=name").context["grid"].lines
    assert [line.key for line in sorted_by_month] == ["2024-05-01", "2024-06-01", None]


def test_a_wide_table_has_fewer_lines_and_the_same_sums(browser, filled, monkeypatch):
    monkeypatch.setattr(shown, "MOST_CELLS", 8)
    grid = page(browser, filled, f"{MAY_TO_AUGUST}&view=table").context["grid"]
    assert [line.key and line.name for line in grid.lines] == ["Rent", "Food", None]
    for cells in zip(*(line.cells for line in grid.lines), grid.whole.cells, strict=True):
        *above, whole = (cell.total if cell else 0 for cell in cells)
        assert sum(above) == whole


def test_names_and_addresses_are_harmless_in_the_cells_of_a_table(browser, ledger):
    make_expense(ledger, "5", day="2024-06-01", payee='<b>"&')
    text = page(browser, ledger, f"{MAY_TO_AUGUST}&view=table&columns=payee").content.decode()
    assert '<b>"' not in text
    assert 'data-column="&lt;b&gt;&quot;&amp;"' in text
    assert 'sort=-%3Cb%3E%22%26"><bdi>&lt;b&gt;&quot;&amp;</bdi>' in text


@pytest.mark.parametrize("where", ["page", "API"])
def test_a_table_of_too_many_figures_is_refused_with_a_way_on(browser, filled, api, monkeypatch, where):
    monkeypatch.setattr(queries, "MOST_CELLS", 3)
    sentence = "That makes more than 3 figures. Choose a longer unit, less time or a filter."
    if where == "page":
        response = page(browser, filled, f"{MAY_TO_AUGUST}&view=table")
        assert (response.status_code, sentence in response.content.decode()) == (400, True)
    else:
        answer = api.get(f"{reverse('api_analytics_matrix', args=[filled.pk])}?{MAY_TO_AUGUST}")
        assert (answer.status_code, answer.json()) == (400, {"columns": [sentence]})


def test_a_comparison_of_more_days_than_a_line_can_have_does_without_it(browser, filled):
    long, short = (
        page(browser, filled, f"start=2{year}-01-01&end=2024-12-31&view=comparison")
        for year in ("014", "015")
    )
    assert ['data-chart="line"' in answer.content.decode() for answer in (long, short)] == [False, True]


def test_the_comparison_has_what_changed_most_first_and_a_running_month_as_far_as_it_has_come(
    browser, filled
):
    make_expense(filled, "4.75", "Food", "2024-07-20")
    response = page(browser, filled, "range=this-month&view=comparison")
    changes = [
        (line.name, line.change.now.total, line.change.before.total) for line in response.context["changes"]
    ]
    assert changes == [
        ("Rent", Decimal(0), Decimal(1227)),
        ("Shopping", Decimal(-15), Decimal(0)),
        (
            "Food",
            Decimal("9.5"),
            Decimal("4.75"),
        ),  # neither what is dated tomorrow nor what was paid on 31 July
    ]
    assert response.context["whole"].total == Decimal("494.5")


def test_figures_that_need_every_row_wait_where_there_are_many(browser, filled, monkeypatch):
    monkeypatch.setattr(page_module, "MOST_ROWS", 2)
    waiting = page(browser, filled)
    later = unescape(re.search(r'hx-get="\?([^"]*)"', waiting.content.decode())[1])
    assert waiting.context["of_rows"] is None
    assert page(browser, filled, later).context["of_rows"]["median"] == Decimal("620.125")
    part = page(browser, filled, later, HX_Request="true")
    assert re.findall(r"€[\d.,]+", part.content.decode()) == ["€620.12", "€1,227.00"]


def test_htmx_gets_the_part_that_changes_and_the_address_of_it(browser, filled):
    part = page(browser, filled, "range=all&text=&view=table", HX_Request="true")
    assert part.content.decode().strip().startswith('<section id="analytics"')
    assert part["HX-Push-Url"] == f"{reverse('analytics', args=[filled.pk])}?range=all&view=table"
    assert "HX-Request" in part["Vary"]


def test_an_empty_range_offers_a_way_on(browser, ledger):
    response = page(browser, ledger)
    assert "Nothing was spent in this range." in response.content.decode()
    assert {amount for _url, amount in figures(response)} == {Decimal(0)}


def test_charts_ask_the_api_what_the_page_shows(alice, filled):
    browser = Client()
    browser.force_login(alice)
    alice.language = "de"
    alice.save()
    query = (
        f"{MAY_TO_AUGUST}&amount_max=1.000,50&basis=spread&weekday=3&without={category(filled, 'Rent').pk}"
    )
    for view in ("by=category", "by=day", "view=table", "view=comparison"):
        response = page(browser, filled, f"{query}&{view}")
        sources = [unescape(url) for url in re.findall(r'data-source="([^"]*)"', response.content.decode())]
        answers = [browser.get(url) for url in sources]
        assert [answer.status_code for answer in answers] == [200] * (2 if "comparison" in view else 1)
        assert all(parse_qs(urlsplit(url).query)["amount_max"] == ["1000.50"] for url in sources)
        if "comparison" not in view:
            assert Decimal(answers[0].json()["total"]) == response.context["whole"].total


@pytest.mark.parametrize("view", ["by=category", "by=payee", "by=day", "view=table", "view=comparison"])
def test_the_page_costs_the_same_statements_whatever_the_rows(browser, ledger, view):
    counts = []
    for n in range(3):
        make_expense(ledger, "1", ["Food", "Rent", "Other"][n], f"2024-0{6 + n}-10", payee=str(n))
        with recorded_statements() as statements:
            assert page(browser, ledger, f"{MAY_TO_AUGUST}&{view}").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[2] <= 12
