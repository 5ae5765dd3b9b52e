"""The overview: this month beside others, every figure a way to its rows, and an expense written in passing."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics.overview import Pace, recent_months, this_month
from analytics.ranges import Calendar
from database.tests.statements import recorded_statements
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import Page
from ledgers.money import reader_locale

pytestmark = pytest.mark.django_db

FIGURE = re.compile(r'<a[^>]*? href="([^"]*date_after=[^"]*)"[^>]*>([^<]*)</a>')
ROWS = [
    ("1000", "Rent", "2024-06-30"),
    ("1000", "Rent", "2024-07-01"),
    ("60", "Food", "2024-07-20"),
    ("40", "Food", "2024-07-21"),
    ("1000", "Rent", "2024-08-01"),
    ("90", "Food", "2024-08-02"),
    ("-15", "Shopping", "2024-08-20"),
    ("500", "Other", "2024-08-21"),
]


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is the 20th of August 2024, or what ``today("2024-08-01")`` says."""

    def be(day: str):
        monkeypatch.setattr(timezone, "localdate", lambda: date.fromisoformat(day))

    be("2024-08-20")
    return be


@pytest.fixture
def summer(ledger):
    for amount, category, day in ROWS:
        make_expense(ledger, amount, category, day)
    return ledger


def page(browser, ledger, **query):
    return browser.get(reverse("overview", args=[ledger.pk]), query)


def month_of(ledger, day="2024-08-20"):
    return this_month(Calendar(ledger, date.fromisoformat(day)))


def recent(ledger, first, day="2024-08-20"):
    return recent_months(Calendar(ledger, date.fromisoformat(day)), date.fromisoformat(first))


def figures(response) -> list[tuple[str, Decimal]]:
    found = FIGURE.findall(response.content.decode())
    return [(unescape(url), Decimal(re.sub(r"[€,\s]", "", shown))) for url, shown in found]


def test_every_figure_leads_to_a_list_with_that_total(browser, summer):
    shown = figures(page(browser, summer))
    # Two of the month, four categories now and before, three months, and the year. "Other" is yet to come.
    assert len(shown) == 2 + 3 * 2 + 3 + 1
    assert [total for _url, total in shown] == [
        browser.get(url).context["totals"]["spent"] for url, _total in shown
    ]


def test_this_month_is_held_against_the_same_days_of_the_one_before(summer):
    month = month_of(summer)
    assert (month.total, month.whole.before.total) == (Decimal(1075), Decimal(1060))
    assert (month.day, month.length, month.per_day) == (20, 31, Decimal("53.75"))
    assert (month.pace.days_left, month.pace.left, month.pace.end) == (
        11,
        Decimal("591.25"),
        Decimal("1666.25"),
    )


def test_the_same_days_end_where_the_month_before_is_shorter(ledger):
    before = month_of(ledger, "2024-03-30").before
    assert (before.start, before.end) == (date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    ("day", "pace"),
    [
        ("2024-08-01", None),
        ("2024-08-06", None),
        ("2024-08-31", Pace(0, Decimal(0), Decimal(1575))),
    ],
)
def test_a_few_days_are_no_pace_and_the_last_day_leaves_nothing(summer, day, pace):
    assert month_of(summer, day).pace == pace


def test_the_month_ends_with_no_less_than_what_is_written_down(ledger):
    make_expense(ledger, "20", day="2024-08-20")
    make_expense(ledger, "90", day="2024-08-30")
    assert month_of(ledger, "2024-08-20").pace == Pace(11, Decimal(90), Decimal(110))


def test_the_categories_most_was_spent_on_come_first_with_their_change(summer):
    names = dict(Category.objects.in_ledger(summer).values_list("pk", "name"))
    top = [(names[row.key], row.now.total, row.change) for row in month_of(summer).top(2)]
    assert top == [("Rent", Decimal(1000), Decimal(0)), ("Food", Decimal(90), Decimal(30))]


def test_the_average_is_of_whole_months_after_the_first_expense(summer):
    months = recent(summer, "2024-06-30")
    assert (months.average, months.number) == (Decimal(1100), 1)
    assert [part.figure.total for part in months.parts] == [1000, 1100, 1575]


def test_a_month_that_begins_with_the_first_expense_is_whole(ledger):
    make_expense(ledger, "90", day="2024-05-01")
    months = recent(ledger, "2024-05-01")
    assert (months.average, months.number) == (Decimal(30), 3)


def test_the_average_knows_twelve_months_at_most(ledger):
    for day, amount in (("2023-07-31", "999"), ("2023-08-01", "24"), ("2024-07-31", "12")):
        make_expense(ledger, amount, day=day)
    months = recent(ledger, "2023-07-31")
    assert (months.average, months.number, len(months.parts)) == (Decimal(3), 12, 12)


def test_there_is_no_average_before_a_month_is_over(ledger):
    make_expense(ledger, day="2024-07-02")
    months = recent(ledger, "2024-07-02")
    assert (months.average, months.number) == (None, 0)


def test_the_month_is_that_of_the_ledger(browser, alice):
    ledger = make_ledger(alice, "Payday", month_start_day=15)
    for amount, day in (("1", "2024-07-14"), ("2", "2024-07-15"), ("4", "2024-08-14"), ("8", "2024-08-15")):
        make_expense(ledger, amount, day=day)
    month = month_of(ledger)
    assert (month.total, month.whole.before.total, month.day, month.length) == (8, 2, 6, 31)
    assert (recent(ledger, "2024-07-14").average, Page(page(browser, ledger)).text("h1")) == (
        Decimal(6),
        "Aug 15 – Sep 14, 2024",
    )


def test_a_first_day_a_quiet_month_and_one_of_refunds_only_have_no_pace(browser, ledger, today):
    make_expense(ledger, "-20", day="2024-08-01")
    shown = page(browser, ledger)
    assert (shown.context["month"].pace, shown.context["largest"]) == (None, [])
    assert "There is nothing to go by yet." in shown.content.decode()
    today("2024-09-01")
    assert "A few days are no pace" in page(browser, ledger).content.decode()
    today("2024-11-03")
    assert "Nothing was spent this month yet" in page(browser, ledger).content.decode()


def test_the_largest_expenses_are_of_this_month_so_far(browser, summer):
    largest = [(str(row.amount), day) for row, day in page(browser, summer).context["largest"]]
    assert largest == [("1000.000", "Aug 1"), ("90.000", "Aug 2")]


def test_an_empty_ledger_says_how_to_begin(browser, ledger):
    shown = page(browser, ledger)
    text = shown.content.decode()
    assert ("Type the first expense above" in text, "data-chart" in text, figures(shown)) == (True, False, [])


def test_the_reader_sees_figures_written_their_way(browser, alice, summer):
    alice.language = "de"
    alice.save()
    text = page(browser, summer).content.decode()
    assert "1.075,00\xa0€" in text
    assert "1.–20. Juli" in text


# The calendar of the year


def test_the_days_of_the_year_lead_to_the_day_editor(browser, summer):
    text = page(browser, summer).content.decode()
    days = re.findall(
        r'<tr data-row="([-\d]{10})"><th scope="row"><a class="rows" href="([^"]*)">(.*?)</a>', text
    )
    assert len(days) == len(ROWS)
    assert days[0] == ("2024-06-30", reverse("day", args=[summer.pk, date(2024, 6, 30)]), "Sun 30")


def test_years_with_something_to_show_are_beside_the_one_shown(browser, ledger):
    make_expense(ledger, day="2022-05-05")
    years = {}
    for asked in ("2022", "2023", "2024"):
        context = page(browser, ledger, year=asked).context
        years[asked] = context["year_before"], context["year_after"], context["year_total"]
    assert years == {"2022": (None, 2023, 10), "2023": (2022, 2024, 0), "2024": (2023, None, 0)}


def test_the_year_begins_with_the_first_month_of_the_ledger(browser, alice):
    ledger = make_ledger(alice, "Payday", month_start_day=25)
    for amount, day in (("1", "2024-01-24"), ("2", "2024-01-25"), ("4", "2025-01-24")):
        make_expense(ledger, amount, day=day)
    assert [page(browser, ledger, year=year).context["year_total"] for year in (2023, 2024)] == [1, 6]


@pytest.mark.parametrize(
    ("first_day", "year", "status"),
    [
        (1, "1900", 200),
        (1, "1899", 400),
        (28, "1899", 200),
        (28, "2200", 200),
        (1, "2201", 400),
        (1, "1e3", 400),
    ],
)
def test_a_year_that_no_expense_can_have_is_refused(browser, alice, first_day, year, status):
    ledger = make_ledger(alice, "Payday", month_start_day=first_day)
    make_expense(ledger, day="2024-08-20")
    shown = page(browser, ledger, year=year)
    assert (shown.status_code, Page(shown).text("box") != "") == (status, status == 400)
    assert browser.get(shown.context["days_answer"]).status_code == 200


def test_where_there_are_no_expenses_no_year_is_asked_for(browser, ledger):
    assert page(browser, ledger, year="abc").status_code == 200


def test_weeks_of_the_calendar_begin_with_the_day_they_begin_with_on_the_other_pages(browser, summer):
    shown = page(browser, summer)
    assert shown.context["first_weekday"] == reader_locale().first_week_day == 0
    assert 'data-first-weekday="0"' in shown.content.decode()


# An expense written in passing


def entry(browser, ledger, **typed) -> dict:
    return Page(page(browser, ledger)).form("entry-form").data | typed


def food(ledger) -> str:
    return str(Category.objects.get(ledger=ledger, name="Food").pk)


def test_what_is_typed_is_saved_once_and_can_be_undone(browser, alice, ledger):
    data = entry(browser, ledger, amount="12.5", category=food(ledger), payee="Bakery", notes="rolls")
    for _ in range(2):
        response = browser.post(reverse("overview", args=[ledger.pk]), data)
    assert response["Location"] == reverse("overview", args=[ledger.pk])
    row = Expense.objects.get()
    assert (str(row.date), row.amount, row.payee, row.notes) == (
        "2024-08-20",
        Decimal("12.5"),
        "Bakery",
        "rolls",
    )
    assert (row.created_by, row.version) == (alice, 1)
    text = page(browser, ledger).content.decode()
    assert "Saved: €12.50 for Food on Aug. 20, 2024." in text
    assert ">Undo</a>" in text


@pytest.mark.parametrize(
    ("typed", "field", "error"),
    [
        ({"amount": ""}, "amount", "Enter an amount."),
        ({"amount": "0"}, "amount", "An amount cannot be zero."),
        ({"amount": "1e3"}, "amount", "Write an amount such as 1,234.50."),
        ({"category": ""}, "category", "Choose a category."),
        ({"category": "999999999"}, "category", "This ledger has no such category."),
        ({"date": "2201-01-01"}, "date", "The date must lie between 1900 and 2200."),
        ({"date": ""}, "date", "This field is required."),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_is_lost(
    browser, ledger, typed, field, error
):
    data = entry(browser, ledger, amount="3", category=food(ledger), payee="Bakery", notes="rolls") | typed
    response = browser.post(reverse("overview", args=[ledger.pk]), data)
    assert (response.status_code, response.context["entry"].errors) == (422, {field: [error]})
    again = Page(response).form("entry-form").data
    assert (again["payee"], again["notes"], again["amount"]) == ("Bakery", "rolls", data["amount"])
    assert not Expense.objects.exists()


def test_an_archived_category_is_neither_offered_nor_taken(browser, ledger):
    data = entry(browser, ledger, amount="3", category=food(ledger))
    Category.objects.filter(ledger=ledger, name="Food").update(archived=True)
    response = browser.post(reverse("overview", args=[ledger.pk]), data)
    assert (response.status_code, list(response.context["entry"].errors)) == (422, ["category"])
    assert f'value="{data["category"]}"' not in response.content.decode()


def test_a_viewer_sees_the_figures_and_no_form(summer, bob, as_user):
    share(summer, bob, "viewer")
    browser = as_user(bob)
    text = page(browser, summer).content.decode()
    assert ("€1,075.00" in text, "entry-form" in text) == (True, False)
    assert browser.post(reverse("overview", args=[summer.pk]), {"amount": "3"}).status_code == 403


def test_the_page_costs_the_same_statements_whatever_the_rows(browser, ledger):
    counts = []
    for n in range(3):
        make_expense(ledger, "1", ["Food", "Rent", "Other"][n], f"2024-0{7 + n % 2}-10")
        with recorded_statements() as statements:
            assert page(browser, ledger).status_code == 200
        counts.append(len(statements))
    # Session, person and ledgers; then categories, the days to come, two months by category, the ends, months, days
    # and the largest.
    assert counts == [3 + 8] * 3
