import html
import json
import re

import pytest

from expenses.tests.factories import make_expense, share

HTML = {"Accept": "text/html"}
METHODS = re.compile(r'data-method="(\w+)"')


@pytest.fixture
def base(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/"


def page(browser, url, status=200):
    answer = browser.get(url, headers=HTML)
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("expenses/", ["OPTIONS", "POST"]),
        ("expenses/{pk}/", ["DELETE", "OPTIONS", "PATCH", "PUT"]),
        ("categories/", ["OPTIONS", "POST"]),
        ("categories/{category}/", ["DELETE", "OPTIONS", "PATCH", "PUT"]),
        ("days/2024-08-01/", ["OPTIONS", "PUT"]),
        ("expenses/2024-08-01", ["OPTIONS", "POST"]),
        ("analytics/categories/?start_date=2024-08-01&end_date=2024-08-05", ["OPTIONS"]),
        ("", ["OPTIONS"]),
    ],
)
def test_every_address_is_a_page_in_a_browser(browser, base, ledger, path, methods):
    expense = make_expense(ledger)
    path = path.format(pk=expense.pk, category=expense.category_id)
    assert sorted(METHODS.findall(page(browser, base + path))) == methods


def test_the_list_of_ledgers_is_a_page(browser, ledger):
    assert METHODS.findall(page(browser, "/api/v1/ledgers/")) == ["OPTIONS"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("expenses/999999/", 404),
        ("expenses/?nonsense=1", 400),
        ("analytics", 405),
    ],
)
def test_a_refusal_is_a_page_too(browser, base, path, status):
    assert f"HTTP {status}" in page(browser, base + path, status)


def test_an_address_that_never_is_one_is_the_site_s_page(browser, base):
    assert "There is nothing here" in page(browser, f"{base}expenses/abc/", 404)


def test_a_stranger_and_a_visitor_get_a_page(as_user, charlie, client, base):
    assert "No such ledger." in page(as_user(charlie), f"{base}expenses/", 404)
    assert "Authentication credentials were not provided." in page(client, f"{base}expenses/", 401)


def test_a_viewer_reads_the_page(as_user, bob, ledger, base):
    share(ledger, bob, "viewer")
    make_expense(ledger, notes="Tea")
    assert "Tea" in page(as_user(bob), f"{base}expenses/")


@pytest.mark.django_db(transaction=True)
def test_what_the_form_offers_can_be_sent_back_unchanged(browser, base, ledger):
    expense = make_expense(ledger, "12.50", notes='<b>"Tea"</b>')
    url = f"{base}expenses/{expense.pk}/"
    text = page(browser, url)
    offered = html.unescape(re.search(r'id="content-PUT"[^>]*>(.*?)</textarea>', text, re.S)[1])
    answer = browser.put(url, offered, content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, json.loads(offered))
    assert answer.json()["notes"] == '<b>"Tea"</b>'


def test_nothing_on_the_page_is_inline_and_nothing_written_becomes_markup(browser, base, ledger):
    make_expense(ledger, notes="<script>alert(1)</script>", payee='" onload="x')
    text = page(browser, f"{base}expenses/")
    assert "<script>alert" not in text
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| onload=\"", text)


def test_json_is_what_others_get(browser, base, ledger):
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        answer = browser.get(f"{base}expenses/", headers=headers)
        assert answer["Content-Type"] == "application/json"
    assert browser.get(f"{base}expenses/?format=json", headers=HTML)["Content-Type"] == "application/json"


@pytest.mark.django_db(transaction=True)
def test_options_describe_what_may_be_sent(browser, base, ledger):
    expense = make_expense(ledger)
    for path, method in (("expenses/", "POST"), (f"expenses/{expense.pk}/", "PUT")):
        described = browser.options(base + path).json()["actions"][method]
        assert described["amount"]["required"] is True
        assert described["created_at"]["read_only"] is True
