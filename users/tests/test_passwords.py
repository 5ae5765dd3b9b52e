"""What a new password ends, what it does not end, and that the page says so."""

import pytest
from rest_framework.test import APIClient

from expenses.tests.factories import PASSWORD, make_token
from expenses.tests.pages import Page

CHANGE, RESET = "/accounts/password/change/", "/accounts/password/reset/"
NEW = {"password1": "a new long password", "password2": "a new long password"}
TOKENS = "API tokens keep working. Revoke those that somebody else may have: API tokens"
SAID = "The password is changed."


def works(token) -> bool:
    answer = APIClient(headers={"Authorization": f"Token {token}"}).get("/api/v1/ledgers/")
    return answer.status_code == 200


def leads_to_the_tokens(answer) -> bool:
    return '<a href="/accounts/tokens/">API tokens</a></p>' in answer.content.decode()


def test_after_a_change_the_page_says_that_tokens_keep_working_and_they_do(alice, browser, as_user):
    token, elsewhere = make_token(alice), as_user(alice)
    page = browser.post(CHANGE, {"oldpassword": PASSWORD, **NEW}, follow=True)
    assert Page(page).text("messages") == SAID
    assert Page(page).text("quiet") == f"A new password signs you out everywhere else. {TOKENS}"
    assert leads_to_the_tokens(page)
    assert works(token)
    assert elsewhere.get("/accounts/preferences/").status_code == 302


def test_after_a_reset_the_page_says_that_tokens_keep_working_and_they_do(alice, client, mailoutbox):
    token = make_token(alice)
    client.post(RESET, {"email": alice.email})
    form = client.get(mailoutbox[0].body.split("http://testserver")[1].split()[0])["Location"]
    page = client.post(form, NEW, follow=True)
    assert Page(page).text("messages") == SAID
    assert TOKENS in Page(page).text("main")
    assert leads_to_the_tokens(page)
    assert works(token)
    alice.refresh_from_db()
    assert alice.check_password(NEW["password1"])


@pytest.mark.parametrize("old", ["wrong", ""])
def test_where_nothing_is_changed_nothing_is_said(alice, browser, old):
    page = browser.post(CHANGE, {"oldpassword": old, **NEW})
    assert (page.status_code, Page(page).text("messages")) == (200, "")


def test_the_letter_that_confirms_an_address_is_ours(browser, mailoutbox):
    password = {"password": PASSWORD}
    data = {"email": "other@example.org", "action_add": ""}
    browser.post("/accounts/reauthenticate/?next=/accounts/email/", password)
    browser.post("/accounts/email/", data)
    (letter,) = mailoutbox
    assert letter.subject == "Confirm the address"
    assert letter.body.startswith("Somebody added this address to the account “alice” at testserver.")
    assert "http://testserver/accounts/confirm-email/" in letter.body
