import logging
import time

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api import guesses
from expense_tracker.starting import PREPARING
from expenses.tests.factories import make_token, make_user
from expenses.tests.threads import at_once
from users.adapter import FIRST_ACCOUNT_LOCK

URL = "/api/v1/ledgers/"
REAL_CACHES = configured.CACHES


def send(secret, **environ) -> int:
    return APIClient(headers={"Authorization": f"Token {secret}"}).get(URL, **environ).status_code


@pytest.fixture
def real_cache(settings, transactional_db):
    """The counters in the database, where the workers of a server share them."""
    settings.CACHES = REAL_CACHES
    cache.clear()
    yield
    cache.clear()


def test_the_sixth_wrong_token_of_a_minute_is_not_looked_up(db, caplog):
    caplog.set_level(logging.INFO, "security")
    assert [send(f"wrong{n}") for n in range(25)] == [401] * 5 + [429] * 20
    assert caplog.messages.count("event=token_refused user=- ip=127.0.0.1 reason=unknown") == 5


def test_the_refusal_says_when_to_come_back(db):
    for number in range(5):
        send(f"wrong{number}")
    answer = APIClient(headers={"Authorization": "Token wrong"}).get(URL)
    detail = "Too many wrong tokens came from your address. Expected available in 60 seconds."
    assert (answer.status_code, answer.json(), answer["Retry-After"]) == (429, {"detail": detail}, "60")


def test_while_guesses_are_limited_a_right_token_is_not_told_from_a_wrong_one(alice, monkeypatch):
    secret = make_token(alice)
    for number in range(5):
        send(f"wrong{number}")
    assert (send(secret), send(secret, REMOTE_ADDR="192.0.2.7")) == (429, 200)
    later = time.time() + guesses.PERIOD
    monkeypatch.setattr(guesses.time, "time", lambda: later)
    assert send(secret) == 200


def test_a_minute_slides(db, monkeypatch):
    start, answers = time.time(), []
    for second in [0, 10, 20, 30, 40, 50, 61, 62, 71]:
        monkeypatch.setattr(guesses.time, "time", lambda second=second: start + second)
        answers.append(send("wrong"))
    assert answers == [401] * 5 + [429, 401, 429, 401]


def test_right_tokens_are_not_counted(alice):
    secret = make_token(alice)
    assert [send(secret) for _ in range(25)] == [200] * 25
    assert send("wrong") == 401


def test_an_expired_token_is_no_guess(alice):
    secret = make_token(alice)
    type(alice).objects.update(is_active=False)
    assert [send(secret) for _ in range(10)] == [401] * 10


def test_neighbours_in_one_network_of_version_six_share_their_guesses(db):
    addresses = [f"2001:db8::{n}" for n in range(1, 7)]
    assert [send("wrong", REMOTE_ADDR=each) for each in addresses] == [401] * 5 + [429]
    assert send("wrong", REMOTE_ADDR="2001:db8:0:1::1") == 401


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 401)])
def test_behind_a_proxy_the_address_is_the_one_the_proxy_names(db, settings, proxies, last):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    answers = [send("wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}") for n in range(6)]
    assert answers == [401] * 5 + [last]


def test_guesses_at_once_are_counted_like_guesses_one_by_one(real_cache):
    for address in [f"192.0.2.{n}" for n in range(8)]:
        answers = at_once(*[lambda n=n: send(f"wrong{n}", REMOTE_ADDR=address) for n in range(25)])  # noqa: B023
        assert sorted(answers) == [401] * 5 + [429] * 20
        assert send("wrong", REMOTE_ADDR=address) == 429


def test_requests_at_once_with_a_right_token_all_go_on(real_cache):
    secret = make_token(make_user("alice"))
    assert at_once(*[lambda: send(secret)] * 25) == [200] * 25
    assert send("wrong") == 401


def test_only_wrong_tokens_wait_for_those_of_the_same_address(alice):
    def turns(secret):
        with CaptureQueriesContext(connection) as queries:
            send(secret)
        return sum("pg_advisory_xact_lock" in query["sql"] for query in queries)

    assert (turns(make_token(alice)), turns("wrong")) == (0, 1)


def test_no_two_locks_have_one_number():
    numbers = [FIRST_ACCOUNT_LOCK, PREPARING, guesses.LOCK]
    assert sorted(set(numbers)) == numbers
