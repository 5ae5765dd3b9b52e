"""The headers of every answer: of each URL of the site map to an owner, a visitor and a token, and of refusals."""

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize

from api.models import Token
from expense_tracker.middleware import PERMISSIONS_POLICY
from expenses.tests.factories import PASSWORD, make_expense, make_ledger, make_user

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}
ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
FRONT_DOOR = "expense_tracker.tests.test_front_door"  # has views that fail

pytestmark = pytest.mark.django_db


def addresses(resolver, start="/"):
    """Every URL beneath the resolver, with the name of each of its parts in place."""
    for each in resolver.url_patterns:
        whole = start + normalize(each.pattern.regex.pattern)[0][0]
        yield from addresses(each, whole) if isinstance(each, URLResolver) else [whole]


def whats_wrong(response) -> list[str]:
    """The headers that this answer lacks, or has otherwise; all of them but for the CSP by name."""
    wrong = [name for name, value in ALWAYS.items() if response.get(name) != value]
    wrong += sorted(POLICY - set(response.get("Content-Security-Policy", "").split("; ")))
    kept = {"no-store", "private"} - set(response.get("Cache-Control", "").split(", "))
    return wrong + sorted(kept)


class Parts(dict):
    """What stands for each part of an address; 1 for those it does not know."""

    def __missing__(self, name):
        return "1"


@pytest.fixture
def site_map():
    """All addresses of the site, of a ledger with an expense where they name one."""
    root = make_user("root", is_staff=True, is_superuser=True)
    ledger = make_ledger(root)
    expense = make_expense(ledger)
    dates = dict.fromkeys(["date", "day"], "2024-08-01")
    known = Parts(ledger_id=ledger.pk, pk=expense.pk, object_id=expense.pk, **dates)
    found = [address % known for address in addresses(get_resolver())]
    assert len(found) > 100
    assert f"/ledgers/{ledger.pk}/expenses/2024-08-01/" in found
    return root, found


def statuses(client, found):
    """What the site answers, after each answer has proved to have its headers."""
    answers = [client.get(address) for address in found]
    wrong = {answer.wsgi_request.path: whats_wrong(answer) for answer in answers if whats_wrong(answer)}
    assert wrong == {}
    return [answer.status_code for answer in answers]


@pytest.mark.catalogue(62)
def test_every_answer_to_an_owner(site_map, as_user):
    root, found = site_map
    answers = statuses(as_user(root), found)
    assert answers.count(200) > 50
    assert max(answers) < 500


def test_every_answer_to_a_visitor(site_map):
    answers = statuses(Client(), site_map[1])
    assert answers.count(302) > 60
    assert max(answers) < 500


def test_every_answer_to_a_token(site_map):
    root, found = site_map
    _row, secret = Token.objects.create(root, name="script")
    client = Client(headers={"authorization": f"Token {secret}"})
    answers = statuses(client, [address for address in found if address.startswith("/api/")])
    assert answers.count(200) > 5


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("get", "/nowhere/", 404),
        ("get", "/api/v1/nowhere/", 404),
        ("post", "/accounts/preferences/", 403),
        ("post", "/api/v1/ledgers/", 403),
    ],
)
def test_every_refusal(alice, method, url, status):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = getattr(client, method)(url)
    assert (response.status_code, whats_wrong(response)) == (status, [])


def test_a_refused_host(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert (response.status_code, whats_wrong(response)) == (400, [])


def test_too_many_tries(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post("/accounts/login/")
    response = client.post("/accounts/login/")
    assert (response.status_code, whats_wrong(response)) == (429, [])


@pytest.mark.urls(FRONT_DOOR)
@pytest.mark.parametrize("start", ["", "/api/v1"])
@pytest.mark.parametrize(("kind", "status"), [("bug", 500), ("away", 503)])
def test_every_failure(browser, ledger, start, kind, status):
    browser.raise_request_exception = False
    response = browser.get(f"{start}/fail/{kind}/")
    assert (response.status_code, whats_wrong(response)) == (status, [])


def test_a_middleware_that_fails(settings, client):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{FRONT_DOOR}.FailingMiddleware"]
    client.raise_request_exception = False
    response = client.get("/")
    assert (response.status_code, whats_wrong(response)) == (503, [])


def test_static_files_are_as_safe_and_are_kept(settings, client):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    response = client.get("/static/icons/mark.svg")
    assert response.status_code == 200
    assert whats_wrong(response) == ["no-store", "private"]
    assert "public" in response["Cache-Control"]


def test_over_https_browsers_insist_on_it(client, settings):
    assert "Strict-Transport-Security" not in client.get("/accounts/login/", secure=True)
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 63_072_000, True
    response = Client().get("/accounts/login/", secure=True)
    assert response["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_cookies_are_for_this_host_and_for_no_script(settings, alice):
    # What HTTPS=on makes of the settings is tested with the environment.
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}, secure=True)
    assert sorted(client.cookies) == ["__Host-csrftoken", "__Host-sessionid", "messages"]
    for cookie in client.cookies.values():
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
        assert (cookie["secure"], cookie["httponly"]) == (True, True)
