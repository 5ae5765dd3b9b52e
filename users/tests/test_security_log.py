"""What the security log says, and what no log ever does."""

import logging
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth
from django.test import Client

from expense_tracker.logs import Formatter
from expenses.tests.factories import PASSWORD, make_ledger
from expenses.tests.pages import Page
from users import security_log
from users.models import Invitation, User

NEW = "another horse battery"
ADDRESS = "ip=127.0.0.1"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock_stands_still(monkeypatch):
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: [1])


@pytest.fixture
def lines(caplog, django_capture_on_commit_callbacks):
    """The lines of the security log so far; what waits for a commit counts as committed."""
    caplog.set_level(logging.DEBUG)
    with django_capture_on_commit_callbacks(execute=True):
        yield lambda: [record.getMessage() for record in caplog.records if record.name == "security"]


def digits(key) -> str:
    return auth.format_hotp_value(auth.hotp_value(key, 1))


def sign_in(client, password=PASSWORD, login="alice"):
    return client.post("/accounts/login/", {"login": login, "password": password})


def test_signing_in_and_out(client, alice, lines):
    sign_in(client)
    client.post("/accounts/logout/")
    assert lines() == [
        f"event=sign_in user={alice.pk} {ADDRESS}",
        f"event=sign_out user={alice.pk} {ADDRESS}",
    ]


def test_guesses(client, alice, lines):
    for _ in range(6):
        sign_in(client, "wrong")
    sign_in(client, "wrong", login="nobody at all")
    failed = f"event=sign_in_failed user={alice.pk} {ADDRESS}"
    limited = f"event=limited user=- {ADDRESS} form=account_login"
    assert lines() == [failed] * 5 + [limited, f"event=sign_in_failed user=- {ADDRESS}"]


def test_signing_up_with_an_invitation(client, alice, lines, settings):
    settings.SIGNUP = "closed"
    invitation = Invitation.objects.create(created_by=alice)
    client.get(f"/accounts/invitations/{invitation.token}/")
    names = {"username": "dora", "email": "d@example.org", "ledger_name": "Flat", "currency": "EUR"}
    client.post("/accounts/signup/", names | {"password1": PASSWORD, "password2": PASSWORD})
    dora = User.objects.get(username="dora")
    assert lines() == [
        f"event=sign_up user={dora.pk} {ADDRESS} invitation={invitation.pk}",
        f"event=sign_in user={dora.pk} {ADDRESS}",
    ]


def test_a_changed_password_and_sessions_ended_elsewhere(client, alice, lines):
    sign_in(Client())
    sign_in(client)
    client.post("/accounts/sessions/")
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert lines()[2:] == [
        f"event=sessions_ended user={alice.pk} {ADDRESS} count=1",
        f"event=password_changed user={alice.pk} {ADDRESS}",
    ]


def test_a_session_that_is_too_old(client, alice, lines, settings):
    sign_in(client)
    settings.SESSION_MAX_AGE = -1
    client.get("/")
    assert lines()[1:] == [
        f"event=session_too_old user={alice.pk} {ADDRESS}",
        f"event=sign_out user={alice.pk} {ADDRESS}",
    ]


def test_second_steps(client, alice, caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO)
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    key = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": digits(key)})
    other = Client()
    sign_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": "1"})
    other.post("/accounts/2fa/authenticate/", {"code": digits(key)})
    client.post("/accounts/2fa/totp/deactivate/")
    said = [record.getMessage() for record in caplog.records if record.name == "security"]
    about = f"user={alice.pk} {ADDRESS}"
    assert said[1:] == [
        f"event=reauthentication_failed {about}",
        f"event=mfa_added {about} type=totp",
        f"event=mfa_added {about} type=recovery_codes",
        f"event=mfa_failed {about} type=totp",
        f"event=mfa_used {about} type=totp",
        f"event=sign_in {about}",
        f"event=mfa_removed {about} type=totp",
        f"event=mfa_removed {about} type=recovery_codes",
    ]


def test_what_was_denied(alice, bob, as_user, lines):
    ledger = make_ledger(alice)
    bobs = as_user(bob)
    bobs.get(f"/ledgers/{ledger.pk}/expenses/")
    bobs.get("/admin/", follow=True)
    bobs.get("/nowhere/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)
    strict.post("/accounts/preferences/")
    assert lines() == [
        f"event=denied user={bob.pk} {ADDRESS} status=404 view=expenses ledger={ledger.pk}",
        f"event=denied user={bob.pk} {ADDRESS} status=403 view=admin:login",
        f"event=denied user={bob.pk} {ADDRESS} status=403 view=preferences reason=csrf",
    ]


def test_a_value_stays_in_its_line_and_in_its_place(rf, lines):
    security_log.record("x", rf.get("/"), path="a\nevent=sign_in user=1\r\x00ü" + "y" * 200)
    assert lines() == [f"event=x user=- {ADDRESS} path=" + ("a_event_sign_in_user_1___" + "y" * 200)[:100]]


def test_somebody_else_is_named_as_who_did_it(rf, alice, bob, lines):
    request = rf.get("/")
    request.user = bob
    security_log.record("x", request, user=alice)
    assert lines() == [f"event=x user={alice.pk} by={bob.pk} {ADDRESS}"]


def letter(mailoutbox) -> str:
    """The path of the link in the last letter."""
    return re.search(r"http://testserver(\S+)", mailoutbox[-1].body)[1]


def signs_up(client):
    page = Page(client.get("/accounts/signup/")).form("stack").data
    names = {"username": "dora", "email": "dora@example.org", "ledger_name": "Nest egg", "currency": "EUR"}
    client.post("/accounts/signup/", page | names | {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/accounts/logout/")
    return [PASSWORD, "dora", "example.org", "Nest egg"]


def forgets_the_password(client, strict, mailoutbox):
    sign_in(client, "wrong guess", "dora")
    client.post("/accounts/password/reset/", {"email": "dora@example.org"})
    link = letter(mailoutbox)
    form = client.get(link)["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    strict.post(link)
    sign_in(client, NEW, "dora")
    return [NEW, "wrong guess", link.split("-", 1)[1]]


def proves_the_address(client, strict, mailoutbox):
    client.post("/accounts/email/", {"action_send": "", "email": "dora@example.org"})
    link = letter(mailoutbox)
    for sender in (client, strict):
        sender.post(link)
    return [link.split("/")[-2]]


def uses_a_second_step(client):
    client.post("/accounts/reauthenticate/", {"password": NEW})
    key = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": digits(key)})
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    client.post("/accounts/logout/")
    sign_in(client, NEW, "dora")
    for code in ("000111", codes[0]):
        client.post("/accounts/2fa/authenticate/", {"code": code})
    return [key, digits(key), *codes, "000111"]


def test_no_log_has_a_secret_of_a_life_with_an_account(client, settings, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    settings.SIGNUP = "open"
    strict = Client(enforce_csrf_checks=True)
    secrets = signs_up(client)
    secrets += forgets_the_password(client, strict, mailoutbox)
    secrets += proves_the_address(client, strict, mailoutbox)
    secrets += uses_a_second_step(client)
    secrets += [client.session.session_key, client.cookies["csrftoken"].value]
    assert EmailAddress.objects.get().verified
    assert "_auth_user_id" in client.session
    records = [record for record in caplog.records if not record.name.startswith("django.db")]
    logged = "\n".join(Formatter().format(record) for record in records)
    assert [secret for secret in secrets if secret in logged] == []
    assert logged.count("event=") > 10
