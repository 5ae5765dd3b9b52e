"""Whose guesses they are: the address that the trusted proxies name, and none that the guesser makes up."""

import logging

import pytest
from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from expenses.tests.factories import PASSWORD
from users.addresses import client_address

PROXY = "192.0.2.1"
SIGN_IN = {"login": "alice", "password": PASSWORD}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, "203.0.113.7", PROXY),
        (1, None, PROXY),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.66, 203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.66,nonsense,\t203.0.113.7 ", "203.0.113.7"),
        (1, "198.51.100.66, 2001:db8::7", "2001:db8::7"),
        (2, "198.51.100.66, 203.0.113.7, 192.0.2.2", "203.0.113.7"),
    ],
)
def test_the_address_is_the_one_the_outermost_trusted_proxy_saw(rf, settings, proxies, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = rf.get("/", REMOTE_ADDR=PROXY, headers=headers)
    assert get_adapter().get_client_ip(request) == address


WRONG = pytest.mark.parametrize(
    ("proxies", "forwarded", "connected", "address"),
    [
        (2, "203.0.113.7", PROXY, PROXY),
        (1, "203.0.113.7, unknown", PROXY, PROXY),
        (1, "203.0.113.7, ", PROXY, PROXY),
        (2, "203.0.113.7, _hidden, 192.0.2.2", "[2001:db8::1]:80", "2001:db8::1"),
        (0, "203.0.113.7", "", "::"),
        (1, "unknown", "", "::"),
    ],
)


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, "security")
    return lambda: [(each.levelname, each.getMessage()) for each in caplog.records if each.name == "security"]


@WRONG
def test_without_a_usable_one_it_is_who_is_connected_and_the_log_says_so_once(
    rf, settings, lines, proxies, forwarded, connected, address
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR=connected, headers={"x-forwarded-for": forwarded})
    assert [client_address(request) for _again in range(2)] == [address] * 2
    said = f"event=address_unclear user=- ip={address} proxy_count={proxies}"
    assert lines() == [("ERROR", said)]


def test_no_address_at_all_is_one_for_all(rf, lines):
    request = rf.get("/")
    del request.META["REMOTE_ADDR"]
    assert client_address(request) == "::"
    assert lines() == [("ERROR", "event=address_unclear user=- ip=:: proxy_count=0")]


@pytest.mark.parametrize(
    ("connected", "address"), [("::ffff:203.0.113.7", "203.0.113.7"), ("fe80::1%eth0", "fe80::1")]
)
def test_the_same_address_is_written_the_same(rf, lines, connected, address):
    assert client_address(rf.get("/", REMOTE_ADDR=connected)) == address
    assert lines() == []


@WRONG
@pytest.mark.django_db
def test_pages_answer_as_pages_and_the_api_as_the_api_all_the_same(
    alice, settings, proxies, forwarded, connected, address
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client = Client(REMOTE_ADDR=connected, headers={"x-forwarded-for": forwarded})
    answer = client.get("/api/v1/ledgers/", headers={"Authorization": "Token wrong"})
    assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid token."})
    assert client.post("/accounts/login/", SIGN_IN | {"password": "wrong"}).status_code == 200
    assert client.post("/accounts/login/", SIGN_IN).status_code == 302
    assert UserSession.objects.get().ip == address


@pytest.mark.django_db
def test_guesses_from_nowhere_count_together():
    answers = []
    for number in range(11):
        data = {"login": f"nobody{number}", "password": "wrong"}
        answers.append(Client().post("/accounts/login/", data, REMOTE_ADDR=""))
    limited = ["Too many wrong tries" in answer.content.decode() for answer in answers]
    assert limited == [False] * 10 + [True]


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.django_db
@pytest.mark.catalogue(59)
def test_made_up_addresses_are_no_further_guesses(settings, proxies):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    cache.clear()
    answers = []
    for number in range(12):
        headers = {"x-forwarded-for": f"198.51.100.{number}, 203.0.113.7"}
        data = {"login": f"nobody{number}", "password": "wrong"}
        answers.append(Client().post("/accounts/login/", data, REMOTE_ADDR=PROXY, headers=headers))
    limited = ["Too many wrong tries" in answer.content.decode() for answer in answers]
    assert limited == [False] * 10 + [True] * 2
