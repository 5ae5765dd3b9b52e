"""Where somebody is signed in, how a session ends, and what a cookie may hold."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends import db
from django.test import Client

from expenses.tests.factories import PASSWORD, make_user
from expenses.tests.pages import Page
from users.adapter import SIGNED_IN_AT
from users.templatetags.accounts import browser_name

LIST, PRIVATE = "/accounts/sessions/", "/accounts/preferences/"
TO_SIGN_IN = f"/accounts/login/?next={PRIVATE}"
NEW = "a new long password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

pytestmark = pytest.mark.django_db


def signed_in(login="alice", password=PASSWORD, agent=FIREFOX) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": login, "password": password})
    assert is_in(client)
    return client


def is_in(client) -> bool:
    return client.get(PRIVATE).status_code == 200


def test_sessions_are_listed_with_browser_and_address_and_only_ones_own(alice, bob):
    signed_in("bob", agent="curl/8")
    here, _there = signed_in(), signed_in()
    page = Page(here.get(LIST))
    assert page.text("entries").count("Firefox · Linux") == 2
    assert page.text("entries").count("127.0.0.1") == 2
    assert page.text("entries").count("This one") == 1
    assert "curl" not in page.text("entries")


def test_signing_out_everywhere_else_ends_the_other_sessions_of_this_person_only(alice, bob):
    here, there, bobs = signed_in(), signed_in(), signed_in("bob")
    assert here.post(LIST)["Location"] == LIST
    assert [is_in(client) for client in (here, there, bobs)] == [True, False, True]
    assert there.get(PRIVATE)["Location"] == TO_SIGN_IN


def test_a_changed_password_ends_the_other_sessions(alice):
    here, there = signed_in(), signed_in()
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/accounts/password/change/", change).status_code == 302
    assert [is_in(client) for client in (here, there)] == [True, False]


def test_a_password_set_by_letter_ends_all_sessions(alice, mailoutbox):
    there, client = signed_in(), Client()
    client.post("/accounts/password/reset/", {"email": alice.email})
    form = client.get(mailoutbox[0].body.split("http://testserver")[1].split()[0])["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    assert not is_in(there)


def test_an_administrator_ends_a_session(alice, as_user):
    there = signed_in()
    root = as_user(make_user("root", is_staff=True, is_superuser=True))
    row = UserSession.objects.get(user=alice)
    assert there.session.session_key not in root.get("/admin/usersessions/usersession/").content.decode()
    root.post(f"/admin/usersessions/usersession/{row.pk}/delete/", {"post": "yes"})
    assert not is_in(there)


def test_signing_in_makes_a_new_session(alice):
    client = Client()
    client.get("/accounts/invitations/x/")  # a message makes a session
    before = client.session.session_key
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert before
    assert client.session.session_key != before


@pytest.mark.parametrize(("age", "still_in"), [(-60, True), (60, False)])
def test_a_session_ends_in_time_however_busy_it_is(alice, settings, age, still_in):
    client = signed_in()
    session = client.session
    session[SIGNED_IN_AT] = time.time() - settings.SESSION_MAX_AGE - age
    session.save()
    assert is_in(client) == still_in


@pytest.mark.parametrize(
    "cookie",
    [
        "random",
        "x" * 5000,
        "%00%ff",
        "\x80\xff\xfe" * 9,
        '"' + "\\000" * 32 + '"',
        '"' + "\\377" * 32 + '"',
        "'; DROP TABLE django_session; --",
        "../../../../etc/passwd",
    ],
)
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "django_language"])
@pytest.mark.catalogue(66)
def test_any_bytes_in_a_cookie_lead_to_the_sign_in_page(client, db, name, cookie):
    header = f"{name}={cookie}".encode().decode("latin-1")
    answer = client.get(PRIVATE, HTTP_COOKIE=header)
    assert (answer.status_code, answer["Location"]) == (302, TO_SIGN_IN)
    assert client.get("/accounts/login/", HTTP_COOKIE=header).status_code == 200


@pytest.mark.catalogue(66)
def test_the_session_of_a_deleted_person_leads_to_the_sign_in_page(alice):
    client = signed_in()
    alice.delete()
    assert client.get(PRIVATE)["Location"] == TO_SIGN_IN


def test_the_session_of_somebody_who_may_not_sign_in_any_more_leads_to_the_sign_in_page(alice):
    client = signed_in()
    alice.is_active = False
    alice.save()
    assert client.get(PRIVATE)["Location"] == TO_SIGN_IN


def test_sessions_made_before_they_were_listed_have_ended(alice):
    client = signed_in()
    old = db.SessionStore(client.session.session_key)
    old.update(dict(client.session))
    old.save()
    assert client.get(PRIVATE)["Location"] == TO_SIGN_IN


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/142.0 Mobile Safari/537.36", "Chrome · Android"),
        ("something else", "something else"),
        ("", "–"),
    ],
)
def test_browsers_have_short_names(agent, name):
    assert browser_name(agent) == name
