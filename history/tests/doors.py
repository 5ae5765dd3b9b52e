"""The doors to a ledger: what a person, a program or an administrator sends to change something there."""

from dataclasses import dataclass

from django.test import Client
from rest_framework.test import APIClient

from expenses.models import Account, Category, Expense, Rule
from expenses.tests.factories import make_user
from expenses.tests.pages import Page
from expenses.tests.test_admin import inputs
from expenses.tests.test_admin_actions import ask, confirm
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
    def account(self) -> Account:
        return Account.objects.get(ledger=self.ledger)

    @property
    def body(self) -> dict:
        return {"date": DAY, "amount": "5.00", "category": self.category("Food").pk}

    @property
    def member(self) -> Membership:
        return Membership.objects.get(user=self.bob)


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
    return house.post(f"categories/{house.category('Rent').pk}/archive/", archived=archived)


def delete_category(house):
    return house.post(f"categories/{house.category('Other').pk}/delete/")


def add_account(house):
    url, page = house.page("accounts/")
    return house.browser.post(url, page.form("new").data | {"new-name": "Card"})


def rename_account(house, name="Savings"):
    pk = house.account.pk
    form = house.page("accounts/")[1].form(f"/accounts/{pk}/")
    return house.browser.post(form.attributes["action"], form.data | {f"account-{pk}-name": name})


def delete_account(house):
    return house.post(f"accounts/{house.account.pk}/delete/")


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


def save_bad_day(house):
    url, page = house.page(f"expenses/{DAY}/")
    return house.browser.post(url, page.form("day-form").write(0, amount="9").write(1, amount="x").data)


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


def post_account(house):
    return house.send("post", "accounts/", {"name": "Card"})


def patch_account(house):
    return house.send("patch", f"accounts/{house.account.pk}/", {"version": 1, "digits": "1"})


def remove_account(house):
    return house.send("delete", f"accounts/{house.account.pk}/?version=1")


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


def save_account(house):
    url = f"/admin/expenses/account/{house.account.pk}/change/"
    return house.admin.post(url, inputs(house.admin.get(url)) | {"name": "Savings"})


def save_rule(house):
    url = f"/admin/expenses/rule/{Rule.objects.get().pk}/change/"
    return house.admin.post(url, inputs(house.admin.get(url)) | {"pattern": "café"})


def delete_ledger(house):
    return house.admin.post(f"/admin/ledgers/ledger/{house.ledger.pk}/delete/", {"post": "yes"})


def delete_person(house):
    return house.admin.post(f"/admin/users/user/{house.bob.pk}/delete/", {"post": "yes"})


def change_membership(house):
    url = f"/admin/ledgers/membership/{house.member.pk}/change/"
    return house.admin.post(url, {"role": "owner", "version": "1"})
