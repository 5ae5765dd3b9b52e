"""Query strings and addresses: too many values, too long, unknown, impossible, not text at all."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expenses.tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unchanged")]

BYTES = ["%00", "%ff%fe", "%C0%80", "%ED%A0%80", "%F4%90%80%80", "%", "%zz", "%u0000"]
IDS = ["0", "9" * 19, "9" * 30, "9" * 5000]


@pytest.fixture
def page(browser, ledger):
    return lambda query, path="expenses/": browser.get(f"/ledgers/{ledger.pk}/{path}?{query}")


@pytest.mark.catalogue(28)
@pytest.mark.parametrize("count", [201, 14_000])
def test_more_categories_than_anybody_has_are_refused_without_asking_for_one(api, base, page, food, count):
    query = "&".join([f"category={food.pk}"] * count)
    with CaptureQueriesContext(connection) as queries:
        answer = api.get(f"{base}expenses/?{query}")
    message = "Choose at most 200 categories."
    assert (answer.status_code, answer.json()) == (400, {"category": [message]})
    assert [each["sql"] for each in queries if "expenses_" in each["sql"]] == []
    response = page(query)
    assert (response.status_code, Page(response).text("box")) == (400, f"Category: {message}")


@pytest.mark.catalogue(28)
def test_two_hundred_categories_may_be_asked_for(api, base, food, expense):
    answer = api.get(f"{base}expenses/?" + "&".join([f"category={food.pk}"] * 200))
    assert (answer.status_code, [row["id"] for row in answer.json()["results"]]) == (200, [expense.pk])


@pytest.mark.catalogue(28)
@pytest.mark.parametrize(
    "path", ["/api/v1/ledgers/{}/expenses/", "/ledgers/{}/expenses/", "/admin/expenses/expense/"]
)
def test_twenty_thousand_parameters_are_refused_unread(browser, root, ledger, path):
    client = root if "admin" in path else browser
    client.raise_request_exception = False
    response = client.get(f"{path.format(ledger.pk)}?{'&'.join(['category=1'] * 20_000)}")
    assert response.status_code == 400
    if path.startswith("/api/"):
        assert response.json() == {"detail": "This request cannot be understood."}


@pytest.mark.catalogue(29)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        ("a " * 11, "Search for at most 10 words."),
        ("\u2003a" * 11, "Search for at most 10 words."),
    ],
)
def test_a_search_for_too_much_is_refused_at_its_field(api, base, browser, ledger, text, message):
    answer = api.get(f"{base}expenses/", {"text": text})
    assert (answer.status_code, answer.json()) == (400, {"text": [message]})
    response = browser.get(f"/ledgers/{ledger.pk}/expenses/", {"text": text})
    assert (response.status_code, Page(response).text("box")) == (400, f"Text: {message}")


@pytest.mark.catalogue(30)
@pytest.mark.parametrize("number", ["9e22", "9" * 30, "9" * 5000, "-1", "0", "１", "1_0", ""])
@pytest.mark.parametrize("name", ["page_size", "category", "amount_max"])
def test_a_number_that_makes_no_sense_is_refused_at_its_field(api, base, name, number):
    answer = api.get(f"{base}expenses/", {name: number})
    allowed = (name, number) in {
        ("amount_max", "0"),
        ("amount_max", "-1"),
        ("amount_max", ""),
    }
    assert answer.status_code == (200 if allowed else 400)
    assert list(answer.json()) == (["next", "previous", "results"] if allowed else [name])


@pytest.mark.catalogue(30)
@pytest.mark.parametrize(
    "cursor",
    ["2024-08-01", "2024-W31-4,5", "2024-08-01,9e22", "2024-08-01," + "9" * 30, ",", "\0", "٢,5", "--"],
)
def test_a_cursor_that_nobody_gave_is_refused_at_its_field(api, base, cursor):
    answer = api.get(f"{base}expenses/", {"cursor": cursor})
    assert (answer.status_code, list(answer.json())) == (400, ["cursor"])


@pytest.mark.catalogue(31)
@pytest.mark.parametrize(
    "name",
    [
        "ordering",
        "order_by",
        "created_by__password__startswith",
        "ledger__memberships__user__password",
        "id__in",
    ],
)
def test_a_parameter_nobody_knows_is_refused_by_programs_and_ignored_by_pages(api, base, page, name):
    answer = api.get(f"{base}expenses/", {name: "a"})
    assert (answer.status_code, answer.json()) == (400, {name: ["Unknown parameter."]})
    assert page(f"{name}=a").content.count(b"before") == page("").content.count(b"before")


@pytest.mark.catalogue(32)
@pytest.mark.parametrize("raw", BYTES)
@pytest.mark.parametrize("name", ["text", "category", "date_after", "amount_min", "after", "cursor"])
def test_bytes_that_are_no_text_are_refused_or_found_nowhere(api, base, page, name, raw):
    known = [] if name in ("after", "cursor") else [page(f"{name}={raw}")]
    answers = [api.get(f"{base}expenses/?{name}={raw}"), *known]
    readable = name == "text" and raw != "%00"
    assert [answer.status_code for answer in answers] == [200 if readable else 400] * len(answers)


@pytest.mark.catalogue(32)
@pytest.mark.parametrize("raw", BYTES)
def test_bytes_that_are_no_text_are_no_address(browser, root, raw):
    for url in ("/{}", "/ledgers/{}/", "/api/v1/{}/", "/static/{}"):
        assert (url, browser.get(url.format(raw)).status_code) == (url, 404)
    assert root.get(f"/admin/{raw}/").status_code == 404
    assert browser.get(f"/accounts/invitations/{raw}/")["Location"] == "/accounts/login/"


def addresses(ledger, ledger_id, pk):
    """The addresses that take an id: of another ledger, and of another row of this one."""
    for template in (
        "/ledgers/{ledger}/categories/{pk}/",
        "/ledgers/{ledger}/categories/{pk}/move/",
        "/ledgers/{ledger}/categories/{pk}/archive/",
        "/ledgers/{ledger}/categories/{pk}/delete/",
        "/ledgers/{ledger}/settings/members/{pk}/",
        "/ledgers/{other}/expenses/",
        "/api/v1/ledgers/{other}/expenses/",
        "/api/v1/ledgers/{ledger}/expenses/{pk}/",
        "/api/v1/ledgers/{ledger}/categories/{pk}/",
    ):
        yield template.format(ledger=ledger.pk, other=ledger_id, pk=pk)


@pytest.mark.catalogue(30)
@pytest.mark.parametrize("pk", [*IDS, "１", "1_0", "-1", "1.0", "0x1"], ids=lambda pk: pk[:20])
def test_an_id_that_no_row_has_is_not_found(browser, ledger, expense, pk):
    for url in addresses(ledger, pk, pk):
        answers = {
            browser.post(url).status_code,
            browser.delete(url).status_code,
            browser.get(url).status_code,
        }
        assert (url[:60], answers - {404, 405}) == (url[:60], set())


@pytest.mark.catalogue(8, 30)
def test_a_rows_own_id_written_otherwise_is_not_found(browser, base, expense):
    pk = str(expense.pk)
    full_width = pk.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    for written in (full_width, f"+{pk}", f" {pk}", f"{pk[0]}_{pk[1:]}", f"{pk}.0"):
        assert browser.get(f"{base}expenses/{written}/").status_code == 404
    assert browser.get(f"{base}expenses/{pk}/").status_code == 200


@pytest.mark.catalogue(20)
def test_the_row_of_a_stranger_and_one_that_never_was_are_answered_alike(browser, ledger, foreign):
    theirs = (
        addresses(ledger, foreign.ledger_id, foreign.pk),
        addresses(ledger, foreign.ledger_id, foreign.category_id),
    )
    for found in theirs:
        for one, other in zip(found, addresses(ledger, 10**9, 10**9), strict=True):
            for method in ("get", "post", "put", "delete"):
                answers = [getattr(browser, method)(url) for url in (one, other)]
                assert len({(answer.status_code, said(answer)) for answer in answers}) == 1, (method, one)
                assert answers[0].status_code in (404, 405)


def said(answer) -> str:
    """The answer without the keys that differ each time, and without the address that it is the answer of."""
    return re.sub(r'value="[^"]*"|\?back=[^"]*', "", answer.content.decode())
