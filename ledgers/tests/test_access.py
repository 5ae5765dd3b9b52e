"""Every page of a ledger, found in the site map itself, for everybody who could ask for it."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from database.acting import acting_as, operator
from expense_tracker.urls import ledger_pages
from expenses.models import Account, Category, Expense, Favourite, Rule
from expenses.tests.factories import (
    make_account,
    make_expense,
    make_favourite,
    make_ledger,
    make_rule,
    share,
)
from expenses.tests.pages import Page
from history.models import ExpenseEvent
from ledgers.models import Ledger, Membership
from statements.models import Import, Statement, StatementLine
from statements.tests.imports import stage

NAMES = [page.name for page in ledger_pages]
ACTS = {
    "category_edit",
    "category_move",
    "category_archive",
    "category_delete",
    "bulk_edit",
    "account_edit",
    "account_delete",
    "favourite_edit",
    "favourite_move",
    "favourite_delete",
    "rule_move",
    "rule_delete",
    "import_read",
    "import_apply",
    "import_undo",
    "import_discard",
    "import_file_answer",
    "import_file_account",
    "import_file_remove",
    "member_add",
    "member_change",
    "member_leave",
}
OWNERS_ONLY = {"ledger_settings", "member_add", "member_change"}
WRITABLE = ACTS | {
    "overview",
    "expenses",
    "day",
    "categories",
    "accounts",
    "favourites",
    "rules",
    "rule_new",
    "rule",
    "change_set",
    "ledger_settings",
}
EDITORS_ONLY = {"category_merge", "category_split", "imports", "import", "quick_add", "tag"}
REDIRECTING = {"today", "choose_day"}
FILES = {"export_expenses", "export_analytics", "export_analytics_xlsx"}
MISSING = 10**6
RECORD = (Ledger, Membership, Category, Account, Rule, Favourite, Expense, Import, Statement, StatementLine)

pytestmark = pytest.mark.django_db


def address(name, ledger_id, ledger):
    """The page of this name, with the ids of rows that ``ledger`` really has."""
    models = {
        "member": Membership,
        "account": Account,
        "favourite": Favourite,
        "rule": Rule,
        "import": Import,
    }
    rows = Statement if name.startswith("import_file_") else models.get(name.partition("_")[0], Category)
    pk = rows.objects.filter(ledger=ledger).latest("pk").pk
    if name == "change_set":
        pk = ExpenseEvent.objects.get(ledger=ledger).change_set_id
    known = {"ledger_id": ledger_id, "day": date(2024, 8, 1), "pk": pk, "extension": "csv", "tag": "work"}
    (_pattern, names), *_more = get_resolver().reverse_dict.getlist(name)[0][0]
    return reverse(name, kwargs={key: known[key] for key in names})


def without_tokens(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def everything():
    return [list(model.objects.order_by("pk").values()) for model in RECORD]


@pytest.fixture
def book(ledger):
    with acting_as(operator("tests")):  # in a change set of its own, which can be undone
        make_expense(ledger, day="2024-08-01", notes="secret", tags=["work"])
        make_account(ledger)
        make_rule(ledger)
        make_favourite(ledger)
    stage(ledger, "secret bakery")
    return ledger


@pytest.mark.parametrize("name", NAMES)
def test_what_a_visitor_sends_is_given_back_until_they_are_signed_in(client, book, name):
    before, url = everything(), address(name, book.pk, book)
    response = client.post(url, {"notes": "typed <with> care", "more": "1"})
    form = Page(response).form(url)
    assert (response.status_code, Page(response).text("h1")) == (403, "Nothing was saved yet")
    assert {key: form.data[key] for key in ("notes", "more")} == {"notes": "typed <with> care", "more": "1"}
    assert everything() == before


def test_a_filter_of_a_visitor_leads_the_whole_page_to_sign_in(client, book):
    response = client.get(address("expenses", book.pk, book), headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == reverse("account_login")


@pytest.mark.parametrize("name", NAMES)
def test_a_visitor_is_led_to_sign_in_and_back(client, book, name):
    url = address(name, book.pk, book)
    response = client.get(url)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={url}")


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_cannot_tell_a_ledger_from_one_that_does_not_exist(book, charlie, as_user, name, method):
    make_ledger(charlie, "Own")
    before, browser = everything(), as_user(charlie)
    there = getattr(browser, method)(address(name, book.pk, book))
    nowhere = getattr(browser, method)(address(name, MISSING, book))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert without_tokens(there) == without_tokens(nowhere)
    assert everything() == before


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in ACTS | OWNERS_ONLY | EDITORS_ONLY | REDIRECTING | FILES]
)
@pytest.mark.parametrize("role", ["viewer", "editor", "owner"])
def test_members_read_and_only_those_who_may_write_have_something_to_press(book, bob, as_user, role, name):
    share(book, bob, role)
    response = as_user(bob).get(address(name, book.pk, book))
    posting = {
        form.attributes.get("action", "itself")
        for form in Page(response).forms
        if form.attributes.get("method") == "post" and form.buttons
    } - {reverse("account_logout"), reverse("member_leave", args=[book.pk])}
    assert response.status_code == 200
    assert bool(posting) == (role != "viewer" and name in WRITABLE)


@pytest.mark.parametrize("name", sorted(EDITORS_ONLY))
@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 200)])
def test_work_in_progress_is_only_seen_by_those_who_may_write(book, bob, as_user, role, status, name):
    share(book, bob, role)
    assert as_user(bob).get(address(name, book.pk, book)).status_code == status


@pytest.mark.parametrize("name", sorted(REDIRECTING))
def test_everybody_who_reads_is_led_to_a_day(book, bob, as_user, name):
    share(book, bob, "viewer")
    response = as_user(bob).get(address(name, book.pk, book), follow=True)
    assert (response.status_code, response.resolver_match.url_name) == (200, "day")


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"member_leave"}))
def test_a_viewer_who_writes_is_refused_and_nothing_happens(book, bob, as_user, name):
    share(book, bob, "viewer")
    before = everything()
    response = as_user(bob).post(
        address(name, book.pk, book), {"role": "owner", "archived": "yes", "remove": "1", "name": "Mine"}
    )
    assert (response.status_code, Page(response).text("h1")) == (403, "You may not do that")
    assert everything() == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(OWNERS_ONLY))
def test_an_editor_cannot_manage_the_ledger(book, bob, as_user, name, method):
    share(book, bob, "editor")
    before = everything()
    response = getattr(as_user(bob), method)(address(name, book.pk, book), {"role": "owner", "name": "Mine"})
    assert (response.status_code, Page(response).text("h1")) == (403, "You may not do that")
    assert everything() == before


@pytest.mark.parametrize("name", sorted(ACTS - OWNERS_ONLY))
def test_what_changes_something_is_never_a_link(browser, book, name):
    before = everything()
    assert browser.get(address(name, book.pk, book)).status_code == 405
    assert everything() == before


def test_a_form_of_our_own_with_an_old_token_is_given_back(alice, book):
    browser = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    browser.force_login(alice)
    url = address("categories", book.pk, book)
    response = browser.post(url, {"new-name": "Travel", "csrfmiddlewaretoken": "stale"})
    form = Page(response).form(url)
    assert (response.status_code, form.data["new-name"]) == (403, "Travel")
    assert form.data["csrfmiddlewaretoken"] != "stale"


def test_a_form_from_another_site_is_refused_with_a_page_that_explains(alice, book):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    before = everything()
    response = browser.post(address("category_delete", book.pk, book))
    assert (response.status_code, Page(response).text("h1")) == (403, "This page was open too long")
    assert everything() == before


def test_a_member_who_was_removed_is_a_stranger_at_once(book, bob, as_user):
    membership, browser = share(book, bob, "editor"), as_user(bob)
    assert browser.get(address("expenses", book.pk, book)).status_code == 200
    membership.delete()
    assert browser.get(address("expenses", book.pk, book)).status_code == 404


def test_the_switcher_leads_to_the_same_page_of_every_other_ledger_of_mine(browser, alice, charlie, book):
    holiday = make_ledger(alice, "Holiday")
    make_ledger(charlie, "Hidden")
    food = Category.objects.get(ledger=book, name="Food")
    response = browser.get(
        reverse("expenses", args=[book.pk]), {"text": "a b", "category": food.pk, "after": "2024-08-01,5"}
    )
    links = re.findall(r'href="(/ledgers/\d+/expenses/[^"]*)"[^>]*><bdi', response.content.decode())
    assert links == [f"/ledgers/{ledger.pk}/expenses/?text=a+b" for ledger in (holiday, book)]


def test_the_switcher_leads_nobody_to_settings_that_are_not_theirs(browser, alice, bob, book):
    flat = make_ledger(bob, "Flat")
    share(flat, alice, "editor")
    response = browser.get(reverse("ledger_settings", args=[book.pk]))
    links = re.findall(r'href="(/ledgers/[^"]*)"[^>]*><bdi', response.content.decode())
    assert links == [reverse("overview", args=[flat.pk]), reverse("ledger_settings", args=[book.pk])]
