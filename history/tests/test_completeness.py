"""Whichever door is used: one event for each row really changed, in one change set that says who, how and what."""

from dataclasses import dataclass

import pytest
from django.test import Client
from rest_framework.test import APIClient

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_user, share
from expenses.tests.pages import Page
from expenses.tests.test_admin import inputs
from expenses.tests.test_admin_actions import ask, confirm
from history.tests.traces import traced
from ledgers.models import Ledger, Membership
from users.models import User

DAY = "2024-08-01"


@dataclass
class House:
    """Alice's ledger with three expenses, of which she and Bob are members, and the doors to it."""

    ledger: Ledger
    alice: User
    bob: User
    root: User
    browser: Client
    api: APIClient
    admin: Client
    expenses: list[Expense]

    def page(self, path: str):
        """The path below the ledger, and the page there."""
        url = f"/ledgers/{self.ledger.pk}/{path}"
        return url, Page(self.browser.get(url))

    def post(self, path: str, **data):
        return self.browser.post(f"/ledgers/{self.ledger.pk}/{path}", data)

    def send(self, method: str, path: str, body=None):
        return getattr(self.api, method)(f"/api/v1/ledgers/{self.ledger.pk}/{path}", body)

    def category(self, name: str) -> Category:
        return Category.objects.get(ledger=self.ledger, name=name)

    @property
    def body(self) -> dict:
        return {"date": DAY, "amount": "5.00", "category": self.category("Food").pk}

    @property
    def member(self) -> Membership:
        return Membership.objects.get(user=self.bob)


@pytest.fixture
def house(ledger, alice, bob, browser, api, as_user):
    share(ledger, bob, "editor")
    root = make_user("root", is_staff=True, is_superuser=True)
    expenses = [make_expense(ledger, amount, notes="n", created_by=bob) for amount in ("1", "2", "3")]
    return House(ledger, alice, bob, root, browser, api, as_user(root), expenses)


# Pages


def save_day(house, changing=True):
    url, page = house.page(f"expenses/{DAY}/")
    form = page.form("day-form")
    if changing:
        form.write(0, amount="9.50").write(1, amount="0")
        form.write(3, amount="4", category=house.category("Rent").pk, notes="new")
        form.write(4, amount="5", category=house.category("Food").pk)
    return house.browser.post(url, form.data)


def add_category(house):
    url, page = house.page("categories/")
    return house.browser.post(url, page.form("new").data | {"new-name": "Pets"})


def rename_category(house, name="Groceries"):
    pk = house.category("Food").pk
    form = house.page("categories/")[1].form(f"/categories/{pk}/")
    return house.browser.post(form.attributes["action"], form.data | {f"category-{pk}-name": name})


def move_category(house):
    return house.post(f"categories/{house.category('Food').pk}/move/", direction="up")


def archive_category(house, archived="yes"):
    return house.post(f"categories/{house.category('Food').pk}/archive/", archived=archived)


def delete_category(house):
    return house.post(f"categories/{house.category('Other').pk}/delete/")


def save_settings(house, name="Flat"):
    url, page = house.page("settings/")
    return house.browser.post(url, page.form("/settings/").data | {"name": name})


def add_member(house):
    make_user("carol")
    return house.post("settings/members/", person="carol", role="viewer")


def change_member(house, role="viewer"):
    return house.post(f"settings/members/{house.member.pk}/", role=role)


def remove_member(house):
    return house.post(f"settings/members/{house.member.pk}/", remove="yes")


def open_ledger(house):
    return house.browser.post("/ledgers/new/", {"name": "Trip", "currency": "JPY", "month_start_day": "1"})


PAGES = {
    save_day: ("day", {"expense insert": 2, "expense update": 1, "expense delete": 1}),
    add_category: ("categories", {"category insert": 1}),
    rename_category: ("category_edit", {"category update": 1}),
    move_category: ("category_move", {"category update": 2}),
    archive_category: ("category_archive", {"category update": 1}),
    delete_category: ("category_delete", {"category delete": 1}),
    save_settings: ("ledger_settings", {"ledger update": 1}),
    add_member: ("member_add", {"membership insert": 1}),
    change_member: ("member_change", {"membership update": 1}),
    remove_member: ("member_change", {"membership delete": 1}),
    open_ledger: ("ledger_new", {"ledger insert": 1, "membership insert": 1, "category insert": 5}),
}


@pytest.mark.parametrize("door", PAGES)
def test_what_a_page_saves(house, door):
    act, counts = PAGES[door]
    with traced() as trace:
        assert door(house).status_code == 302
    ledger = Ledger.objects.latest("pk").pk
    assert (trace.counts, trace.said) == (counts, [(ledger, house.alice.pk, "alice", "page", act)])


# API


def post_one(house):
    return house.send("post", "expenses/", house.body)


def post_list(house):
    return house.send("post", "expenses/", [house.body] * 3)


def put_one(house, amount="5.00"):
    pk = house.expenses[0].pk
    return house.send("put", f"expenses/{pk}/", house.body | {"version": 1, "amount": amount, "notes": "n"})


def patch_one(house, amount="5.00"):
    return house.send("patch", f"expenses/{house.expenses[0].pk}/", {"version": 1, "amount": amount})


def delete_one(house):
    return house.send("delete", f"expenses/{house.expenses[0].pk}/?version=1")


def put_day(house, changing=True):
    food = house.category("Food").pk
    rows = [{"id": e.pk, "version": 1, "amount": str(e.amount), "category": food} for e in house.expenses]
    if changing:
        rows[0]["amount"], rows[1]["amount"] = "9.50", "0"
        rows[2] = {"amount": "4.00", "category": food}
    return house.send("put", f"days/{DAY}/", {"tag": "*", "expenses": rows})


def post_original_day(house, amounts=(1, 7, 8)):
    rows = [{"amount": amount, "category": "Food", "notes": "n"} for amount in amounts]
    return house.send("post", f"expenses/{DAY}", rows)


def post_category(house):
    return house.send("post", "categories/", {"name": "Pets"})


def patch_category(house):
    return house.send("patch", f"categories/{house.category('Food').pk}/", {"version": 1, "archived": True})


def remove_category(house):
    return house.send("delete", f"categories/{house.category('Other').pk}/?version=1")


API = {
    post_one: ("expense-list", {"expense insert": 1}),
    post_list: ("expense-list", {"expense insert": 3}),
    put_one: ("expense-detail", {"expense update": 1}),
    patch_one: ("expense-detail", {"expense update": 1}),
    delete_one: ("expense-detail", {"expense delete": 1}),
    put_day: ("api_day", {"expense insert": 1, "expense update": 1, "expense delete": 2}),
    post_original_day: ("api_original_day", {"expense insert": 2, "expense delete": 2}),
    post_category: ("category-list", {"category insert": 1}),
    patch_category: ("category-detail", {"category update": 1}),
    remove_category: ("category-detail", {"category delete": 1}),
}


@pytest.mark.parametrize("door", API)
def test_what_the_api_writes(house, door):
    act, counts = API[door]
    with traced() as trace:
        answer = door(house)
    assert answer.status_code in (200, 201, 204)
    assert (trace.counts, trace.said) == (counts, [(house.ledger.pk, house.alice.pk, "alice", "api", act)])
    assert answer["Change-Set"] == str(trace.change_sets[0].pk)


# The admin


def save_form(house, notes="other"):
    url = f"/admin/expenses/expense/{house.expenses[0].pk}/change/"
    fields = inputs(house.admin.get(url)) | {"notes": notes}
    return house.admin.post(url, fields | {"_save": "Save"})


def save_list(house, notes="other"):
    url = "/admin/expenses/expense/"
    fields = inputs(house.admin.get(url)) | {"form-0-notes": notes, "form-2-notes": notes}
    return house.admin.post(url, fields | {"_save": "Save"})


def do_set_category(house, name="Rent"):
    page = ask(house.admin, "set_category", house.expenses)
    return confirm(house.admin, page, category=house.category(name).pk)


def do_change_date(house, day="2024-08-09"):
    return confirm(house.admin, ask(house.admin, "change_date", house.expenses[:2]), date=day)


def do_shift_date(house):
    return confirm(house.admin, ask(house.admin, "change_date", house.expenses), days="3")


def do_delete(house):
    return confirm(house.admin, ask(house.admin, "delete_selected", house.expenses))


def add_in_admin(house):
    values = {"ledger": house.ledger.pk, "date": DAY, "amount": "5", "category": house.category("Food").pk}
    return house.admin.post("/admin/expenses/expense/add/", values | {"_save": "Save"})


def delete_in_admin(house):
    return house.admin.post(f"/admin/expenses/expense/{house.expenses[0].pk}/delete/", {"post": "yes"})


def delete_ledger(house):
    return house.admin.post(f"/admin/ledgers/ledger/{house.ledger.pk}/delete/", {"post": "yes"})


def delete_person(house):
    return house.admin.post(f"/admin/users/user/{house.bob.pk}/delete/", {"post": "yes"})


def change_membership(house):
    url = f"/admin/ledgers/membership/{house.member.pk}/change/"
    return house.admin.post(url, {"role": "owner", "version": "1"})


EXPENSE = "admin:expenses_expense_"
ADMIN = {
    save_form: (f"{EXPENSE}change", {"expense update": 1}),
    save_list: (f"{EXPENSE}changelist", {"expense update": 2}),
    do_set_category: (f"{EXPENSE}changelist", {"expense update": 3}),
    do_change_date: (f"{EXPENSE}changelist", {"expense update": 2}),
    do_shift_date: (f"{EXPENSE}changelist", {"expense update": 3}),
    do_delete: (f"{EXPENSE}changelist", {"expense delete": 3}),
    add_in_admin: (f"{EXPENSE}add", {"expense insert": 1}),
    delete_in_admin: (f"{EXPENSE}delete", {"expense delete": 1}),
    delete_ledger: (
        "admin:ledgers_ledger_delete",
        {"ledger delete": 1, "membership delete": 2, "category delete": 5, "expense delete": 3},
    ),
    delete_person: ("admin:users_user_delete", {"membership delete": 1, "expense update": 3}),
    change_membership: ("admin:ledgers_membership_change", {"membership update": 1}),
}


@pytest.mark.parametrize("door", ADMIN)
def test_what_the_admin_changes(house, door):
    act, counts = ADMIN[door]
    with traced() as trace:
        assert door(house).status_code == 302
    assert (trace.counts, trace.said) == (counts, [(house.ledger.pk, house.root.pk, "root", "admin", act)])


# What changes nothing, or is refused


UNCHANGED = {
    "day page": lambda house: save_day(house, changing=False),
    "category": lambda house: rename_category(house, "Food"),
    "archive": lambda house: archive_category(house, "no"),
    "settings": lambda house: save_settings(house, "Household"),
    "member": lambda house: change_member(house, "editor"),
    "PUT": lambda house: put_one(house, "1.00"),
    "PATCH": lambda house: patch_one(house, "1.00"),
    "PUT day": lambda house: put_day(house, changing=False),
    "original POST": lambda house: post_original_day(house, (1, 2, 3)),
    "admin form": lambda house: save_form(house, "n"),
    "admin list": lambda house: save_list(house, "n"),
    "set category": lambda house: do_set_category(house, "Food"),
    "change date": lambda house: do_change_date(house, DAY),
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_what_changes_nothing_leaves_nothing(house, name):
    with traced() as trace:
        assert UNCHANGED[name](house).status_code in (200, 302)
    assert (trace.counts, trace.said) == ({}, [])


REFUSED = {
    "a wrong row on the day page": lambda house: _bad_day(house),
    "a taken name": lambda house: rename_category(house, "RENT"),
    "one wrong of a list": lambda house: house.send("post", "expenses/", [house.body, {"amount": "0"}]),
    "an old version": lambda house: house.send(
        "patch", f"expenses/{house.expenses[0].pk}/", {"version": 7, "amount": "5"}
    ),
    "no version": lambda house: house.send("delete", f"expenses/{house.expenses[0].pk}/"),
    "a day of no tag": lambda house: house.send("put", f"days/{DAY}/", {"tag": "x", "expenses": []}),
    "a used category": lambda house: house.send(
        "delete", f"categories/{house.category('Food').pk}/?version=1"
    ),
}


def _bad_day(house):
    url, page = house.page(f"expenses/{DAY}/")
    return house.browser.post(url, page.form("day-form").write(0, amount="9").write(1, amount="x").data)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_leaves_nothing(house, name):
    with traced() as trace:
        assert REFUSED[name](house).status_code in (400, 409, 412, 422, 428)
    assert (trace.counts, trace.said) == ({}, [])
