"""A form that comes twice is carried out once; what was typed is never lost; what was saved can be undone."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api.models import Submission
from api.tests.forms import EACH_FORM, FORMS, filled, rows
from expenses.models import Category
from expenses.tests.factories import make_expense, share
from expenses.tests.pages import Page, in_production
from expenses.tests.threads import at_once
from ledgers.models import Ledger, Membership

pytestmark = pytest.mark.django_db


def said(client, response) -> str:
    return Page(client.get(response["Location"], follow=True)).said


@EACH_FORM
@pytest.mark.catalogue(42)
def test_a_form_sent_twice_is_carried_out_once_and_answered_alike(browser, household, act):
    address, data = filled(browser, household, act)
    first = browser.post(address, data)
    said(browser, first)
    second = browser.post(address, data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert (second["Location"], said(browser, second)) == (first["Location"], "Saved already.")
    assert rows(household, act) == FORMS[act][3]


@EACH_FORM
@pytest.mark.django_db(transaction=True)
@pytest.mark.catalogue(42)
def test_a_form_sent_ten_times_at_once_is_carried_out_once(alice, household, as_user, act):
    clients = [as_user(alice) for _ in range(10)]
    address, data = filled(clients[0], household, act)
    answers = at_once(*(lambda c=c: c.post(address, data) for c in clients))
    assert [answer.status_code for answer in answers] == [302] * 10
    assert len({answer["Location"] for answer in answers}) == 1
    assert (rows(household, act), Submission.objects.count()) == (FORMS[act][3], 1)


def opened(client) -> dict:
    form = Page(client.get(reverse("ledger_new"))).form("stack")
    return form.data | {"name": "Holiday", "currency": "JPY", "month_start_day": "1"}


@pytest.mark.catalogue(42)
def test_a_ledger_asked_for_twice_is_opened_once_and_both_lead_into_it(browser):
    data = opened(browser)
    answers = [browser.post(reverse("ledger_new"), data) for _ in range(2)]
    ledger = Ledger.objects.get()
    assert [answer["Location"] for answer in answers] == [reverse("today", args=[ledger.pk])] * 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.catalogue(42)
def test_a_ledger_asked_for_ten_times_at_once_is_opened_once(alice, as_user):
    clients = [as_user(alice) for _ in range(10)]
    data = opened(clients[0])
    answers = at_once(*(lambda c=c: c.post(reverse("ledger_new"), data) for c in clients))
    ledger = Ledger.objects.get()
    assert [answer["Location"] for answer in answers] == [reverse("today", args=[ledger.pk])] * 10


def test_a_ledger_of_another_name_is_opened_from_the_same_rendering(browser):
    data = opened(browser)
    for name in ("Holiday", "Office"):
        browser.post(reverse("ledger_new"), data | {"name": name})
    assert [ledger.name for ledger in Ledger.objects.all()] == ["Holiday", "Office"]


def test_what_else_was_typed_into_the_same_rendering_is_saved_too(browser, ledger):
    address, data = filled(browser, ledger, "add")
    for name in ("Pets", "Plants", "Pets"):
        assert browser.post(address, data | {"new-name": name}).status_code == 302
    assert rows(ledger, "add") == "Rent Food Shopping Entertainment Other Pets Plants"


def test_the_same_from_another_rendering_is_carried_out_again(browser, ledger):
    for _ in range(2):
        browser.post(*filled(browser, ledger, "move"))
    assert rows(ledger, "move") == "Rent Shopping Entertainment Food Other"


def test_the_same_key_at_another_address_is_another_form(browser, ledger):
    address, data = filled(browser, ledger, "move")
    browser.post(address, data)
    rent = Category.objects.get(name="Rent")
    browser.post(reverse("category_move", args=[ledger.pk, rent.pk]), data)
    assert rows(ledger, "move") == "Shopping Rent Food Entertainment Other"


@pytest.mark.parametrize("key", ["", "not one", "0" * 40])
def test_a_form_without_a_key_is_carried_out_each_time(browser, ledger, key):
    address, data = filled(browser, ledger, "move")
    for _ in range(2):
        assert browser.post(address, data | {"submission": key}).status_code == 302
    assert (rows(ledger, "move"), Submission.objects.count()) == ("Rent Shopping Entertainment Food Other", 0)


def test_a_refused_form_is_not_remembered_and_can_be_sent_again(browser, ledger):
    address, data = filled(browser, ledger, "add")
    Category.objects.filter(name="Other").update(name="Pets")
    refused = browser.post(address, data)
    assert (refused.status_code, Submission.objects.count()) == (422, 0)
    assert Page(refused).form("new").data["submission"] != data["submission"]
    Category.objects.filter(name="Pets").update(name="Other")
    assert browser.post(address, data).status_code == 302
    assert rows(ledger, "add") == FORMS["add"][3]


def test_a_refusal_said_on_the_next_page_is_not_remembered_either(browser, ledger):
    address, data = filled(browser, ledger, "delete")
    expense = make_expense(ledger)
    refused = browser.post(address, data)
    assert (said(browser, refused), Submission.objects.count()) == (
        "“Food” has expenses, so it cannot be deleted. Archive it, or merge it into another one.",
        0,
    )
    expense.delete()
    browser.post(address, data)
    assert rows(ledger, "delete") == FORMS["delete"][3]


@pytest.mark.catalogue(42)
def test_an_error_still_to_be_shown_from_another_page_refuses_nothing(browser, ledger):
    data = opened(browser)
    browser.get(reverse("choose_day", args=[ledger.pk]), {"date": "xx"})
    for _ in range(2):
        answer = browser.post(reverse("ledger_new"), data)
    assert Ledger.objects.filter(name="Holiday").count() == 1
    everything = "Write a date as YYYY-MM-DD. Ledger “Holiday” is open. Saved already."
    assert said(browser, answer) == everything


def test_a_role_is_set_each_time_it_is_asked_for(browser, household):
    address, _data = filled(browser, household, "remove")
    url = reverse("ledger_settings", args=[household.pk])
    asked = next(f for f in Page(browser.get(url)).forms if f.attributes.get("action") == address)
    assert "submission" not in asked.data
    for role in ("viewer", "editor", "viewer"):
        assert browser.post(address, asked.data | {"role": role}).status_code == 302
    assert Membership.objects.get(user__username="bob").role == "viewer"


def test_whoever_ends_their_own_membership_leaves_nothing_behind(alice, bob, browser, household):
    Membership.objects.filter(user=bob).update(role="owner")
    address, data = filled(browser, household, "remove")
    mine = Membership.objects.get(user=alice)
    address = reverse("member_change", args=[household.pk, mine.pk])
    assert browser.post(address, data)["Location"] == reverse("home")
    assert (browser.post(address, data).status_code, Submission.objects.count()) == (404, 0)


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), (None, 404)])
def test_whoever_may_not_write_any_more_is_refused_as_if_they_had_never_sent_it(
    bob, household, as_user, role, status
):
    client = as_user(bob)
    address, data = filled(client, household, "move")
    client.post(address, data)
    Membership.objects.filter(user=bob).delete()
    if role:
        share(household, bob, role)
    answers = [client.post(address, sent).status_code for sent in (data, data | {"submission": ""})]
    assert (answers, Submission.objects.count()) == ([status] * 2, 1)


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), (None, 404)])
def test_whoever_may_not_write_leaves_no_row(browser, ledger, charlie, as_user, role, status):
    if role:
        share(ledger, charlie, role)
    address, data = filled(browser, ledger, "move")
    assert as_user(charlie).post(address, data).status_code == status
    assert (rows(ledger, "move"), Submission.objects.count()) == (
        "Rent Food Shopping Entertainment Other",
        0,
    )


def test_somebody_elses_key_is_not_theirs_to_use(browser, household, bob, as_user):
    address, data = filled(browser, household, "move")
    for client in (browser, as_user(bob)):
        client.post(address, data)
    assert rows(household, "move") == "Rent Shopping Entertainment Food Other"


def test_a_visitor_gets_the_form_back_with_its_key(browser, client, ledger):
    address, data = filled(browser, ledger, "add")
    origin = {"Origin": "http://testserver"}
    back = client.post(address, data, headers=origin)
    form = Page(back).form(address)
    assert (back.status_code, form.data["submission"]) == (403, data["submission"])
    assert UUID(data["submission"]).version == 4


def test_the_queries_of_a_save_do_not_grow_with_what_is_remembered(browser, ledger):
    def queries(name):
        address, data = filled(browser, ledger, "add")
        with CaptureQueriesContext(connection) as captured:
            browser.post(address, data | {"new-name": name})
        return len(in_production(captured))

    first = queries("Pets")
    others = [queries(f"Pets {number}") for number in range(3)]
    assert others == [first] * 3
