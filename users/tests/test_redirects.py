"""Wherever ``next`` leads after signing in or out, it is a page of ours."""

import pytest
from allauth.mfa.totp.internal import auth

from expenses.tests.factories import PASSWORD, make_user
from users.models import Invitation

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example/x",
    "https://evil.example/x",
    "HTTPS:evil.example",
    "https:///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "//testserver@evil.example",
    "//evil.example\\@testserver",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,x",
    "\x00//evil.example",
    "//evil.example%00testserver",
]
ANYWHERE = pytest.mark.parametrize("target", ELSEWHERE)
SIGN_IN = {"login": "alice", "password": PASSWORD}
KEY = "JBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db


@pytest.fixture
def _clock_stands_still(monkeypatch):
    # The digits change every 30 seconds, and a test could fall on the change.
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: [1])


def leads_to(answer) -> str:
    assert answer.status_code == 302
    return answer["Location"]


@ANYWHERE
@pytest.mark.catalogue(61)
def test_signing_in(client, alice, target):
    assert leads_to(client.post("/accounts/login/", SIGN_IN | {"next": target})) == "/"


@ANYWHERE
def test_signing_in_when_one_is_in_already(browser, target):
    assert leads_to(browser.get("/accounts/login/", {"next": target})) == "/"


@ANYWHERE
@pytest.mark.usefixtures("_clock_stands_still")
def test_the_second_step(client, alice, target):
    auth.TOTP.activate(alice, KEY)
    code = auth.format_hotp_value(auth.hotp_value(KEY, 1))
    client.post("/accounts/login/", SIGN_IN | {"next": target})
    assert leads_to(client.post("/accounts/2fa/authenticate/", {"code": code, "next": target})) == "/"


@ANYWHERE
def test_a_passkey_that_is_none(client, db, target):
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": "{}", "next": target})
    assert leads_to(answer) == "/accounts/login/"


@ANYWHERE
def test_signing_out(browser, target):
    assert leads_to(browser.post("/accounts/logout/", {"next": target})) == "/accounts/login/"
    assert leads_to(browser.get("/accounts/logout/", {"next": target})) == "/accounts/login/"


@ANYWHERE
def test_proving_oneself_once_more(browser, target):
    answer = browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": target})
    assert leads_to(answer) == "/"


@ANYWHERE
def test_changing_the_password(browser, target):
    new = {"password1": "a new long password", "password2": "a new long password"}
    answer = browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "next": target, **new})
    assert leads_to(answer) == "/accounts/password/change/"


@ANYWHERE
def test_an_invitation(client, alice, target):
    token = Invitation.objects.create(created_by=alice).token
    assert leads_to(client.get(f"/accounts/invitations/{token}/", {"next": target})) == "/accounts/signup/"


@ANYWHERE
def test_the_admin(client, target):
    make_user("root", is_staff=True, is_superuser=True)
    door = leads_to(client.get("/admin/login/", {"next": target}))
    inside = client.post(door, {"login": "root", "password": PASSWORD}, follow=True)
    hops = [url for url, _status in inside.redirect_chain]
    assert hops[0].startswith("/admin/login/?next=")
    assert hops[-1] == "/admin/"
    assert client.post("/admin/logout/", {"next": target}, follow=True).redirect_chain == []


def test_a_page_of_ours_is_reached(client, alice):
    answer = client.post("/accounts/login/", SIGN_IN | {"next": "/accounts/preferences/"})
    assert leads_to(answer) == "/accounts/preferences/"
