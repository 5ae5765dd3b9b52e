import pytest
from django.urls import reverse
from django.utils import translation

from expenses.models import Category
from expenses.opening import open_ledger
from expenses.tests.pages import Page
from ledgers.models import Ledger, Membership

STARTER = ["Rent", "Food", "Shopping", "Entertainment", "Other"]

pytestmark = pytest.mark.django_db


def names(ledger):
    return list(Category.objects.in_ledger(ledger).values_list("name", flat=True))


def asked(browser, **values):
    url = reverse("ledger_new")
    form = Page(browser.get(url)).form("stack")
    return browser.post(url, form.data | values)


def test_a_new_ledger_has_its_owner_and_the_starter_categories(alice):
    ledger = open_ledger("Flat", "CHF", alice, month_start_day=25)
    assert (ledger.name, ledger.currency, ledger.month_start_day) == ("Flat", "CHF", 25)
    assert [(each.user, each.role) for each in Membership.objects.all()] == [(alice, "owner")]
    assert names(ledger) == STARTER
    assert len(set(Category.objects.values_list("colour", flat=True))) == 5


def test_categories_of_two_ledgers_are_different_rows(alice):
    first, second = open_ledger("A", "EUR", alice), open_ledger("B", "EUR", alice)
    assert names(first) == names(second) == STARTER
    assert Category.objects.count() == 10


def test_a_language_without_a_translation_gets_the_english_names(alice):
    with translation.override("en-gb"):
        assert names(open_ledger("A", "GBP", alice)) == STARTER


def test_a_german_gets_german_names(alice):
    with translation.override("de"):
        assert names(open_ledger("A", "EUR", alice)) == [
            "Miete",
            "Lebensmittel",
            "Einkäufe",
            "Freizeit",
            "Sonstiges",
        ]


def test_the_page_opens_a_ledger_and_leads_into_it(browser, alice):
    response = asked(browser, name="Holiday", currency="JPY", month_start_day="1")
    ledger = Ledger.objects.get()
    assert response["Location"] == reverse("today", args=[ledger.pk])
    assert (ledger.name, ledger.currency, list(ledger.members.all())) == ("Holiday", "JPY", [alice])
    assert (
        Page(browser.get(response["Location"], follow=True)).text("messages") == "Ledger “Holiday” is open."
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "This field is required."),
        ("currency", "XXX", "Select a valid choice. XXX is not one of the available choices."),
        ("month_start_day", "29", "The month can start on day 1 to 28."),
        ("month_start_day", "0", "The month can start on day 1 to 28."),
    ],
)
def test_a_wrong_ledger_is_refused_at_the_field_and_nothing_is_opened(browser, field, value, message):
    good = {"name": "Holiday", "currency": "EUR", "month_start_day": "1"}
    response = asked(browser, **good | {field: value})
    page = Page(response)
    assert (response.status_code, Ledger.objects.count()) == (422, 0)
    assert page.text(f"id_{field}_error") == message
    assert page.form("stack").data["name"] == (value if field == "name" else "Holiday")
