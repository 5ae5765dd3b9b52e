import re
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import Page, in_production

pytestmark = pytest.mark.django_db


def get(browser, ledger, query="", **headers):
    return browser.get(reverse("expenses", args=[ledger.pk]) + query, headers=headers)


def without_tokens(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def shown(response):
    """The days of one page: date, total of the day, notes of its rows."""
    return [
        (str(day), f"{spent.normalize():f}", [row.notes for row in rows])
        for day, spent, rows in response.context["days"]
    ]


def pages(browser, ledger, query=""):
    """All pages from the newest on, following the link to older expenses."""
    while query is not None:
        response = get(browser, ledger, query)
        yield response
        query = response.context["next_page"]


def pk_of(ledger, name):
    return Category.objects.get(ledger=ledger, name=name).pk


@pytest.fixture
def week(ledger):
    """Six expenses on three days."""
    for amount, name, day, payee, notes in [
        ("5", "Food", "2024-08-01", "Baker", "bread"),
        ("20", "Rent", "2024-08-01", "", "garage"),
        ("-2.50", "Food", "2024-08-02", "Baker", "refund"),
        ("7", "Other", "2024-08-02", "", "stamps"),
        ("100", "Shopping", "2024-08-03", "", "BREAD machine"),
        ("3", "Food", "2024-08-03", "", "milk"),
    ]:
        make_expense(ledger, amount, name, day, payee=payee, notes=notes)
    return ledger


def test_newest_first_and_grouped_by_day_with_the_total_of_each(browser, week):
    assert shown(get(browser, week)) == [
        ("2024-08-03", "103", ["milk", "BREAD machine"]),
        ("2024-08-02", "4.5", ["stamps", "refund"]),
        ("2024-08-01", "25", ["garage", "bread"]),
    ]


@pytest.mark.parametrize(
    ("query", "notes", "spent"),
    [
        ("?date_after=2024-08-02&date_before=2024-08-02", ["stamps", "refund"], "4.5"),
        ("?date_after=2024-08-03", ["milk", "BREAD machine"], "103"),
        ("?date_before=2024-08-01", ["garage", "bread"], "25"),
        ("?amount_min=7&amount_max=20", ["stamps", "garage"], "27"),
        ("?amount_max=-0.01", ["refund"], "-2.5"),
        ("?text=bread", ["BREAD machine", "bread"], "105"),
        ("?text=baker", ["refund", "bread"], "2.5"),
        ("?text=%25", [], "0"),
        ("?text=nowhere", [], "0"),
        (
            "?text=&amount_min=&date_after=",
            ["milk", "BREAD machine", "stamps", "refund", "garage", "bread"],
            "132.5",
        ),
    ],
)
def test_the_filter_in_the_url_decides_rows_and_totals(browser, week, query, notes, spent):
    response = get(browser, week, query)
    assert [note for _day, _spent, rows in shown(response) for note in rows] == notes
    assert response.context["totals"] == {"spent": Decimal(spent), "count": len(notes)}


def test_several_categories_can_be_chosen(browser, week):
    response = get(browser, week, f"?category={pk_of(week, 'Rent')}&category={pk_of(week, 'Other')}")
    assert shown(response) == [("2024-08-02", "7", ["stamps"]), ("2024-08-01", "20", ["garage"])]


def test_a_day_shows_the_total_of_its_filtered_rows(browser, week):
    response = get(browser, week, "?text=bread")
    assert shown(response) == [("2024-08-03", "100", ["BREAD machine"]), ("2024-08-01", "5", ["bread"])]


def test_the_total_is_written_with_its_currency(browser, week):
    assert Page(get(browser, week)).text("sum") == "€132.50 in 6 expenses"


def test_the_form_shows_the_filter_in_use(browser, week):
    food = pk_of(week, "Food")
    form = Page(
        get(browser, week, f"?date_after=2024-08-01&text=a%22b&category={food}&amount_min=1.50")
    ).form("filters")
    assert form.data == {
        "date_after": "2024-08-01",
        "date_before": "",
        "amount_min": "1.50",
        "amount_max": "",
        "text": 'a"b',
        "category": str(food),
        **dict.fromkeys(("payee", "payee_contains", "without_payee", "tag", "without_tags", "basis"), ""),
    }


@pytest.fixture
def many(ledger):
    """120 expenses: 70 on one day, the rest on 25 days before it."""
    for number in range(120):
        day = f"2024-07-{number // 2 + 1:02}" if number < 50 else "2024-08-01"
        make_expense(ledger, str(number + 1), day=day, notes=f"n{number}")
    return ledger


def test_paging_by_key_has_no_gap_and_no_repeat_even_within_a_day(browser, many):
    rows = [
        [row.pk for _d, _s, rows in page.context["days"] for row in rows] for page in pages(browser, many)
    ]
    expected = Expense.objects.order_by("-date", "-id").values_list("pk", flat=True)
    assert [len(page) for page in rows] == [50, 50, 20]
    assert [pk for page in rows for pk in page] == list(expected)


def test_every_page_shows_the_total_of_all_of_them(browser, many):
    seen = list(pages(browser, many, "?amount_min=11"))
    total = sum(row.amount for page in seen for _d, _s, rows in page.context["days"] for row in rows)
    assert [page.context["totals"] for page in seen] == [{"spent": total, "count": 110}] * 3
    assert total == sum(range(11, 121))


def test_a_day_that_continues_on_the_next_page_shows_its_whole_total_on_both(browser, many):
    first, second, _third = pages(browser, many)
    august = sum(range(51, 121))
    assert shown(first)[0][:2] == shown(second)[0][:2] == ("2024-08-01", str(august))


def test_a_row_added_meanwhile_moves_nothing_on_the_next_page(browser, many):
    first = get(browser, many)
    make_expense(many, day="2024-08-01")
    second = get(browser, many, first.context["next_page"])
    assert second.context["days"][0][2][0].notes == "n69"


def test_the_link_to_the_next_page_keeps_the_filter(browser, many):
    assert (
        get(browser, many, "?amount_min=11&text=n")
        .context["next_page"]
        .startswith("?amount_min=11&text=n&after=2024-08-01%2C")
    )


@pytest.mark.parametrize(
    "key",
    [
        "x",
        "2024-08-01",
        "2024-13-01,5",
        "2024-W31-4,5",
        "2024-08-01,x",
        "2024-08-01,1,2",
        "2024-08-01,-1",
        "2024-08-01,1_0",
        "2024-08-01,%D9%A1",
        "2024-08-01," + "9" * 31,
    ],
)
def test_a_page_key_that_we_never_gave_is_not_found(browser, ledger, key):
    response = get(browser, ledger, f"?after={key}")
    assert (response.status_code, Page(response).text("h1")) == (404, "There is nothing here")


@pytest.mark.parametrize("number", ["9" * 30, "0"])
def test_a_page_key_beyond_all_ids_is_a_page_like_any_other(browser, week, number):
    notes = [note for *_, rows in shown(get(browser, week, f"?after=2024-08-01,{number}")) for note in rows]
    assert notes == (["garage", "bread"] if number == "9" * 30 else [])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("date_after=nonsense", "From: Write a date as YYYY-MM-DD."),
        ("date_before=2024-02-30", "To: Write a date as YYYY-MM-DD."),
        ("date_after=2026-W01-1", "From: Write a date as YYYY-MM-DD."),
        ("date_after=2024-08-02&date_before=2024-08-01", "To: The last date lies before the first one."),
        ("amount_min=1e9", "Amount from: Write an amount such as 1234.50."),
        ("amount_min=2&amount_max=1", "Amount to: The largest amount is smaller than the smallest one."),
        ("text=" + "x" * 201, "Text: Ensure this value has at most 200 characters (it has 201)."),
        ("text=%00", "Text: Null characters are not allowed."),
        ("category=x", "Category: “x” is not a valid value."),
        (
            "category=" + "9" * 30,
            f"Category: Select a valid choice. {'9' * 30} is not one of the available choices.",
        ),
    ],
)
def test_a_bad_filter_is_refused_at_its_field_and_what_was_typed_is_kept(browser, week, query, message):
    response = get(browser, week, f"?{query}&text=kept" if "text" not in query else f"?{query}")
    page = Page(response)
    assert (response.status_code, page.text("box")) == (400, message)
    typed = dict(pair.split("=") for pair in query.split("&"))
    form = page.form("filters").data
    assert {name: form.get(name) for name in typed if name not in ("category", "text")} == {
        name: value for name, value in typed.items() if name not in ("category", "text")
    }
    assert response.context["days"] == []


def test_another_ledgers_category_is_no_choice(browser, week, charlie):
    foreign = pk_of(make_ledger(charlie), "Food")
    response = get(browser, week, f"?category={foreign}")
    assert response.status_code == 400
    names = [name for _pk, name, _chosen in response.context["choices"]["category"]]
    assert names == ["Rent", "Food", "Shopping", "Entertainment", "Other"]


def test_another_ledgers_rows_are_not_in_it(browser, week, charlie):
    make_expense(make_ledger(charlie), "999")
    assert get(browser, week).context["totals"] == {"spent": Decimal("132.5"), "count": 6}


@pytest.mark.parametrize("query", ["", "?date_after=nonsense"])
def test_htmx_gets_only_the_results(browser, week, query):
    whole, part = get(browser, week, query), get(browser, week, query, hx_request="true")
    words, page = (without_tokens(response).strip() for response in (part, whole))
    assert words.startswith(b'<section id="results"')
    assert words.endswith(b"</section>")
    assert words in page
    assert part.status_code == whole.status_code


def test_a_cache_is_told_that_page_and_part_differ(browser, week):
    assert "HX-Request" in get(browser, week)["Vary"]


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_list_costs_the_same_queries_whatever_the_number_of_rows(browser, ledger, rows):
    for number in range(rows):
        make_expense(ledger, notes="x", day=f"2024-08-{number % 30 + 1:02}")
    food = pk_of(ledger, "Food")
    with CaptureQueriesContext(connection) as queries:
        get(browser, ledger, f"?text=x&category={food}")
    assert len(in_production(queries)) == 10


def test_no_page_sorts_all_rows_to_find_doubles(browser, week):
    food = pk_of(week, "Food")
    with CaptureQueriesContext(connection) as queries:
        get(browser, week, f"?category={food}")
    assert [query["sql"] for query in queries if "DISTINCT" in query["sql"]] == []


def test_what_people_wrote_is_escaped(browser, ledger):
    text = '"><script>alert(1)</script>'
    make_expense(ledger, payee=text, notes=text)
    Category.objects.filter(name="Food").update(name=text)
    response = get(browser, ledger, "?text=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert response.context["totals"]["count"] == 1
    assert b"<script>alert" not in response.content


def test_an_empty_ledger_leads_to_the_first_day_to_write(browser, ledger):
    assert (
        Page(get(browser, ledger)).text("empty") == "Nothing has been written down yet. Write the first day"
    )


def test_a_filter_that_finds_nothing_says_so(browser, week):
    assert Page(get(browser, week, "?text=zzz")).text("empty") == "No expense matches this filter."


def test_a_viewer_is_not_led_to_write(week, bob, as_user):
    share(week, bob, "viewer")
    response = get(as_user(bob), week)
    assert shown(response)[0] == ("2024-08-03", "103", ["milk", "BREAD machine"])
    assert b"Write today" not in response.content


@pytest.mark.parametrize(
    ("language", "typed"), [("de", "1.234,50"), ("de", "1234.50"), ("en", "1,234.50"), ("en", "1234.50")]
)
def test_an_amount_may_be_written_as_in_the_grid_or_as_machines_do(browser, alice, ledger, language, typed):
    alice.language = language
    alice.save()
    make_expense(ledger, "1234.50", notes="found")
    make_expense(ledger, "1234.49")
    response = get(browser, ledger, f"?amount_min={typed}")
    assert [row.notes for _day, _spent, rows in response.context["days"] for row in rows] == ["found"]


def test_a_day_that_vanishes_while_the_page_is_made_is_no_error(browser, ledger, monkeypatch):
    make_expense(ledger, "5")
    monkeypatch.setattr("expenses.models.ExpenseQuerySet.spent_by_day", lambda rows: {})
    assert shown(get(browser, ledger)) == [("2024-08-01", "5", [""])]


@pytest.fixture
def insured(ledger):
    """A year's insurance, paid in January, and a loaf of bread in March."""
    make_expense(ledger, "100", "Other", "2024-01-31", notes="insurance", spread_months=12)
    make_expense(ledger, "3", "Food", "2024-03-15", notes="bread")
    return ledger


def test_spread_expenses_are_listed_by_their_parts(browser, insured):
    response = get(browser, insured, "?basis=spread&date_after=2024-02-01&date_before=2024-03-31")
    assert shown(response) == [
        ("2024-03-31", "8.34", ["insurance"]),
        ("2024-03-15", "3", ["bread"]),
        ("2024-02-29", "8.33", ["insurance"]),
    ]
    assert response.context["totals"] == {"spent": Decimal("19.67"), "count": 3}
    words = " ".join(response.content.decode().split())
    paid = f'<a href="{reverse("day", args=[insured.pk, date(2024, 1, 31)])}">Jan. 31, 2024</a>'
    assert re.findall("(Part .*?</a>)", words) == [f"Part {part} of 12, paid on {paid}" for part in (3, 2)]


def test_parts_are_paged_through_like_expenses(browser, insured, monkeypatch):
    monkeypatch.setattr("expenses.views.listing.PAGE_SIZE", 5)
    days = [day for page in pages(browser, insured, "?basis=spread") for day, _spent, _rows in shown(page)]
    assert len(days) == len(set(days)) == 13
    assert days == sorted(days, reverse=True)


def test_an_export_of_parts_is_neither_offered_nor_made(browser, insured):
    assert "export.csv" not in get(browser, insured, "?basis=spread").content.decode()
    response = browser.get(reverse("export_expenses", args=[insured.pk, "csv"]) + "?basis=spread")
    assert (response.status_code, "basis: An export has expenses" in response.content.decode()) == (400, True)


def test_an_unknown_basis_is_refused_by_its_name(browser, insured, api):
    response = get(browser, insured, "?basis=guessed")
    assert (response.status_code, "Expenses count: Select a valid choice." in response.content.decode()) == (
        400,
        True,
    )
    assert api.get(f"/api/v1/ledgers/{insured.pk}/expenses/?basis=spread").json() == {
        "basis": ["Unknown parameter."]
    }


def test_the_seldom_used_filters_show_themselves_when_used(browser, week):
    food = pk_of(week, "Food")
    query = f"?without={food}&weekday=6&payee=&without_payee=true"
    response = get(browser, week, query)
    assert shown(response) == [("2024-08-03", "100", ["BREAD machine"])]
    assert '<details class="more" open>' in response.content.decode()
    assert f'name="without" value="{food}" checked' in response.content.decode()
    assert 'name="weekday" value="6" checked' in response.content.decode()
    assert '<details class="more">' in get(browser, week).content.decode()


def test_tags_are_links_and_the_tags_in_use_are_offered(browser, week):
    make_expense(week, "9", tags=["train", "work"], notes="trip")
    make_expense(week, "9", tags=["work"], notes="trip")
    response = get(browser, week, "?tag=%23Work")
    assert [note for *_, rows in shown(response) for note in rows] == ["trip", "trip"]
    assert response.context["tags_used"] == ["work", "train"]
    assert f'href="{reverse("expenses", args=[week.pk])}?tag=train"' in response.content.decode()
    assert '<details class="more" open>' in response.content.decode()
    assert shown(get(browser, week, "?without_tags=false")) == [("2024-08-01", "18", ["trip", "trip"])]


def test_a_part_of_a_payment_leads_to_all_its_parts(browser, week):
    receipt = uuid4()
    for notes in ("food", "soap"):
        make_expense(week, "4", notes=notes, receipt=receipt)
    address = f"{reverse('expenses', args=[week.pk])}?receipt={receipt}"
    assert get(browser, week).content.decode().count(f'href="{address}"') == 2
    opened = browser.get(address)
    assert shown(opened) == [("2024-08-01", "8", ["soap", "food"])]
    assert Page(opened).form("filters").data["receipt"] == str(receipt)
