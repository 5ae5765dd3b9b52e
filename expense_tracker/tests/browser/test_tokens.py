"""The page of a person's tokens in a browser."""

import pytest

from api.models import Token
from expense_tracker.tests.browser.conftest import axe_violations
from expense_tracker.tests.browser.test_pages import LOOKS, overflows
from expenses.tests.factories import PASSWORD, make_ledger, make_token, make_user

pytestmark = pytest.mark.browser

URL = "/accounts/tokens/"


@pytest.fixture
def alice(transactional_db):
    user = make_user("alice")
    make_ledger(user)
    return user


def make_one(page, name: str):
    """Fill in the form, and confirm the password, which a new session has to."""
    page.get_by_label("What it is for").fill(name)
    page.get_by_role("button", name="Make the token").click()
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"Your new token “{name}”").wait_for()


def test_a_new_token_is_copied_with_one_click(window_of, alice):
    window = window_of(alice)
    page = window.open(URL)
    make_one(page, "Backup")
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied", exact=True).wait_for()
    secret, elsewhere = page.locator("#secret").input_value(), page.get_by_label("What it is for")
    elsewhere.press("Control+V")
    assert (len(secret), elsewhere.input_value()) == (64, secret)
    page = window.open(URL)
    assert (page.locator("#secret").count(), secret in page.content()) == (0, False)


def test_where_there_is_no_clipboard_the_token_is_selected(window_of, alice):
    window = window_of(alice)
    window.context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page = window.open(URL)
    make_one(page, "Backup")
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("getSelection().toString()") == page.locator("#secret").input_value()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_token_is_revoked_after_a_question_with_and_without_scripts(window_of, alice, scripts):
    make_token(alice, "phone")
    window = window_of(alice, java_script_enabled=scripts)
    window.scripted = scripts
    page = window.open(URL)
    assert not page.get_by_role("button", name="Revoke for good phone").is_visible()
    page.locator("summary", has_text="Revoke phone").click()
    page.get_by_role("button", name="Revoke for good phone").click()
    page.get_by_text("Token “phone” is revoked.").wait_for()
    assert not Token.objects.exists()


@LOOKS
def test_the_page_has_no_violation_in_any_state(window_of, alice, scheme, viewport):
    page = window_of(alice, color_scheme=scheme, viewport=viewport).open(URL)
    assert (axe_violations(page), overflows(page)) == ([], False)
    make_one(page, "as-long-a-name-as-the-field-takes" * 3)
    page.get_by_role("button", name="Copy").click()
    assert (axe_violations(page), overflows(page)) == ([], False)
    page.locator(".revoke summary").click()
    assert (axe_violations(page), overflows(page)) == ([], False)
    page.get_by_role("button", name="Make the token").click(force=True)
    assert (axe_violations(page), overflows(page)) == ([], False)
