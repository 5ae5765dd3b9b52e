"""Requests that no browser sends: other methods, broken headers, hosts and cookies."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from expenses.tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unchanged")]

PAGES = ["expenses/", "expenses/2024-08-01/", "analytics/", "categories/", "settings/"]
ENDPOINTS = ["expenses/", "categories/", "days/2024-08-01/", "expenses/2024-08-01", "analytics/categories/"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "X" * 50, "OPTIONS"])
def test_a_page_takes_no_other_method(browser, ledger, method):
    for path in PAGES:
        assert browser.generic(method, f"/ledgers/{ledger.pk}/{path}").status_code == 405


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "X" * 50])
def test_the_api_takes_no_other_method(browser, base, method):
    for path in ENDPOINTS:
        answer = browser.generic(method, base + path)
        assert (answer.status_code, list(answer.json())) == (405, ["detail"])


@pytest.mark.catalogue(21)
def test_the_browsable_pages_offer_nothing_of_others(browser, base, expense, foreign):
    for path in [*ENDPOINTS, f"expenses/{expense.pk}/", f"categories/{expense.category_id}/"]:
        html = browser.get(base + path, headers={"accept": "text/html"}).content.decode()
        assert [text for text in ("secret", "Elsewhere", "charlie", "<select") if text in html] == []


@pytest.mark.parametrize("path", ENDPOINTS)
def test_options_describe_an_endpoint_to_its_members_only(base, api_as, alice, charlie, path):
    assert api_as(alice).options(base + path).status_code == 200
    answer = api_as(charlie).options(base + path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "No such ledger."})


@pytest.mark.parametrize(
    "path", [f"/ledgers/{{}}/{path}" for path in PAGES] + ["/healthz", "/accounts/login/"]
)
def test_head_is_get_without_the_body(browser, ledger, path):
    url = path.format(ledger.pk)
    assert (browser.head(url).status_code, browser.head(url).content) == (browser.get(url).status_code, b"")


@pytest.mark.parametrize(
    "accept", ["", "*", ";;;", "a/b/c", "application/json;q=x", "text/html;q=9" * 500, "\xff"]
)
def test_an_accept_header_that_makes_no_sense_is_answered_in_json(browser, base, accept):
    answer = browser.get(f"{base}expenses/", HTTP_ACCEPT=accept)
    assert answer.status_code in (200, 406)


@pytest.mark.parametrize("name", ["xml", "csv", "%00", "../x"])
def test_a_format_that_is_not_had_is_not_found(browser, base, name):
    answer = browser.get(f"{base}expenses/?format={name}")
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])


@pytest.mark.catalogue(59)
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:x", "local host", "[::1", "a" * 300, "localhost\x00", ""]
)
@pytest.mark.parametrize("path", ["/", "/accounts/password/reset/", "/api/v1/"])
def test_a_host_that_is_not_ours_is_refused(client, path, host):
    response = client.get(path, headers={"host": host})
    assert response.status_code == 400
    if path == "/api/v1/":
        assert response.json() == {"detail": "This request cannot be understood."}


@pytest.mark.catalogue(66)
@pytest.mark.parametrize(
    "value",
    ["\x80\xff", '"\\000\\000\\000\\000\\000\\000\\000\\000\\000"', "a" * 5000, "é" * 40, ";;;==", "[]"],
)
def test_a_cookie_of_random_bytes_is_that_of_a_visitor(ledger, value):
    for name in ("sessionid", "csrftoken", "messages", "django_language", "x"):
        client = Client(headers={"cookie": f"{name}={value}"})
        response = client.get(f"/ledgers/{ledger.pk}/expenses/")
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")
        answer = client.get(f"/api/v1/ledgers/{ledger.pk}/expenses/")
        assert (answer.status_code, list(answer.json())) == (401, ["detail"])


@pytest.mark.parametrize("language", ["", "xx", "de;q=x", "*" * 300, "en-" * 300, "\xff\xfe", "de,;q=0.5,,"])
def test_a_language_nobody_speaks_is_english_or_german(client, language):
    response = client.get("/accounts/login/", headers={"accept-language": language})
    assert (response.status_code, response["Content-Language"] in ("en", "de")) == (200, True)


@pytest.mark.parametrize(
    "header", ["Origin", "Referer", "X-CSRFToken", "X-Forwarded-Host", "X-Forwarded-For", "HX-Request"]
)
@pytest.mark.parametrize("value", ["\xff\xfe", "null", "http://[", "javascript:alert(1)", "x" * 5000, ""])
def test_a_broken_header_writes_nothing(alice, ledger, header, value):
    client = Client(enforce_csrf_checks=True, headers={header: value})
    client.force_login(alice)
    assert client.get(f"/ledgers/{ledger.pk}/expenses/").status_code == 200
    response = client.post(f"/ledgers/{ledger.pk}/categories/", {"new-name": "New", "new-colour": "#123456"})
    assert response.status_code == 403
    assert Page(response).text("h1")


def routes(patterns, prefix=""):
    """Every address of the site as Django's resolver has them."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        nested = getattr(pattern, "url_patterns", None)
        yield from [route] if nested is None else routes(nested, route)


def filled(route: str, ledger) -> str:
    """The route as an address, with this ledger's id and something for each of its other parts."""
    values = {"ledger_id": ledger.pk, "pk": 1, "date": "2024-08-01", "day": "2024-08-01"}
    route = re.sub(
        r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>.*?\)", lambda part: str(values.get(part[1] or part[2], "x")), route
    )
    return "/" + re.sub(r"[\^$\\?]", "", route)


def test_every_address_survives_every_method(browser, root, ledger):
    browser.raise_request_exception = root.raise_request_exception = False
    asked = 0
    for route in routes(get_resolver().url_patterns):
        client, url = (root if route.startswith("admin") else browser), filled(route, ledger)
        for method in ("get", "options"):
            assert (method, url, getattr(client, method)(url).status_code < 500) == (method, url, True)
            asked += 1
    assert asked > 200
