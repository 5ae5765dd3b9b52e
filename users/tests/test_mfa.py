"""The second step: authenticator app, recovery codes, passkeys that are none, and proving oneself once more."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.test import Client
from django.urls import reverse

from expenses.tests.factories import PASSWORD, make_user
from expenses.tests.pages import Page

KEY = "JBSWY3DPEHPK3PXP"
LOGIN, SECOND_STEP, ACTIVATE = (
    "/accounts/login/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/totp/activate/",
)
HEADING = "Is it you?"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock_stands_still(monkeypatch):
    # The digits change every 30 seconds, and a test could fall on the change.
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: [1])


def digits(key=KEY) -> str:
    return auth.format_hotp_value(auth.hotp_value(key, 1))


@pytest.fixture
def codes(alice) -> list[str]:
    """Alice's recovery codes; her authenticator app is set up as well."""
    auth.TOTP.activate(alice, KEY)
    return RecoveryCodes.activate(alice).get_unused_codes()


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def prove(client):
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def on_second_step(**where) -> Client:
    client = Client()
    answer = client.post(LOGIN, {"login": "alice", "password": PASSWORD, **where})
    assert (answer["Location"], is_signed_in(client)) == (SECOND_STEP, False)
    return client


def send(client, code):
    return client.post(SECOND_STEP, {"code": code})


# Authenticator app and recovery codes


def test_an_app_is_set_up_with_its_digits_and_brings_recovery_codes(browser, alice):
    prove(browser)
    key = browser.get(ACTIVATE).context["form"].secret
    wrong = browser.post(ACTIVATE, {"code": "1"})
    assert (Page(wrong).text("id_code_error"), Authenticator.objects.count()) == ("Incorrect code.", 0)
    done = browser.post(ACTIVATE, {"code": digits(key)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    kinds = Authenticator.objects.filter(user=alice).values_list("type", flat=True)
    assert sorted(kinds) == ["recovery_codes", "totp"]


def test_digits_sign_in_once(codes):
    first, second = on_second_step(), on_second_step()
    assert send(first, digits())["Location"] == "/"
    assert Page(send(second, digits())).text("id_code_error") == "Incorrect code."
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_a_recovery_code_signs_in_once(codes):
    first, second = on_second_step(), on_second_step()
    send(first, codes[0])
    send(second, codes[0])
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)
    send(second, codes[1])
    assert is_signed_in(second)


def test_another_persons_recovery_code_opens_nothing(codes, bob):
    auth.TOTP.activate(bob, KEY)
    theirs = RecoveryCodes.activate(bob).get_unused_codes()[0]
    client = on_second_step()
    send(client, theirs)
    assert not is_signed_in(client)


def test_the_page_asked_for_is_shown_after_the_second_step(codes):
    assert (
        send(on_second_step(next="/accounts/preferences/"), digits())["Location"] == "/accounts/preferences/"
    )


def test_the_admin_is_reached_through_the_same_second_step(codes, alice):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client = Client()
    door = client.get("/admin/", follow=True)
    assert door.redirect_chain[-1][0] == f"{LOGIN}?next=%2Fadmin%2F"
    client.post(LOGIN, {"login": "alice", "password": PASSWORD, "next": "/admin/"})
    assert client.get("/admin/").status_code == 302
    assert send(client, digits())["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_new_password_by_letter_does_not_spare_the_second_step(codes, alice, mailoutbox):
    client = Client()
    client.post("/accounts/password/reset/", {"email": alice.email})
    form = client.get(mailoutbox[0].body.split("http://testserver")[1].split()[0])["Location"]
    client.post(form, {"password1": "a new long password", "password2": "a new long password"})
    answer = client.post(LOGIN, {"login": "alice", "password": "a new long password"})
    assert (answer["Location"], is_signed_in(client)) == (SECOND_STEP, False)


# Proving oneself once more


@pytest.mark.parametrize(
    ("url", "data"),
    [
        (ACTIVATE, {"code": digits()}),
        ("/accounts/2fa/totp/deactivate/", {}),
        ("/accounts/2fa/webauthn/add/", {}),
        ("/accounts/2fa/recovery-codes/generate/", {}),
        ("/accounts/email/", {"action_add": "", "email": "other@example.org"}),
        ("/accounts/email/", {"action_remove": "", "email": "second@example.org"}),
        ("/accounts/email/", {"action_primary": "", "email": "second@example.org"}),
    ],
)
def test_what_changes_how_one_signs_in_asks_for_the_password_first(alice, as_user, url, data):
    if "deactivate" in url or "generate" in url:
        auth.TOTP.activate(alice, KEY)
    alice.emailaddress_set.create(email=alice.email, primary=True)
    alice.emailaddress_set.create(email="second@example.org")
    before = list(Authenticator.objects.values()), list(alice.emailaddress_set.values())
    answer = as_user(alice).post(url, data, follow=True)
    assert Page(answer).text("h1") == HEADING
    assert (list(Authenticator.objects.values()), list(alice.emailaddress_set.values())) == before


def test_recovery_codes_are_shown_only_after_the_password(browser, codes):
    for page in ("recovery-codes/", "recovery-codes/download/"):
        hidden = browser.get(f"/accounts/2fa/{page}", follow=True)
        assert (Page(hidden).text("h1"), codes[0] in hidden.content.decode()) == (HEADING, False)
    prove(browser)
    assert codes[0] in browser.get("/accounts/2fa/recovery-codes/").content.decode()
    assert codes[0] in browser.get("/accounts/2fa/recovery-codes/download/").content.decode()


def test_the_address_sent_before_the_password_is_added_after_it(browser, alice):
    asked = browser.post("/accounts/email/", {"action_add": "", "email": "other@example.org"})
    browser.post(asked["Location"], {"password": PASSWORD})
    assert alice.emailaddress_set.filter(email="other@example.org").exists()


# Passkeys that are none


NO_PASSKEY = ["", "x", "[]", "{}", '"x"', "1", "null", "1e999", '{"response": []}', '{"id": 1, "rawId": {}}']
ALMOST = {
    "id": "AA",
    "rawId": "AA",
    "type": "public-key",
    "clientExtensionResults": {},
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"},
}


@pytest.mark.parametrize(
    "sent", [*NO_PASSKEY, json.dumps(ALMOST), json.dumps(ALMOST | {"response": {"userHandle": 1}})]
)
def test_what_is_no_passkey_is_refused_at_every_door(alice, codes, as_user, sent):
    visitor, halfway, alices = Client(), on_second_step(), as_user(alice)
    visitor.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert visitor.post("/accounts/2fa/webauthn/login/", {"credential": sent})["Location"] == LOGIN
    halfway.get(SECOND_STEP)
    assert halfway.post(SECOND_STEP, {"credential": sent}).status_code == 200
    prove(alices)
    alices.get("/accounts/2fa/webauthn/add/")
    assert alices.post("/accounts/2fa/webauthn/add/", {"name": "x", "credential": sent}).status_code == 200
    assert not is_signed_in(visitor)
    assert not is_signed_in(halfway)
    assert not Authenticator.objects.filter(type="webauthn").exists()


@pytest.mark.parametrize(
    ("host", "secure", "offered"),
    [
        ("localhost:8000", False, True),
        ("expenses.example", True, True),
        ("expenses.example", False, False),
        ("127.0.0.1:8000", False, False),
        ("[::1]:8000", True, False),
        ("203.0.113.7", True, False),
    ],
)
def test_passkeys_are_offered_where_browsers_offer_them(client, settings, alice, host, secure, offered):
    settings.ALLOWED_HOSTS = ["*"]
    page = client.get(LOGIN, headers={"host": host}, secure=secure).content.decode()
    assert ("Sign in with a passkey" in page) == offered


# What the admin shows of it


def test_an_administrator_lets_somebody_in_again_and_sees_no_keys(as_user, codes, alice):
    root = as_user(make_user("root", is_staff=True, is_superuser=True))
    page = root.get("/admin/mfa/authenticator/")
    assert KEY not in page.content.decode()
    row = Authenticator.objects.get(type="totp")
    assert KEY not in root.get(f"/admin/mfa/authenticator/{row.pk}/change/").content.decode()
    assert root.get("/admin/mfa/authenticator/add/").status_code == 403
    chosen = list(Authenticator.objects.values_list("pk", flat=True))
    root.post(
        "/admin/mfa/authenticator/", {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    )
    client = Client()
    client.post(LOGIN, {"login": "alice", "password": PASSWORD})
    assert is_signed_in(client)


def test_second_steps_and_sessions_in_the_admin_are_for_superusers(as_user):
    staff = as_user(make_user("staff", is_staff=True))
    for page in ("mfa/authenticator", "usersessions/usersession"):
        assert staff.get(f"/admin/{page}/").status_code == 403
