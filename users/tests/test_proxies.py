"""Whose guesses they are: the address that the trusted proxies name, and none that the guesser makes up."""

import pytest
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.test import Client

PROXY = "192.0.2.1"


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
    limited = ["Too many failed login attempts" in answer.content.decode() for answer in answers]
    assert limited == [False] * 10 + [True] * 2
