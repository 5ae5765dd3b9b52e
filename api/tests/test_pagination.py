from datetime import date, timedelta
from decimal import Decimal

import pytest

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense


@pytest.fixture
def url(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/expenses/"


def fill(ledger, days):
    """One expense per date given; the ids in the order of the list, newest first."""
    food = Category.objects.get(ledger=ledger, name="Food")
    rows = [Expense(ledger=ledger, category=food, date=day, amount=Decimal(1)) for day in days]
    made = Expense.objects.bulk_create(rows)
    return [row.pk for row in sorted(made, key=lambda row: (row.date, row.pk), reverse=True)]


def ids(answer):
    assert answer.status_code == 200, answer.json()
    return [row["id"] for row in answer.json()["results"]]


def walk(api, url, link="next", on_page=lambda: None):
    """The pages of ids from this URL on, following one of the links to the end."""
    pages = []
    while url:
        answer = api.get(url)
        pages.append(ids(answer))
        url = answer.json()[link]
        on_page()
    return pages


def previous_of_last(api, url):
    """The link back from the last page."""
    while url:
        page = api.get(url).json()
        url = page["next"]
    return page["previous"]


def flat(pages):
    return [pk for page in pages for pk in page]


SAME_DAY = [date(2024, 8, 1)] * 100
MIXED_DAYS = [date(2024, 8, 1) + timedelta(days=n % 7) for n in range(50)]


@pytest.mark.parametrize("days", [SAME_DAY, MIXED_DAYS], ids=["100 on one day", "mixed days"])
@pytest.mark.parametrize("size", [7, 50])
def test_pages_are_complete_and_without_repeats_in_both_directions(api, ledger, url, days, size):
    newest_first = fill(ledger, days)
    forwards = walk(api, f"{url}?page_size={size}")
    assert flat(forwards) == newest_first
    assert [len(page) for page in forwards[:-1]] == [size] * (len(forwards) - 1)
    backwards = walk(api, previous_of_last(api, f"{url}?page_size={size}"), "previous")
    assert list(reversed(backwards)) == forwards[:-1]


def test_rows_added_and_deleted_meanwhile_shift_nothing(api, ledger, url):
    newest_first = fill(ledger, SAME_DAY)
    last_of_first_page = newest_first[9]

    def meanwhile():
        make_expense(ledger, day="2024-08-01")
        make_expense(ledger, day="2024-08-02")
        Expense.objects.filter(pk=last_of_first_page).delete()

    assert flat(walk(api, f"{url}?page_size=10", on_page=meanwhile)) == newest_first


def test_the_page_before_shows_what_was_added_at_the_front(api, ledger, url):
    newest_first = fill(ledger, SAME_DAY[:4])
    second_page = api.get(api.get(f"{url}?page_size=2").json()["next"])
    added = make_expense(ledger, day="2024-08-02").pk
    assert walk(api, second_page.json()["previous"], "previous") == [newest_first[:2], [added]]


def test_first_and_last_page_say_so(api, ledger, url):
    fill(ledger, SAME_DAY[:4])
    first = api.get(f"{url}?page_size=2").json()
    last = api.get(first["next"]).json()
    assert (first["previous"], last["next"]) == (None, None)
    assert api.get(last["previous"]).json()["previous"] is None
    assert api.get(last["previous"]).json()["results"] == first["results"]


def test_a_list_that_fits_on_one_page_has_no_links(api, ledger, url):
    fill(ledger, SAME_DAY[:2])
    assert api.get(f"{url}?page_size=2").json() | {"results": None} == {
        "next": None,
        "previous": None,
        "results": None,
    }


def test_an_empty_list_is_an_empty_page(api, url):
    assert api.get(url).json() == {"next": None, "previous": None, "results": []}


def test_links_keep_the_filters(api, ledger, url):
    newest_first = fill(ledger, MIXED_DAYS)
    pages = walk(api, f"{url}?page_size=3&date_after=2024-08-05")
    kept = Expense.objects.filter(date__gte="2024-08-05").values_list("pk", flat=True)
    assert flat(pages) == [pk for pk in newest_first if pk in kept]


def test_a_page_has_50_rows_unless_asked_and_up_to_500(api, ledger, url):
    fill(ledger, [date(2024, 8, 1)] * 501)
    assert len(ids(api.get(url))) == 50
    assert len(ids(api.get(f"{url}?page_size=500"))) == 500


@pytest.mark.parametrize(
    "size",
    ["0", "501", "-1", "", "abc", "1e2", "1_0", "５", "1.0", "99999999999999999999", "0000000010000000"],
)
def test_a_page_size_out_of_bounds_is_refused(api, url, size):
    answer = api.get(url, {"page_size": size})
    assert (answer.status_code, answer.json()) == (400, {"page_size": ["Ask for 1 to 500 rows."]})


@pytest.mark.parametrize(
    "cursor",
    [
        "abc",
        "2024-08-01",
        "2024-08-01,",
        ",5",
        "2024-08-01,5,6",
        "2024-13-01,5",
        "20240801,5",
        "2024-W31-4,5",
        "2024-08-01,-5",
        "2024-08-01,５",
        "2024-08-01,1_0",
        "2024-08-01,999999999999999999999999",
        "--2024-08-01,5",
        "\0",
        "1;DROP TABLE",
    ],
)
def test_a_cursor_that_this_list_never_gave_is_refused(api, url, cursor):
    answer = api.get(url, {"cursor": cursor})
    assert (answer.status_code, answer.json()) == (400, {"cursor": ["This is not a cursor of this list."]})


def test_a_cursor_of_another_ledgers_row_shows_nothing_of_it(api, ledger, url, charlie):
    mine = fill(ledger, [date(2024, 8, 1)])
    assert ids(api.get(url, {"cursor": "2024-08-02,999"})) == mine


def test_categories_page_in_their_order(api, ledger):
    Category.objects.filter(ledger=ledger).update(position=3)
    in_order = list(Category.objects.filter(ledger=ledger).order_by("pk").values_list("pk", flat=True))
    assert walk(api, f"/api/v1/ledgers/{ledger.pk}/categories/?page_size=2") == [
        in_order[:2],
        in_order[2:4],
        in_order[4:],
    ]
