"""The pages of history: the list, one change set, and undoing from there."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from database.acting import acting_as, operator
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_favourite, make_ledger, share
from history.filters import ChangeSetFilter
from history.models import ChangeSet


def listed(browser, ledger, **query) -> list[str]:
    """The sentences of the list."""
    page = browser.get(reverse("history", args=[ledger.pk]), query).content.decode()
    return re.findall(r'<td class="what"><a href="[^"]*">([^<]*)</a>', page)


def newest(ledger) -> ChangeSet:
    return ChangeSet.objects.in_ledger(ledger).newest_first()[0]


def address(ledger, change_set=None) -> str:
    return reverse("change_set", args=[ledger.pk, (change_set or newest(ledger)).pk])


@pytest.fixture
def saved(browser, ledger):
    """A day saved on its page: one expense added, one changed, one deleted. Returns the page's answer."""
    first, second = make_expense(ledger, "1"), make_expense(ledger, "2")
    food = str(first.category_id)
    data = {"row-TOTAL_FORMS": 3, "row-INITIAL_FORMS": 2}
    rows = [
        {"id": first.pk, "version": 1, "amount": "9", "category": food, "initial-amount": "1"},
        {"id": second.pk, "version": 1, "amount": "2", "category": food, "DELETE": "on"},
        {"amount": "3", "category": food},
    ]
    for index, row in enumerate(rows):
        initial = {f"initial-row-{index}-category": food if "id" in row else ""}
        data |= {f"row-{index}-{name}": value for name, value in row.items()} | initial
    return browser.post(reverse("day", args=[ledger.pk, date(2024, 8, 1)]), data, follow=True)


def test_a_saved_day_offers_undo_and_is_in_the_list(browser, ledger, saved):
    assert f'href="{address(ledger)}">Undo</a>' in saved.content.decode()
    sentence = "1 expense added, 1 expense changed, 1 expense deleted (Aug. 1, 2024)"
    assert listed(browser, ledger)[0] == sentence


def test_undoing_on_the_page_puts_every_row_back(browser, ledger, saved):
    before = [("1.000",), ("2.000",)]
    done = browser.post(address(ledger), follow=True)
    assert "Undone: 3 rows are as they were." in done.content.decode()
    assert [(str(amount),) for (amount,) in Expense.objects.order_by("pk").values_list("amount")] == before
    assert (
        listed(browser, ledger)[0] == "1 expense added, 1 expense changed, 1 expense deleted (Aug. 1, 2024)"
    )


def test_one_row_is_restored_alone(browser, ledger, saved):
    gone = newest(ledger)
    page = browser.get(address(ledger)).content.decode()
    [key] = re.findall(r'name="row" value="(expense:\d+)"[^>]*>Restore', page)
    browser.post(address(ledger, gone), {"row": key})
    assert sorted(Expense.objects.values_list("amount", flat=True)) == [2, 3, 9]


def test_a_row_changed_since_is_shown_in_both_versions_and_the_others_can_go(browser, ledger, saved):
    change_set = newest(ledger)
    Expense.objects.filter(amount=9).update(amount=11)
    refused = browser.post(address(ledger, change_set))
    text = refused.content.decode()
    assert (refused.status_code, sorted(Expense.objects.values_list("amount", flat=True))) == (409, [3, 11])
    assert "Somebody changed this since. Nothing was undone." in text
    assert re.search(r"<del><bdi>1.00</bdi></del> <ins><bdi>9.00</bdi></ins>", text)
    assert re.search(r'<tr class="now">.*?<bdi>11.00</bdi>', text, re.DOTALL)
    assert 'name="rest"' in text
    browser.post(address(ledger, change_set), {"rest": "yes"})
    assert sorted(Expense.objects.values_list("amount", flat=True)) == [2, 11]


def test_a_stale_row_beyond_those_shown_is_shown_first_and_the_others_can_go(browser, ledger, monkeypatch):
    monkeypatch.setattr("history.views.MOST_ROWS", 2)
    rows = [make_expense(ledger, str(amount)) for amount in (1, 2, 3, 4)]
    with acting_as(operator("tests")):
        Expense.objects.update(amount=9)
    change_set = newest(ledger)
    Expense.objects.filter(pk=rows[3].pk).update(amount=11)
    text = browser.post(address(ledger, change_set)).content.decode()
    assert re.search(r'<tr class="now">.*?<bdi>11.00</bdi>', text, re.DOTALL)
    assert "Undo all other rows" in text
    browser.post(address(ledger, change_set), {"rest": "yes"})
    assert list(Expense.objects.order_by("pk").values_list("amount", flat=True)) == [1, 2, 3, 11]


def test_a_second_undo_says_that_it_is_undone_already(browser, ledger, saved):
    change_set = newest(ledger)
    browser.post(address(ledger, change_set))
    again = browser.post(address(ledger, change_set))
    assert (again.status_code, again.content.decode().count("This is undone already.")) == (409, 2)


def test_the_list_says_what_is_undone_partly_undone_and_done_again(browser, ledger, saved):
    def badges():
        page = browser.get(reverse("history", args=[ledger.pk])).content.decode()
        return re.findall(r'badge undone">([^<]*)<', page)

    change_set = newest(ledger)
    [key] = re.findall(r'value="(expense:\d+)"[^>]*>Restore', browser.get(address(ledger)).content.decode())
    browser.post(address(ledger, change_set), {"row": key})
    assert badges() == ["partly undone"]
    browser.post(address(ledger, change_set), {"rest": "yes"})
    assert badges() == ["undone"]
    for _twice in range(2):
        undoing = ChangeSet.objects.in_ledger(ledger).undoing([change_set])
        browser.post(address(ledger, undoing[0]))
    assert badges() == ["undone", "undone"]


def test_the_list_is_filtered_by_person_kind_way_and_date(browser, ledger, bob, as_user):
    share(ledger, bob, "editor")
    as_user(bob).post(
        reverse("categories", args=[ledger.pk]), {"new-name": "Travel", "new-colour": "#4f6bed"}
    )
    assert listed(browser, ledger, who="bob") == ["1 category added: Travel"]
    assert listed(browser, ledger, kind="categories", via="page") == ["1 category added: Travel"]
    assert listed(browser, ledger, kind="deleted") == []
    assert listed(browser, ledger, who="bob", date_after="2000-01-01", date_before="2001-01-01") == []
    assert (
        len(listed(browser, ledger, date_after="2000-01-01")) == ChangeSet.objects.in_ledger(ledger).count()
    )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"kind": "budgets"}, "Select a valid choice"),
        ({"date_after": "yesterday"}, "YYYY-MM-DD"),
        ({"date_after": "2024-02-01", "date_before": "2024-01-01"}, "lies before the first one"),
    ],
)
def test_a_filter_that_makes_no_sense_says_so(browser, ledger, query, message):
    answer = browser.get(reverse("history", args=[ledger.pk]), query)
    assert answer.status_code == 400
    assert message in answer.content.decode()


def test_days_are_those_of_the_readers_clock():
    day = {"date_after": "2024-08-01", "date_before": "2024-08-01"}
    with timezone.override("Pacific/Kiritimati"):
        where = str(ChangeSetFilter(day, ChangeSet.objects.all()).qs.query)
    assert re.findall(r'"at" (\S+) (\S+ \S+?)(?: AND|\)|$)', where) == [
        (">=", "2024-08-01 00:00:00+14:00"),
        ("<", "2024-08-02 00:00:00+14:00"),
    ]


def test_a_long_list_goes_on_page_after_page(browser, ledger, monkeypatch):
    monkeypatch.setattr("history.views.PAGE_SIZE", 2)
    for name in ("A", "B", "C"):
        browser.post(reverse("categories", args=[ledger.pk]), {"new-name": name, "new-colour": "#4f6bed"})
    numbers = list(ChangeSet.objects.in_ledger(ledger).newest_first().values_list("pk", flat=True))
    first = browser.get(reverse("history", args=[ledger.pk])).content.decode()
    assert f'href="?after={numbers[1]}" rel="next"' in first
    second = browser.get(reverse("history", args=[ledger.pk]), {"after": numbers[1]}).content.decode()
    assert [int(n) for n in re.findall(r"/history/(\d+)/", second)] == numbers[2:4]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40])
def test_a_page_that_is_none_is_not_found(browser, ledger, after):
    assert browser.get(reverse("history", args=[ledger.pk]), {"after": after}).status_code == 404


@pytest.mark.parametrize("key", ["expense", "expense:x", "budget:1", "expense:" + "9" * 30, "expense:-1"])
def test_a_row_that_is_none_is_refused(browser, ledger, saved, key):
    answer = browser.post(address(ledger), {"row": key})
    assert (answer.status_code, Expense.objects.count()) == (400, 2)


def test_categories_are_shown_by_name_also_when_they_are_gone(browser, ledger):
    make_expense(ledger, category="Other")
    Expense.objects.all().delete()
    Category.objects.filter(name="Other").delete()
    assert "<bdi>Other</bdi>" in browser.get(address(ledger)).content.decode()


def test_over_how_many_months_is_shown_where_an_expense_is_spread(browser, ledger):
    make_expense(ledger)
    assert "Spread over months" not in browser.get(address(ledger)).content.decode()
    Expense.objects.update(spread_months=12)
    page = " ".join(browser.get(address(ledger)).content.decode().split())
    assert "Spread over months" in page
    assert "12 months" in page


def test_tags_and_the_receipt_are_shown_where_there_are_any(browser, ledger):
    expense = make_expense(ledger)
    page = browser.get(address(ledger)).content.decode()
    assert ("Tags" in page, "Receipt" in page) == (False, False)
    Expense.objects.update(tags=["home", "work"], receipt="12345678-1234-5678-1234-567812345678")
    page = " ".join(browser.get(address(ledger)).content.decode().split())
    assert re.findall(r"<th[^>]*>(Tags|Receipt)</th>", page) == ["Tags", "Receipt"]
    assert "home, work" in page
    expense.delete()
    assert "home, work" in browser.get(address(ledger)).content.decode()


def test_favourites_are_shown_with_all_they_say(browser, ledger):
    make_favourite(ledger, "Coffee & cake", payee="Café", tags=["home", "work"])
    make_favourite(ledger, "Coffee & cake", amount=None)
    page = " ".join(browser.get(address(ledger)).content.decode().split())
    said = re.findall(r"<bdi>([^<]*)</bdi>", page)
    first = said.index("Coffee &amp; cake")
    assert said[first : first + 14] == [
        *("Coffee &amp; cake", "0", "3.20", "Food", "Café", "", "home, work"),
        *("Coffee &amp; cake", "1", "–", "Food", "", "", ""),
    ]
    assert listed(browser, ledger)[0] == "2 favourites added"


def test_the_opening_offers_no_undo(browser, ledger):
    opening = ChangeSet.objects.in_ledger(ledger).order_by("pk")[0]
    page = browser.get(address(ledger, opening)).content.decode()
    assert "The opening of a ledger cannot be undone." in page
    assert 'value="expense' not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_nothing(as_user, charlie, ledger, saved, method):
    assert getattr(as_user(charlie), method)(address(ledger)).status_code == 404


def test_a_change_set_of_another_ledger_is_not_found(browser, alice, ledger, saved, as_user, charlie):
    theirs = make_ledger(charlie)
    assert browser.get(reverse("change_set", args=[ledger.pk, newest(theirs).pk])).status_code == 404


def test_a_viewer_reads_and_is_offered_nothing(as_user, bob, ledger, saved):
    share(ledger, bob, "viewer")
    viewer = as_user(bob)
    page = viewer.get(address(ledger)).content.decode()
    assert "Undo this change" not in page
    assert viewer.post(address(ledger)).status_code == 403


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_pages_cost_the_same_for_any_number_of_rows(browser, ledger, count, django_assert_num_queries):
    Expense.objects.bulk_create(
        Expense(ledger=ledger, date="2024-08-01", amount=1, category=ledger.category_set.first())
        for _number in range(count)
    )
    with django_assert_num_queries(21):
        browser.get(address(ledger))
    with django_assert_num_queries(15):
        browser.get(reverse("history", args=[ledger.pk]))
