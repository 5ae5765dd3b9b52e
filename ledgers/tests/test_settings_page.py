import pytest
from django.urls import reverse

from expenses.tests.factories import make_ledger, make_user, share
from expenses.tests.pages import Page
from expenses.tests.threads import while_blocked
from ledgers.models import Membership

pytestmark = pytest.mark.django_db


def page(browser, ledger):
    return Page(browser.get(reverse("ledger_settings", args=[ledger.pk])))


def members(ledger):
    rows = Membership.objects.filter(ledger=ledger).order_by("id")
    return [(row.user.username, row.role) for row in rows.select_related("user")]


def saved(browser, ledger, **values):
    form = page(browser, ledger).form("/settings/")
    return browser.post(form.attributes["action"], form.data | values)


def added(browser, ledger, person, role="viewer"):
    form = page(browser, ledger).form("/settings/members/")
    url = reverse("member_add", args=[ledger.pk])
    return browser.post(url, {**form.data, "person": person, "role": role})


def changed(browser, membership, **values):
    return browser.post(reverse("member_change", args=[membership.ledger_id, membership.pk]), values)


def owner_of(ledger, **who):
    return Membership.objects.get(ledger=ledger, role="owner", **who)


def test_name_and_month_are_saved_and_the_currency_is_fixed(browser, ledger):
    response = saved(browser, ledger, name="Flat", month_start_day="25", currency="USD")
    ledger.refresh_from_db()
    assert response["Location"] == reverse("ledger_settings", args=[ledger.pk])
    assert (ledger.name, ledger.month_start_day, ledger.currency) == ("Flat", 25, "EUR")


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"month_start_day": "29"}, "month_start_day", "The month can start on day 1 to 28."),
        ({"month_start_day": "x"}, "month_start_day", "Enter a whole number."),
    ],
)
def test_wrong_settings_are_refused_at_the_field(browser, ledger, values, field, message):
    response = saved(browser, ledger, **values)
    assert (response.status_code, Page(response).text(f"id_{field}_error")) == (422, message)
    ledger.refresh_from_db()
    assert (ledger.name, ledger.month_start_day) == ("Household", 1)


@pytest.mark.parametrize("person", ["bob", "bob@example.org", "BOB@Example.org"])
def test_a_person_is_added_by_name_or_address(browser, ledger, bob, person):
    assert added(browser, ledger, person).status_code == 302
    assert members(ledger) == [("alice", "owner"), ("bob", "viewer")]
    assert page(browser, ledger).said == "bob is a member now."


@pytest.mark.parametrize(
    ("person", "message"),
    [
        ("nobody", "Nobody here has that name or address. They need an account first."),
        ("Bob", "Nobody here has that name or address. They need an account first."),
        ("alice", "This person is a member of the ledger already."),
        ("", "This field is required."),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_a_wrong_person_is_refused_at_the_field(browser, ledger, bob, person, message):
    response = added(browser, ledger, person)
    assert (response.status_code, Page(response).text("id_person_error")) == (422, message)
    assert members(ledger) == [("alice", "owner")]


def test_a_name_that_is_somebody_elses_address_is_never_guessed(browser, ledger, bob):
    make_user("bob@example.org")
    response = added(browser, ledger, "bob@example.org")
    assert Page(response).text("id_person_error") == (
        "Two people here go by that. Write the name of the one you mean."
    )
    assert members(ledger) == [("alice", "owner")]


def with_address(username, address):
    """Somebody who gave an address that nobody proved."""
    person = make_user(username)
    person.email = address
    person.save()
    return person


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("name", ["bob@example.com", "Bob@Example.com"])
def test_an_unproved_address_that_is_somebody_elses_name_is_never_guessed(browser, ledger, name, active):
    make_user(name, is_active=active)
    with_address("mallory", "bob@example.com")
    assert added(browser, ledger, "bob@example.com").status_code == 422
    assert members(ledger) == [("alice", "owner")]


def test_an_unproved_address_that_somebody_else_has_proved_is_never_guessed(browser, ledger, bob):
    bob.emailaddress_set.create(email="bob@example.com", verified=True)
    mallory = with_address("mallory", "bob@example.com")
    assert added(browser, ledger, "bob@example.com").status_code == 422
    mallory.delete()
    assert added(browser, ledger, "bob@example.com").status_code == 302
    assert members(ledger) == [("alice", "owner"), ("bob", "viewer")]


def test_a_person_with_more_addresses_is_one_person(browser, ledger, bob):
    for address in (bob.email, "bob@example.com"):
        bob.emailaddress_set.create(email=address)
    assert added(browser, ledger, "bob@example.com").status_code == 422  # that one is not proved
    assert added(browser, ledger, bob.email).status_code == 302
    assert members(ledger) == [("alice", "owner"), ("bob", "viewer")]


def test_a_person_who_was_locked_out_is_not_added(browser, ledger, bob):
    bob.is_active = False
    bob.save()
    assert added(browser, ledger, "bob").status_code == 422


def test_a_role_that_does_not_exist_is_refused(browser, ledger, bob):
    assert added(browser, ledger, "bob", role="emperor").status_code == 422
    changed(browser, owner_of(ledger), role="emperor")
    assert members(ledger) == [("alice", "owner")]


def test_a_role_is_changed(browser, ledger, bob):
    response = changed(browser, share(ledger, bob, "viewer"), role="editor")
    assert response["Location"] == reverse("ledger_settings", args=[ledger.pk])
    assert members(ledger) == [("alice", "owner"), ("bob", "editor")]
    assert page(browser, ledger).said == "bob is now editor."


def test_a_member_is_removed(browser, ledger, bob):
    changed(browser, share(ledger, bob, "editor"), remove="1")
    assert members(ledger) == [("alice", "owner")]


@pytest.mark.parametrize("values", [{"role": "viewer"}, {"remove": "1"}])
def test_a_ledger_keeps_its_last_owner(browser, ledger, bob, values):
    share(ledger, bob, "editor")
    changed(browser, owner_of(ledger), **values)
    assert members(ledger) == [("alice", "owner"), ("bob", "editor")]
    message = "A ledger needs an owner. Make somebody else an owner first."
    assert page(browser, ledger).said == message


def test_an_owner_may_leave_when_there_is_another(browser, ledger, alice, bob):
    share(ledger, bob, "owner")
    response = changed(browser, owner_of(ledger, user=alice), remove="1")
    assert response["Location"] == reverse("home")
    assert members(ledger) == [("bob", "owner")]


def test_a_member_of_another_ledger_is_not_found(browser, ledger, charlie):
    foreign = owner_of(make_ledger(charlie))
    url = reverse("member_change", args=[ledger.pk, foreign.pk])
    assert browser.post(url, {"role": "viewer"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.role == "owner"


@pytest.mark.django_db(transaction=True)
def test_a_person_added_by_somebody_else_meanwhile_is_said_at_the_field(browser, ledger, bob):
    with while_blocked(lambda: added(browser, ledger, "bob")) as answers:
        share(ledger, bob, "editor")
    (response,) = answers
    message = "This person is a member of the ledger already."
    assert (response.status_code, Page(response).text("id_person_error")) == (422, message)
    assert members(ledger) == [("alice", "owner"), ("bob", "editor")]


@pytest.mark.django_db(transaction=True)
def test_two_owners_removing_each_other_at_once_leave_one(ledger, alice, bob, as_user):
    mine, theirs = owner_of(ledger, user=alice), share(ledger, bob, "owner")
    his, hers = as_user(bob), as_user(alice)
    with while_blocked(lambda: changed(his, mine, remove="1").status_code) as answers:
        changed(hers, theirs, remove="1")
    assert answers == [302]
    assert members(ledger) == [("alice", "owner")]


def test_settings_saved_by_somebody_else_meanwhile_are_not_overwritten_unseen(browser, ledger):
    form = page(browser, ledger).form("/settings/")
    saved(browser, ledger, name="Flat", month_start_day="25")
    response = browser.post(form.attributes["action"], form.data | {"name": "Household"})
    again = Page(response).form("/settings/")
    ledger.refresh_from_db()
    assert (response.status_code, ledger.name, ledger.month_start_day) == (422, "Flat", 25)
    assert "It is now: Flat, months from day 25." in response.content.decode()
    browser.post(again.attributes["action"], again.data)
    ledger.refresh_from_db()
    assert (ledger.name, ledger.month_start_day) == ("Household", 1)


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_a_member_may_leave(ledger, bob, as_user, role):
    share(ledger, bob, role)
    response = as_user(bob).post(reverse("member_leave", args=[ledger.pk]), follow=True)
    assert Page(response).text("message") == "You have left the ledger “Household”."
    assert members(ledger) == [("alice", "owner")]


def test_the_last_owner_cannot_leave(browser, ledger):
    response = browser.post(reverse("member_leave", args=[ledger.pk]), follow=True)
    assert Page(response).text("message") == "A ledger needs an owner. Make somebody else an owner first."
    assert members(ledger) == [("alice", "owner")]


def test_an_owner_who_saves_their_own_role_stays_on_the_page(browser, ledger, alice):
    response = changed(browser, owner_of(ledger), role="owner")
    assert response["Location"] == reverse("ledger_settings", args=[ledger.pk])
