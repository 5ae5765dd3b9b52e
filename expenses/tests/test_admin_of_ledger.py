"""Accounts, rules and favourites in the admin."""

from decimal import Decimal

import pytest

from expenses.models import Account, Category, Favourite, Rule
from expenses.tests.factories import (
    make_account,
    make_expense,
    make_favourite,
    make_ledger,
    make_rule,
    make_user,
    share,
)
from expenses.tests.test_admin import inputs, make_staff, texts

ACCOUNT, RULE = "/admin/expenses/account/", "/admin/expenses/rule/"
FAVOURITE = "/admin/expenses/favourite/"
PERMISSIONS = [
    f"{verb}_{kind}"
    for verb in ("view", "add", "change", "delete")
    for kind in ("account", "rule", "favourite")
]


@pytest.fixture
def root(db, as_user):
    """A browser in which a superuser is signed in, who is a member of no ledger."""
    return as_user(make_user("root", is_staff=True, is_superuser=True))


@pytest.fixture
def staff(alice, as_user):
    """A browser of Alice, now staff with all permissions for accounts, rules and favourites."""
    return as_user(make_staff(alice, *PERMISSIONS))


def ticked(browser, url, row):
    data = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    return browser.post(url, data)


def test_an_account_is_added_with_a_key_of_its_own(staff, ledger):
    data = {"ledger": ledger.pk, "name": "  My   card ", "currency": "chf", "digits": "42"}
    assert staff.post(f"{ACCOUNT}add/", data).status_code == 302
    account = Account.objects.get()
    assert (account.name, account.currency, account.digits, len(account.key)) == ("My card", "CHF", "42", 16)
    assert "This ledger has an account of that name already." in texts(staff.post(f"{ACCOUNT}add/", data))


def test_an_account_changed_meanwhile_is_shown_and_not_overwritten(root, ledger):
    account = make_account(ledger)
    url = f"{ACCOUNT}{account.pk}/change/"
    fields = inputs(root.get(url)) | {"name": "Card"}
    Account.objects.update(name="Savings")
    refused = root.post(url, fields)
    assert "It is now: Savings · – · 3000." in texts(refused)
    assert root.post(url, inputs(refused)).status_code == 302
    assert Account.objects.get().name == "Card"


@pytest.mark.parametrize("way", ["form", "list"])
def test_an_account_with_imported_expenses_is_not_deleted(root, ledger, way):
    account = make_account(ledger)
    make_expense(ledger, external_id=f"{account.key}:1")
    ways = {
        "form": lambda: root.post(f"{ACCOUNT}{account.pk}/delete/", {"post": "yes"}),
        "list": lambda: ticked(root, ACCOUNT, account),
    }
    assert "“Checking” has imported expenses, so it cannot be deleted." in texts(ways[way]())
    assert Account.objects.exists()


@pytest.mark.parametrize(
    ("url", "make"), [(ACCOUNT, make_account), (RULE, make_rule), (FAVOURITE, make_favourite)]
)
def test_several_are_deleted_from_the_list(root, ledger, url, make):
    row = make(ledger)
    assert ticked(root, url, row).status_code == 302
    assert not type(row).objects.exists()


def test_a_rule_is_added_for_a_category_of_its_ledger(staff, alice, ledger):
    food = Category.objects.get(ledger=ledger, name="Food")
    foreign = Category.objects.get(ledger=make_ledger(alice, "Other"), name="Food")
    data = {"ledger": ledger.pk, "position": 0, "field": "any", "operator": "contains", "pattern": "bakery"}
    refused = staff.post(f"{RULE}add/", data | {"category": foreign.pk})
    assert "This ledger has no such category." in texts(refused)
    assert staff.post(f"{RULE}add/", data | {"category": food.pk}).status_code == 302
    assert Rule.objects.get().category == food


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pattern": "  "}, "This field is required."),
        ({"category": ""}, "Give the rule a category or a payee to set."),
        ({"position": "1000001"}, "The position is too large."),
        ({"operator": "like"}, "Select a valid choice. like is not one of the available choices."),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(root, ledger, changes, message):
    rule = make_rule(ledger)
    url = f"{RULE}{rule.pk}/change/"
    assert message in texts(root.post(url, inputs(root.get(url)) | changes))
    assert Rule.objects.get().version == 1


def test_a_rule_changed_meanwhile_is_shown(root, ledger):
    rule = make_rule(ledger)
    url = f"{RULE}{rule.pk}/change/"
    fields = inputs(root.get(url)) | {"payee": "Bakery"}
    Rule.objects.update(pattern="café")
    assert "It is now: 0 · payee or text · contains · café · Food · –." in texts(root.post(url, fields))


def test_a_favourite_is_added_for_a_category_of_its_ledger(staff, alice, ledger):
    food = Category.objects.get(ledger=ledger, name="Food")
    foreign = Category.objects.get(ledger=make_ledger(alice, "Other"), name="Food")
    data = {"ledger": ledger.pk, "name": " My  coffee ", "position": 0, "tags": "#Work, home"}
    refused = staff.post(f"{FAVOURITE}add/", data | {"category": foreign.pk, "tags": "a.b", "amount": "0"})
    for message in (
        "This ledger has no such category.",
        "“a.b” cannot be a tag.",
        "An amount cannot be zero.",
    ):
        assert message in texts(refused)
    assert staff.post(f"{FAVOURITE}add/", data | {"category": food.pk}).status_code == 302
    made = Favourite.objects.get()
    assert (made.name, made.amount, made.category, made.tags) == ("My coffee", None, food, ["home", "work"])


def test_a_favourite_changed_meanwhile_is_shown(root, ledger):
    favourite = make_favourite(ledger, amount=None, tags=["work"])
    url = f"{FAVOURITE}{favourite.pk}/change/"
    fields = inputs(root.get(url)) | {"amount": "1.5"}
    Favourite.objects.update(payee="Café")
    refused = root.post(url, fields)
    assert "It is now: Coffee · 0 · – · Food · Café · #work." in texts(refused)
    assert root.post(url, inputs(refused)).status_code == 302
    assert Favourite.objects.values_list("amount", "payee", "tags").get() == (Decimal("1.5"), "", ["work"])


def test_staff_see_and_change_only_what_their_roles_allow(as_user, alice, bob, ledger):
    share(ledger, bob, "viewer")
    make_account(make_ledger(alice, "Other"), "Hidden")
    account = make_account(ledger)
    viewer = as_user(make_staff(bob, *PERMISSIONS))
    seen = texts(viewer.get(ACCOUNT))
    assert ("Checking" in seen, "Hidden" in seen) == (True, False)
    assert viewer.post(f"{ACCOUNT}{account.pk}/change/", {"name": "Card"}).status_code == 403
    assert account.key not in viewer.get(f"{ACCOUNT}{account.pk}/change/").content.decode()
