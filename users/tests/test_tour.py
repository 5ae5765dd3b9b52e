import pytest
from django.urls import reverse

from expenses.tests.factories import share

pytestmark = pytest.mark.django_db

TITLE = "Three steps to begin with"


def is_shown(browser, ledger) -> bool:
    return TITLE in browser.get(reverse("overview", args=[ledger.pk])).content.decode()


def test_the_first_day_has_a_tour_until_it_is_closed(browser, alice, ledger):
    page = reverse("overview", args=[ledger.pk])
    assert is_shown(browser, ledger)
    response = browser.post(reverse("close_tour"), {"next": page})
    alice.refresh_from_db()
    assert (response["Location"], is_shown(browser, ledger)) == (page, False)
    assert alice.toured_at is not None


def test_who_only_looks_at_a_ledger_has_none(as_user, bob, ledger):
    share(ledger, bob, "viewer")
    assert not is_shown(as_user(bob), ledger)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_closing_it_leads_to_no_other_site(browser, back):
    assert browser.post(reverse("close_tour"), {"next": back})["Location"] == reverse("home")


def test_a_visitor_signs_in_first_and_looking_closes_nothing(client, browser, alice):
    assert client.post(reverse("close_tour"))["Location"].startswith(reverse("account_login"))
    assert browser.get(reverse("close_tour")).status_code == 405
    alice.refresh_from_db()
    assert alice.toured_at is None
