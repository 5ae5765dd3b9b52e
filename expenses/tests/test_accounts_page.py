import re

import pytest
from django.urls import reverse

from expenses.models import Account
from expenses.tests.factories import make_account, make_expense, make_ledger, share
from expenses.tests.pages import Page

pytestmark = pytest.mark.django_db


def values(ledger):
    return list(Account.objects.in_ledger(ledger).values_list("name", "currency", "digits"))


def page(browser, ledger):
    return Page(browser.get(reverse("accounts", args=[ledger.pk])))


def sent(browser, form, **data):
    return browser.post(form.attributes["action"], form.data | data)


def form_of(browser, ledger, account):
    return page(browser, ledger).form(f"/accounts/{account.pk}/")


def edited(browser, ledger, account, **changes):
    """Send the account's own form with some of its fields changed."""
    data = {f"account-{account.pk}-{name}": value for name, value in changes.items()}
    return sent(browser, form_of(browser, ledger, account), **data)


def delete(browser, ledger, account):
    return browser.post(reverse("account_delete", args=[ledger.pk, account.pk]))


def test_an_account_is_added_in_the_ledgers_currency_unless_told(browser, ledger):
    form = page(browser, ledger).form("new")
    response = sent(browser, form, **{"new-name": "  My   card ", "new-digits": "42"})
    assert response["Location"] == reverse("accounts", args=[ledger.pk])
    assert values(ledger) == [("My card", "EUR", "42")]
    assert page(browser, ledger).said == "Account “My card” added."
    sent(browser, form, **{"new-name": "Cash", "new-currency": "usd", "new-digits": ""})
    assert values(ledger)[0] == ("Cash", "USD", "")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "checking", "This ledger has an account of that name already."),
        ("name", "   ", "This field is required."),
        ("name", "a\0b", "Null characters are not allowed."),
        ("name", "x" * 101, "Ensure this value has at most 100 characters (it has 101)."),
        ("currency", "12", "A currency is three capital letters."),
        ("currency", "EURO", "Ensure this value has at most 3 characters (it has 4)."),
        ("digits", "1-2", "Write at most four letters or digits, the last of the account's number."),
    ],
)
def test_a_wrong_account_is_refused_and_what_was_typed_is_kept(browser, ledger, field, value, message):
    make_account(ledger, currency="EUR")
    data = {"new-name": "New", "new-currency": "CHF", "new-digits": "9", f"new-{field}": value}
    response = sent(browser, page(browser, ledger).form("new"), **data)
    assert (response.status_code, values(ledger)) == (422, [("Checking", "EUR", "3000")])
    assert Page(response).text("error") == message
    assert Page(response).form("new").data[f"new-{field}"] == value


def test_an_account_is_changed_and_keeps_its_key(browser, ledger):
    account = make_account(ledger)
    assert edited(browser, ledger, account, name="Card", currency="CHF", digits="77").status_code == 302
    assert values(ledger) == [("Card", "CHF", "77")]
    assert Account.objects.get().key == account.key


def test_a_change_made_by_somebody_else_meanwhile_is_not_overwritten_unseen(browser, ledger):
    account = make_account(ledger, currency="EUR")
    form = form_of(browser, ledger, account)
    Account.objects.update(name="Savings")
    refused = sent(browser, form, **{f"account-{account.pk}-name": "Card"})
    assert (refused.status_code, values(ledger)[0][0]) == (422, "Savings")
    message = "Somebody changed this meanwhile. It is now: Savings …3000 EUR. Save again to overwrite that."
    assert Page(refused).text("error") == message
    assert sent(browser, Page(refused).form(f"/accounts/{account.pk}/")).status_code == 302
    assert values(ledger)[0][0] == "Card"


def test_a_deletion_can_be_undone(browser, ledger):
    account = make_account(ledger)
    response = browser.post(reverse("account_delete", args=[ledger.pk, account.pk]), follow=True)
    assert (values(ledger), Page(response).said) == ([], "Account “Checking” deleted.")
    [undo] = re.findall(r'href="([^"]*)">Undo</a>', response.content.decode())
    browser.post(undo)
    assert values(ledger) == [("Checking", "", "3000")]


def test_an_account_with_imported_expenses_cannot_be_deleted(browser, ledger):
    account = make_account(ledger)
    make_expense(ledger, external_id=f"{account.key}:1")
    seen = page(browser, ledger)
    address = reverse("account_delete", args=[ledger.pk, account.pk])
    assert address not in [form.attributes["action"] for form in seen.forms]
    assert seen.text("badge") == "has imported expenses"
    delete(browser, ledger, account)
    assert page(browser, ledger).said == "“Checking” has imported expenses, so it cannot be deleted."
    assert len(values(ledger)) == 1


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_an_account_of_another_ledger_of_mine_is_not_found_here(browser, ledger, alice, verb):
    foreign = make_account(make_ledger(alice, "Other"))
    response = browser.post(reverse(f"account_{verb}", args=[ledger.pk, foreign.pk]))
    assert (response.status_code, Account.objects.get().version) == (404, 1)


def test_nobody_sees_or_sets_a_key(browser, ledger):
    account = make_account(ledger)
    edited(browser, ledger, account, key="0" * 16)
    assert Account.objects.get().key == account.key
    assert account.key not in browser.get(reverse("accounts", args=[ledger.pk])).content.decode()


def test_a_viewer_sees_names_and_nothing_to_press(ledger, bob, as_user):
    share(ledger, bob, "viewer")
    make_account(ledger, currency="EUR")
    seen = page(as_user(bob), ledger)
    assert seen.text("categories") == "Checking …3000 EUR"
    harmless = [reverse("member_leave", args=[ledger.pk]), reverse("account_logout")]
    assert [form.attributes["action"] for form in seen.forms] == harmless


def test_the_settings_lead_there(browser, ledger):
    settings = browser.get(reverse("ledger_settings", args=[ledger.pk])).content.decode()
    assert f'href="{reverse("accounts", args=[ledger.pk])}"' in settings
