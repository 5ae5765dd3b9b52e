"""After a save the page offers to undo it: a link right after the sentence that says what was saved."""

from datetime import date

import pytest
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.urls import reverse

from api.templatetags.submissions import with_undo
from api.tests.forms import EACH_FORM, filled
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_user
from expenses.tests.pages import Page
from history.models import ChangeSet
from ledgers.models import Membership

pytestmark = pytest.mark.django_db

DAY = date(2024, 8, 1)


def latest(ledger) -> str:
    """Where what was written last in the ledger can be undone."""
    return reverse("change_set", args=[ledger.pk, ChangeSet.objects.in_ledger(ledger).latest("pk").pk])


def offers(client, response) -> list[str]:
    """The addresses of the links among the messages of the page that the answer leads to."""
    html = client.get(response["Location"], follow=True).content.decode()
    shown = html[html.index('class="messages"') :].partition("</div>")[0]
    return [part.partition('"')[0] for part in shown.split('href="')[1:]]


def day_form(client, ledger, **cells) -> dict:
    page = client.get(reverse("day", args=[ledger.pk, DAY]))
    return Page(page).form("day-form").write(0, **cells).data


def food(ledger) -> Category:
    return Category.objects.get(ledger=ledger, name="Food")


@EACH_FORM
def test_every_form_that_saved_offers_undo(browser, household, act):
    response = browser.post(*filled(browser, household, act))
    assert offers(browser, response) == [latest(household)]


def test_a_saved_day_offers_undo_once_in_the_line_that_says_what_was_saved(browser, ledger):
    url = reverse("day", args=[ledger.pk, DAY])
    response = browser.post(url, day_form(browser, ledger, amount="5", category=food(ledger).pk))
    page = browser.get(response["Location"])
    assert (Page(page).text("message"), latest(ledger) in page.content.decode()) == (
        "Saved: 1 added. Undo",
        True,
    )
    assert Page(browser.get(url)).text("message") == ""


def test_a_refused_day_and_a_day_only_looked_at_offer_nothing(browser, ledger):
    url = reverse("day", args=[ledger.pk, DAY])
    refused = browser.post(url, day_form(browser, ledger, amount="5", category=""))
    assert (refused.status_code, Page(refused).text("message")) == (422, "")
    assert Page(browser.get(url)).text("message") == ""


def test_what_changed_nothing_offers_nothing(browser, ledger):
    make_expense(ledger)
    response = browser.post(reverse("day", args=[ledger.pk, DAY]), day_form(browser, ledger))
    assert (response.status_code, offers(browser, response), Expense.objects.count()) == (302, [], 1)


def test_whoever_ends_their_own_membership_is_offered_nothing(alice, bob, browser, household):
    Membership.objects.filter(user=bob).update(role="owner")
    _address, data = filled(browser, household, "remove")
    mine = Membership.objects.get(user=alice)
    response = browser.post(reverse("member_change", args=[household.pk, mine.pk]), data)
    assert offers(browser, response) == []


def test_an_offer_first_shown_in_the_admin_is_a_link_there_too(ledger, as_user):
    root = as_user(make_user("root", is_staff=True, is_superuser=True))
    Membership.objects.create(ledger=ledger, user=root.get("/").wsgi_request.user, role="owner")
    root.post(*filled(root, ledger, "add"))
    html = root.get(reverse("admin:index")).content.decode()
    assert f'Category “Pets” added. <a href="{latest(ledger)}">Undo</a>' in html


def test_an_offer_belongs_to_the_sentence_before_it(settings):
    first, second = Message(messages.SUCCESS, "one"), Message(messages.ERROR, "two")
    offer = Message(settings.UNDO, "/there/")
    assert with_undo([first, offer, second]) == [[first, "/there/"], [second, ""]]
    assert with_undo([second, first, offer]) == [[second, ""], [first, "/there/"]]
    assert with_undo(None) == with_undo([]) == with_undo([offer]) == []
