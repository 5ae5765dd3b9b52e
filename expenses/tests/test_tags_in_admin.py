"""Tags and receipts of expenses in the admin."""

import pytest
from django.contrib.auth.models import Permission

from expenses.models import Expense
from expenses.tests.factories import make_expense, make_ledger
from expenses.tests.test_admin import LIST, inputs, texts

pytestmark = pytest.mark.django_db
RECEIPT = "12345678-1234-5678-1234-567812345678"


def test_they_are_written_as_words(ledger, admin_client):
    expense = make_expense(ledger, tags=["home", "work"])
    url = f"{LIST}{expense.pk}/change/"
    fields = inputs(admin_client.get(url))
    assert (fields["tags"], fields["receipt"]) == ("home work", "")
    refused = admin_client.post(url, fields | {"tags": "a.b", "receipt": "7"})
    assert refused.context["adminform"].form.errors == {
        "tags": ["“a.b” cannot be a tag."],
        "receipt": ["Enter a valid UUID."],
    }
    assert admin_client.post(url, fields | {"tags": "Trip, #work", "receipt": RECEIPT}).status_code == 302
    expense.refresh_from_db()
    assert (expense.tags, str(expense.receipt), expense.version) == (["trip", "work"], RECEIPT, 2)


def test_what_somebody_made_of_them_meanwhile_is_shown_and_overwritten_only_when_said_again(
    ledger, admin_client
):
    expense = make_expense(ledger, notes="lunch")
    url = f"{LIST}{expense.pk}/change/"
    fields = inputs(admin_client.get(url)) | {"tags": "mine"}
    Expense.objects.update(tags=["theirs"], receipt=RECEIPT)
    refused = admin_client.post(url, fields)
    assert f"Food · lunch #theirs · receipt {RECEIPT}." in texts(refused)
    assert admin_client.post(url, inputs(refused)).status_code == 302
    expense.refresh_from_db()
    assert expense.tags == ["mine"]


def test_a_form_of_a_row_without_a_receipt_says_only_what_was_changed(ledger, admin_client):
    expense = make_expense(ledger)
    url = f"{LIST}{expense.pk}/change/"
    fields = inputs(admin_client.get(url)) | {"notes": "mine"}
    Expense.objects.update(payee="Theirs")
    again = inputs(admin_client.post(url, fields))
    assert again["initial-receipt"] == ""


def test_the_list_shows_them_and_is_filtered_by_one(ledger, alice, bob, as_user):
    make_expense(ledger, "11", tags=["work"])
    make_expense(ledger, "22", tags=["home", "work"])
    make_expense(make_ledger(bob), "33", tags=["secret"])
    alice.is_staff = True
    alice.save()
    alice.user_permissions.set(Permission.objects.filter(codename="view_expense"))
    browser = as_user(alice)
    page = texts(browser.get(LIST))
    assert "#home #work" in page
    assert "secret" not in page
    found = browser.get(LIST, {"tag": "home"}).context["cl"].result_list
    assert [str(expense.amount) for expense in found] == ["22.000"]
    assert not browser.get(LIST, {"tag": "\0"}).context["cl"].result_list
