import re
from functools import partial

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from expenses.models import Category
from expenses.tests.factories import PASSWORD, make_user
from expenses.tests.pages import Page
from expenses.tests.threads import at_once
from ledgers.models import Ledger, Membership
from users.models import INVITATION_SALT, Invitation, User

SIGNUP, LOGIN = "/accounts/signup/", "/accounts/login/"
DETAILS = {
    "username": "dora",
    "email": "dora@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "ledger_name": "Flat",
    "currency": "CHF",
    "time_zone": "Asia/Tokyo",
}

pytestmark = pytest.mark.django_db


def signed_up(browser, **values):
    """Fill in the form the page shows and send it."""
    return browser.post(SIGNUP, Page(browser.get(SIGNUP)).form("stack").data | DETAILS | values)


def heading(response):
    return Page(response).text("h1")


def people():
    return list(User.objects.order_by("id").values_list("username", "is_superuser", "is_staff"))


@pytest.fixture(autouse=True)
def _first(settings):
    settings.SIGNUP = "first"
    cache.clear()  # other tests' tries do not count


def test_the_first_visit_leads_to_the_first_account(client):
    assert client.get("/")["Location"] == SIGNUP


def test_the_first_account_is_the_administrator_and_lands_on_the_overview_of_its_ledger(client):
    response = client.get(signed_up(client)["Location"], follow=True)
    assert people() == [("dora", True, True)]
    assert response.resolver_match.url_name == "overview"
    assert response.context["user"].username == "dora"


def test_the_first_ledger_has_the_name_and_currency_asked_and_the_starter_categories(client):
    signed_up(client)
    ledger = Ledger.objects.get()
    assert (ledger.name, ledger.currency) == ("Flat", "CHF")
    assert [(each.user.username, each.role) for each in Membership.objects.all()] == [("dora", "owner")]
    names = Category.objects.filter(ledger=ledger).values_list("name", flat=True)
    assert list(names) == ["Rent", "Food", "Shopping", "Entertainment", "Other"]


@pytest.mark.parametrize(
    ("zone", "kept"), [("Asia/Tokyo", "Asia/Tokyo"), ("", "UTC"), ("Moon/Base", "UTC"), ("x" * 99, "UTC")]
)
def test_the_browsers_time_zone_is_kept_and_one_unknown_here_stops_nobody(client, zone, kept):
    signed_up(client, time_zone=zone)
    assert User.objects.get().time_zone == kept


def test_the_browsers_language_becomes_the_persons(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de-AT,de;q=0.9"
    signed_up(client)
    assert User.objects.get().language == "de"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "XXX"),
        ("currency", ""),
        ("ledger_name", ""),
        ("ledger_name", "x" * 101),
        ("username", "a b"),
        ("email", "nonsense"),
        ("password1", "12345678"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field_and_makes_nothing(client, field, value):
    response = signed_up(client, **{field: value})
    assert list(response.context["form"].errors) == [field]
    assert (User.objects.count(), Ledger.objects.count()) == (0, 0)


def test_the_second_account_is_refused(client, alice):
    assert heading(client.get(SIGNUP)) == "Sign-up is closed"
    assert heading(client.post(SIGNUP, DETAILS)) == "Sign-up is closed"
    assert people() == [("alice", False, False)]


def test_closed_means_closed_even_for_the_first(client, settings):
    settings.SIGNUP = "closed"
    assert heading(client.post(SIGNUP, DETAILS)) == "Sign-up is closed"
    assert people() == []


def test_open_takes_everybody_and_makes_nobody_an_administrator(client, settings):
    settings.SIGNUP = "open"
    signed_up(client)
    signed_up(Client(), username="emil", email="emil@example.org")
    assert people() == [("dora", False, False), ("emil", False, False)]


def test_an_address_or_name_that_is_taken_makes_no_second_account(client, settings, alice):
    settings.SIGNUP = "open"
    signed_up(client, email="ALICE@example.org")
    signed_up(Client(), username="Alice")
    assert people() == [("alice", False, False)]


# Invitations


@pytest.fixture
def invitation(alice):
    return Invitation.objects.create(created_by=alice, note="Dora")


def invited(client, token):
    return client.get(reverse("accept_invitation", args=[token]))


@pytest.mark.parametrize("mode", ["first", "closed"])
def test_an_invitation_opens_sign_up_once(client, settings, invitation, mode):
    settings.SIGNUP = mode
    assert invited(client, invitation.token)["Location"] == SIGNUP
    signed_up(client)
    assert people() == [("alice", False, False), ("dora", False, False)]
    invitation.refresh_from_db()
    assert invitation.accepted_by.username == "dora"
    again = Client()
    assert invited(again, invitation.token)["Location"] == LOGIN
    assert Page(again.get(LOGIN)).text("messages") == (
        "This invitation was used already, or it is older than two weeks."
    )
    assert heading(again.post(SIGNUP, DETAILS | {"username": "emil", "email": "e@example.org"})) == (
        "Sign-up is closed"
    )


def test_of_two_browsers_with_one_invitation_the_second_is_too_late(client, invitation):
    second = Client()
    for browser in (client, second):
        invited(browser, invitation.token)
    signed_up(client)
    response = second.post(SIGNUP, DETAILS | {"username": "emil", "email": "emil@example.org"})
    assert heading(response) == "Sign-up is closed"
    assert people() == [("alice", False, False), ("dora", False, False)]


@pytest.mark.parametrize(("age", "location"), [(14 * 86400 - 60, SIGNUP), (14 * 86400 + 60, LOGIN)])
def test_an_invitation_lives_for_two_weeks(client, invitation, monkeypatch, age, location):
    signer = signing.TimestampSigner(salt=INVITATION_SALT)
    stamp = signing.b62_encode(int(signing.time.time()) - age)
    token = super(signing.TimestampSigner, signer).sign(f"{invitation.pk}:{stamp}")
    assert invited(client, token)["Location"] == location


@pytest.mark.parametrize("change", [str.swapcase, lambda token: "1" + token, lambda token: "x"])
def test_a_changed_invitation_opens_nothing(client, invitation, change):
    assert invited(client, change(invitation.token))["Location"] == LOGIN


# Signing in


@pytest.mark.parametrize("name", ["alice", "alice@example.org", "ALICE@example.org"])
def test_people_sign_in_by_name_or_by_address(client, alice, name):
    response = client.post(LOGIN, {"login": name, "password": PASSWORD})
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(alice.pk)


@pytest.mark.parametrize("name", ["alice", "nobody"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client, alice, name):
    response = client.post(LOGIN, {"login": name, "password": "wrong"})
    assert response.context["form"].errors == {
        "__all__": ["The username and/or password you specified are not correct."]
    }
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/x", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client, alice, target):
    response = client.post(LOGIN, {"login": "alice", "password": PASSWORD, "next": target})
    assert response["Location"] == "/"


def test_guessing_passwords_is_stopped(client, alice):
    statuses = [
        client.post(LOGIN, {"login": "alice", "password": f"wrong{number}"}).status_code
        for number in range(12)
    ]
    right = client.post(LOGIN, {"login": "alice", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert (statuses[0], right.status_code) == (200, 200)


def test_a_forgotten_password_is_reset_by_the_letter(client, mailoutbox, alice):
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    (letter,) = mailoutbox
    assert letter.to == ["alice@example.org"]
    link = re.search(r"https?://[^/\s]+(/\S+)", letter.body)[1]
    form_url = client.get(link)["Location"]
    client.post(form_url, {"password1": "a new long password", "password2": "a new long password"})
    alice.refresh_from_db()
    assert alice.check_password("a new long password")


@pytest.mark.django_db(transaction=True)
def test_of_first_accounts_made_at_once_exactly_one_exists_and_is_the_administrator():
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        browser.get(SIGNUP)

    def sign_up(number):
        values = {"username": f"user{number}", "email": f"user{number}@example.org"}
        return browsers[number].post(SIGNUP, DETAILS | values).status_code

    statuses = sorted(at_once(*(partial(sign_up, number) for number in range(4))))
    assert statuses.count(302) == 1, statuses
    assert set(statuses) <= {200, 302, 403}  # the page that says sign-up is closed, or too late
    assert [powers for _name, *powers in people()] == [[True, True]]
    assert (Ledger.objects.count(), Category.objects.count()) == (1, 5)


def test_two_addresses_differing_in_case_are_one_person(client, settings):
    settings.SIGNUP = "open"
    make_user("frieda")
    signed_up(client, username="other", email="Frieda@Example.org")
    assert people() == [("frieda", False, False)]
