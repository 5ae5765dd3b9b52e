import re
import shlex
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from api.models import MOST_TOKENS, Token
from database.tests.statements import recorded_statements
from expenses.tests.factories import PASSWORD, make_ledger, make_token, share

URL = "/accounts/tokens/"
NEW = {"name": "Backup", "can_write": "False", "lifetime": "90", "only_ledger": ""}


def confirmed(client) -> Client:
    """The browser, in which the password was asked for a moment ago."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def fresh(browser):
    return confirmed(browser)


def secret_on(page) -> str:
    return re.search(r'id="secret"[^>]* value="([0-9a-f]{64})"', page.content.decode())[1]


def errors_on(page) -> dict:
    return dict(page.context["form"].errors)


def by(secret: str) -> APIClient:
    return APIClient(headers={"Authorization": f"Token {secret}"})


def test_a_token_is_made_and_works(fresh, ledger):
    page = fresh.post(URL, NEW)
    token = Token.objects.get()
    assert (page.status_code, token.name, token.can_write, token.only_ledger) == (200, "Backup", False, None)
    assert by(secret_on(page)).get(f"/api/v1/ledgers/{ledger.pk}/").json()["id"] == ledger.pk


def test_its_secret_is_shown_once_and_kept_nowhere(fresh):
    page = fresh.post(URL, NEW)
    secret = secret_on(page)
    assert "no-store" in page["Cache-Control"]
    again = fresh.get(URL).content.decode()
    assert ("Backup" in again, secret[:6] in again, secret[:7] in again) == (True, True, False)
    assert secret not in str(list(fresh.session.items()))


@pytest.mark.parametrize(("choice", "days"), [("30", 30), ("90", 90), ("365", 365), ("never", None)])
def test_it_expires_as_chosen(fresh, choice, days):
    before = timezone.now()
    fresh.post(URL, NEW | {"lifetime": choice})
    expiry = Token.objects.get().expiry
    if days is None:
        assert expiry is None
    else:
        assert before <= expiry - timedelta(days=days) <= timezone.now()


def test_it_writes_if_that_was_chosen_and_reaches_the_ledger_chosen(fresh, alice, ledger):
    make_ledger(alice, "Savings")
    fresh.post(URL, NEW | {"can_write": "True", "only_ledger": ledger.pk})
    token = Token.objects.get()
    assert (token.can_write, token.only_ledger) == (True, ledger)


def test_a_viewer_may_make_one_that_writes_and_the_role_still_rules(bob, ledger, as_user):
    share(ledger, bob, "viewer")
    page = confirmed(as_user(bob)).post(URL, NEW | {"can_write": "True", "only_ledger": ledger.pk})
    url = f"/api/v1/ledgers/{ledger.pk}/categories/"
    client = by(secret_on(page))
    assert (client.get(url).status_code, client.post(url, {"name": "New"}).status_code) == (200, 403)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", " ", "This field is required."),
        ("name", "x" * 101, "Ensure this value has at most 100 characters (it has 101)."),
        ("can_write", "", "This field is required."),
        ("can_write", "maybe", "Select a valid choice. maybe is not one of the available choices."),
        ("lifetime", "", "This field is required."),
        ("lifetime", "36500", "Select a valid choice. 36500 is not one of the available choices."),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(fresh, field, value, message):
    page = fresh.post(URL, NEW | {field: value})
    assert (page.status_code, errors_on(page)) == (422, {field: [message]})
    assert not Token.objects.exists()


def test_a_refused_form_keeps_what_was_typed(fresh, alice, ledger):
    page = fresh.post(URL, NEW | {"lifetime": "", "only_ledger": ledger.pk, "can_write": "True"})
    html = page.content.decode()
    assert re.search(r'name="name" value="Backup"', html)
    assert f'<option value="{ledger.pk}" selected>' in html
    assert '<option value="True" selected>' in html


def test_somebody_elses_ledger_is_not_offered_and_not_taken(fresh, charlie):
    other = make_ledger(charlie, "Secret plans")
    page = fresh.post(URL, NEW | {"only_ledger": other.pk})
    message = "Select a valid choice. That choice is not one of the available choices."
    assert errors_on(page) == {"only_ledger": [message]}
    assert "Secret plans" not in page.content.decode()


def test_a_page_that_is_sent_again_makes_no_second_token(fresh):
    fresh.post(URL, NEW)
    page = fresh.post(URL, NEW)
    assert errors_on(page) == {"name": ["You have a token of this name already."]}
    assert Token.objects.count() == 1


def test_two_people_may_have_tokens_of_one_name(fresh, bob):
    make_token(bob, "Backup")
    assert fresh.post(URL, NEW).status_code == 200


def test_there_is_an_end_to_tokens(fresh, alice):
    for number in range(MOST_TOKENS):
        make_token(alice, f"token {number}")
    page = fresh.post(URL, NEW)
    message = "There are 50 tokens already. Revoke one first."
    assert (page.status_code, errors_on(page)) == (422, {"__all__": [message]})
    assert Token.objects.count() == MOST_TOKENS


def test_making_one_asks_for_the_password_first_and_loses_nothing(browser, alice):
    answer = browser.post(URL, NEW)
    assert (answer.status_code, answer.url) == (302, "/accounts/reauthenticate/?next=%2Faccounts%2Ftokens%2F")
    assert not Token.objects.exists()
    page = browser.post(answer.url, {"password": PASSWORD, "next": URL})
    assert (page.status_code, Token.objects.get().name) == (200, "Backup")
    assert by(secret_on(page)).get("/api/v1/").status_code == 200


def test_looking_and_revoking_do_not_ask_for_the_password(browser, alice):
    make_token(alice)
    assert browser.get(URL).status_code == 200
    answer = browser.post(f"{URL}{Token.objects.get().pk}/revoke/", follow=True)
    assert "Token “script” is revoked." in answer.content.decode()
    assert not Token.objects.exists()


def test_the_list_says_what_each_token_may_and_when_it_was_used(browser, alice, ledger):
    first, second, third = (datetime(2024, 8, day, 14, 5, tzinfo=UTC) for day in (1, 2, 3))
    make_token(alice, "old", can_write=False)
    Token.objects.update(created=first, expiry=second)
    make_token(alice, "phone", only_ledger=ledger)
    Token.objects.filter(name="phone").update(created=second, last_used_at=third)
    Token.objects.update(token_key="0123456789abcde")
    rows = re.findall(r"<strong>.*?</dl>", browser.get(URL).content.decode(), re.DOTALL)
    assert [" ".join(unescape(re.sub("<[^>]+>", " ", row)).split()) for row in rows] == [
        "phone reads and writes Begins with 012345… Ledger Household"
        " Made Aug. 2, 2024 Expires never Last used Aug. 3, 2024, 2:05 p.m.",
        "old reads expired Begins with 012345… Ledger all of yours"
        " Made Aug. 1, 2024 Expires Aug. 2, 2024 Last used never",
    ]


def test_the_list_costs_the_same_statements_whatever_the_tokens(browser, alice):
    counts = []
    for number in range(3):
        make_token(alice, f"token {number}", only_ledger=make_ledger(alice, f"Ledger {number}"))
        with recorded_statements() as statements:
            browser.get(URL)
        counts.append(len(statements))
    assert counts == [counts[0]] * 3


def test_the_name_of_a_ledger_one_has_left_is_not_told(as_user, bob, ledger):
    membership = share(ledger, bob, "viewer")
    make_token(bob, only_ledger=ledger)
    client = as_user(bob)
    assert "<bdi>Household</bdi>" in client.get(URL).content.decode()
    membership.delete()
    page = client.get(URL).content.decode()
    assert ("Household" in page, "all of yours" in page, "<bdi>–</bdi>" in page) == (False, False, True)


def test_the_first_visit_shows_a_command_that_works(browser, alice, ledger):
    html = browser.get(URL).content.decode()
    example = unescape(re.search(r"<pre[^>]*>(.*?)</pre>", html, re.DOTALL)[1])
    curl, option, header, url = shlex.split(example.replace("$TOKEN", make_token(alice)))
    assert (curl, option, url) == ("curl", "-H", "http://testserver/api/v1/ledgers/")
    name, value = header.split(": ")
    answer = APIClient(headers={name: value}).get(url)
    assert [row["name"] for row in answer.json()["results"]] == ["Household"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_asked_to_sign_in(client, db, method):
    for path in (URL, f"{URL}1/revoke/"):
        assert getattr(client, method)(path).url == f"/accounts/login/?next={path}"


def test_somebody_elses_token_is_not_there(browser, bob):
    make_token(bob, "Bob’s")
    for pk in (Token.objects.get().pk, 999_999, 10**30):
        assert browser.post(f"{URL}{pk}/revoke/").status_code == 404
    assert Token.objects.exists()
    assert "Bob’s" not in browser.get(URL).content.decode()


def test_revoking_is_not_a_link(browser, alice):
    make_token(alice)
    assert browser.get(f"{URL}{Token.objects.get().pk}/revoke/").status_code == 405


def test_the_log_says_which_tokens_were_made_and_revoked(fresh, alice, ledger, caplog):
    caplog.set_level("INFO", "security")
    fresh.post(URL, NEW | {"only_ledger": ledger.pk})
    pk = Token.objects.get().pk
    fresh.post(f"{URL}{pk}/revoke/")
    who = f"user={alice.pk} ip=127.0.0.1"
    assert [line for line in caplog.messages if line.startswith("event=")] == [
        f"event=token_made {who} token={pk} ledger={ledger.pk} may=read",
        f"event=token_revoked {who} token={pk}",
    ]
