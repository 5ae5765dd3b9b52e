"""Second steps and passkeys in a real browser, whose own virtual security key answers."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from expense_tracker.tests.browser.conftest import axe_violations
from expenses.tests.factories import PASSWORD, make_ledger, make_user

pytestmark = pytest.mark.browser

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def alice(transactional_db):
    alice = make_user("alice")
    make_ledger(alice)
    return alice


def with_key(page):
    """Plug a security key into the page that says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def sign_in(page, password=PASSWORD):
    page.get_by_label("Username or e-mail address").fill("alice")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page):
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def prove(page):
    """The password once more, which a change of how one signs in asks for."""
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def digits(key: str) -> str:
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))


def test_a_passkey_is_made_and_then_signs_in_without_a_password(window_of, alice):
    page = with_key(window_of(alice).open("/accounts/2fa/"))
    page.get_by_role("link", name="Add a passkey").click()
    prove(page)
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator(".codes li").count() == 10
    assert axe_violations(page) == []
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/ledgers/[0-9]+/$"))
    page.goto(page.url.split("/ledgers/")[0] + "/accounts/2fa/")
    expect(page.locator(".entries")).to_contain_text("My laptop")
    assert axe_violations(page) == []


def test_a_passkey_is_the_second_step_after_the_password(window_of, alice):
    page = with_key(window_of(alice).open("/accounts/2fa/webauthn/add/"))
    prove(page)
    page.get_by_label("Sign in with it alone").uncheck()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/ledgers/[0-9]+/$"))


def test_a_passkey_that_is_not_there_is_said_so(window_of, alice):
    page = with_key(window_of().open("/accounts/login/"))
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("The browser did not use a passkey. Try again.")


def test_an_authenticator_app_is_set_up_and_its_digits_are_asked_for(window_of, alice):
    page = window_of(alice).open("/accounts/2fa/")
    page.get_by_role("link", name="Set up").click()
    prove(page)
    assert page.locator(".qr").evaluate("image => image.naturalWidth") > 0
    assert axe_violations(page) == []
    key = page.get_by_label("Or type this key into the app").input_value()
    page.get_by_label("Authenticator code").fill(digits(key))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    code = page.locator(".codes li").first.inner_text()
    sign_out(page)
    sign_in(page)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/ledgers/[0-9]+/$"))


def test_after_signing_out_the_back_button_shows_nothing(window_of, alice):
    page = window_of(alice).open("/accounts/preferences/")
    page.get_by_label("First name").wait_for()
    sign_out(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.get_by_label("First name").count() == 0
