import logging
import re
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from expense_tracker.logs import Formatter
from expenses.models import Category, Expense
from expenses.tests.factories import PASSWORD, make_token, share
from expenses.tests.pages import Page
from users.models import Invitation

pytestmark = pytest.mark.django_db

SECRETS = ("4711.25", "4,711.25", "surprise party", "Jeweller", "needle", PASSWORD, "alice", "example.org")


@pytest.fixture
def lines(caplog):
    """The lines of the access log, or of another, as they are written, without their milliseconds."""
    caplog.set_level(logging.DEBUG)

    def read(name="access"):
        written = [Formatter().format(record) for record in caplog.records if record.name == name]
        return [re.sub(r"\d+ms", "_ms", line) for line in written]

    return read


def day_of(ledger):
    return f"/ledgers/{ledger.pk}/expenses/2024-08-01/"


def test_one_line_per_request_names_method_path_status_and_person(client, browser, alice, ledger, lines):
    browser.get(day_of(ledger))
    client.get("/accounts/login/")
    client.get("/nowhere/")
    assert lines() == [
        f"GET {day_of(ledger)} 200 _ms user={alice.pk}",
        "GET /accounts/login/ 200 _ms user=-",
        "GET /nowhere/ 404 _ms user=-",
    ]


def test_a_write_that_is_refused_is_marked_and_one_that_is_not_is_not(ledger, alice, bob, as_user, lines):
    share(ledger, bob, "viewer")
    form = Page(as_user(alice).get(day_of(ledger))).form("day-form")
    for person in (bob, alice):
        as_user(person).post(day_of(ledger), form.data)
    as_user(alice).post(day_of(ledger), form.write(0, notes="no amount").data)
    assert lines()[1:] == [
        f"POST {day_of(ledger)} 403 refused _ms user={bob.pk}",
        f"POST {day_of(ledger)} 302 _ms user={alice.pk}",
        f"POST {day_of(ledger)} 422 refused _ms user={alice.pk}",
    ]


def test_a_token_says_who_it_was_too(client, alice, ledger, lines):
    token = make_token(alice)
    url = f"/api/v1/ledgers/{ledger.pk}/categories/"
    client.get(url, headers={"authorization": f"Token {token}"})
    assert lines() == [f"GET {url} 200 _ms user={alice.pk}"]


def test_no_log_has_what_people_wrote(browser, client, ledger, caplog):
    caplog.set_level(logging.DEBUG, logger="access")
    food = Category.objects.get(ledger=ledger, name="Food")
    browser.raise_request_exception = False
    page = Page(browser.get(day_of(ledger))).form("day-form")
    written = {"amount": "4711.25", "category": food.pk, "payee": "Jeweller", "notes": "surprise party"}
    browser.post(day_of(ledger), page.write(0, **written).data)
    assert Expense.objects.get().notes == "surprise party"
    browser.post(day_of(ledger), page.write(1, **written | {"category": "x"}).data)
    browser.get(f"/ledgers/{ledger.pk}/expenses/?text=needle&amount_min=4711.25")
    browser.get(f"/ledgers/{ledger.pk}/expenses/?text=needle&amount_min=surprise+party")
    browser.get("/nowhere/?text=needle&amount=4711.25")
    for kind in ("expenses/", "expenses/2024-08-01", "days/2024-08-01/"):
        url = f"/api/v1/ledgers/{ledger.pk}/{kind}"
        for body in ({"amount": "4711.25", "notes": "surprise party"}, [written], "needle"):
            browser.post(url, body, content_type="application/json")
            browser.put(url, body, content_type="application/json")
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    client.post("/accounts/login/", {"login": "alice@example.org", "password": "needle"})
    logged = "\n".join(
        [f"{record.getMessage()} {record.exc_text or ''} {record.args}" for record in caplog.records]
    )
    assert len(caplog.records) > 20
    assert [secret for secret in SECRETS if secret in logged] == []


def test_no_log_has_the_sentence_that_a_program_sent_as_a_field(browser, ledger, caplog):
    caplog.set_level(logging.INFO, logger="access")
    url = f"/api/v1/ledgers/{ledger.pk}/expenses/"
    browser.post(url, {"surprise party\nGET /forged": "1"}, content_type="application/json")
    assert [record.getMessage() for record in caplog.records if "surprise" in record.getMessage()] == []


def test_keys_in_a_path_are_left_out(client, alice, mailoutbox, lines):
    invitation = Invitation.objects.create(created_by=alice)
    client.get(reverse("accept_invitation", args=[invitation.token]))
    client.post("/accounts/password/reset/", {"email": alice.email})
    client.get(re.search(r"https?://[^/\s]+(/\S+)", mailoutbox[0].body)[1])
    assert lines() == [
        "GET /accounts/invitations/... 302 _ms user=-",
        "POST /accounts/password/reset/ 302 _ms user=-",
        "GET /accounts/password/reset/key/... 302 _ms user=-",
    ]


LINKS = pytest.mark.parametrize(
    "link", ["invitations/3:1xV9Qz:Yk", "confirm-email/MQ:1xV9Qz:Yk", "password/reset/key/1-d0c1xV9QzYk"]
)


@LINKS
@pytest.mark.parametrize(
    ("setting", "value", "end", "status"),
    [
        ("APPEND_SLASH", True, "", "301"),
        ("APPEND_SLASH", False, "", "404"),
        ("SECURE_SSL_REDIRECT", True, "/", "301"),
        ("ALLOWED_HOSTS", ["expenses.example"], "/", "400"),
    ],
)
def test_keys_are_left_out_where_no_view_is_reached(settings, lines, link, setting, value, end, status):
    setattr(settings, setting, value)
    Client().get(f"/accounts/{link}{end}")
    assert lines() == [f"GET /accounts/{link.rsplit('/', 1)[0]}/... {status} _ms user=-"]


def test_keys_are_left_out_of_what_django_says_about_a_request_that_failed(client, lines, monkeypatch):
    monkeypatch.setattr("users.views.Invitation.from_token", Mock(side_effect=OperationalError("away")))
    client.raise_request_exception = False
    client.get("/accounts/invitations/3:1xV9Qz:Yk/")
    assert lines() == ["GET /accounts/invitations/... 503 _ms user=-"]
    (said,) = lines("django.request")
    assert said.splitlines()[0] == "Service Unavailable: /accounts/invitations/..."
    assert "1xV9Qz" not in said


def test_a_path_cannot_begin_a_line_of_its_own(client, lines):
    client.get("/x%0A2026-01-01 INFO access POST /forged 200%0D")
    assert lines() == ["GET /x%0A2026-01-01%20INFO%20access%20POST%20/forged%20200%0D 404 _ms user=-"]


def test_a_page_that_fails_is_one_line_in_the_access_log_and_a_trace_in_the_other(
    client, caplog, monkeypatch, lines
):
    monkeypatch.setattr("expense_tracker.views.User.objects", None)
    client.raise_request_exception = False
    client.get("/")
    assert lines() == ["GET / 500 _ms user=-"]
    (error,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert (error.name, error.exc_info[0]) == ("django.request", AttributeError)


def test_reading_the_user_for_the_log_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/accounts/nowhere/")
