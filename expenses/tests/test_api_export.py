import json
import logging

import pytest
from rest_framework.test import APIClient

from expenses.exports import EXTENSIONS
from expenses.exports.seats import SEATS
from expenses.tests.exports.reading import READERS
from expenses.tests.exports.test_formats import download
from expenses.tests.factories import make_expense, make_token, share

pytestmark = pytest.mark.django_db


def address(ledger, extension="csv"):
    return f"/api/v1/ledgers/{ledger.pk}/expenses/export.{extension}"


@pytest.fixture
def shop(ledger):
    make_expense(ledger, "3", "Food", "2024-08-01", notes="bread")
    make_expense(ledger, "4", "Rent", "2024-08-02")
    return ledger


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_file_of_the_page(api, browser, shop, extension):
    answer = api.get(address(shop, extension), {"text": "bread"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == EXTENSIONS[extension].media_type
    assert answer["Content-Disposition"] == f'attachment; filename="expenses-Household.{extension}"'
    page = READERS[extension](download(browser, shop, extension, "?text=bread"))
    assert READERS[extension](answer.getvalue()) == page
    assert [row[1] for row in page] == [3]


@pytest.mark.parametrize(("query", "members"), [("", ["alice"]), ("?text=", ["alice"]), ("?text=bread", [])])
def test_only_the_whole_ledger_says_who_its_members_are(api, browser, shop, query, members):
    for content in (
        api.get(address(shop, "json") + query).getvalue(),
        download(browser, shop, "json", query),
    ):
        assert [member["username"] for member in json.loads(content)["members"]] == members


@pytest.mark.parametrize("accept", ["text/csv", "application/json", "text/html", "*/*"])
def test_the_address_says_which_format_whatever_is_accepted(api, shop, accept):
    assert api.get(address(shop), headers={"accept": accept})["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"date_after": "2024-02-30"}, "date_after"),
        ({"categori": "5"}, "categori"),
        ({"category": "0"}, "category"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(api, shop, query, refused):
    answer = api.get(address(shop), query)
    assert (answer.status_code, list(answer.json())) == (400, [refused])


@pytest.mark.parametrize("extension", ["txt", "CSV", "csv/"])
def test_other_formats_are_no_address(api, shop, extension):
    assert api.get(address(shop, extension)).status_code == 404


def test_whoever_may_read_may_export_and_a_stranger_may_not(api_as, shop, bob, charlie):
    share(shop, bob, "viewer")
    assert api_as(bob).get(address(shop)).status_code == 200
    assert api_as(charlie).get(address(shop)).status_code == 404


def test_a_token_that_reads_is_enough(shop, alice):
    client = APIClient(headers={"Authorization": f"Token {make_token(alice, can_write=False)}"})
    assert client.get(address(shop)).status_code == 200
    assert client.post(address(shop)).status_code in (403, 405)


def test_while_all_seats_are_taken_a_long_one_has_to_come_back(api, ledger, monkeypatch):
    make_expense(ledger, notes="bread")
    monkeypatch.setattr("expenses.exports.seats.IN_MEMORY", 10)
    with SEATS, SEATS:
        answer = api.get(address(ledger))
    said = {"detail": "Others are exporting at the moment. Try again in a few seconds."}
    assert (answer.status_code, answer["Retry-After"], answer.json()) == (503, "5", said)


def test_the_security_log_says_who_exported_how_much(api, shop, alice, caplog):
    with caplog.at_level(logging.INFO, "security"):
        api.get(address(shop), {"text": "bread"})
    (line,) = [record.message for record in caplog.records if "event=export" in record.message]
    assert line == f"event=export user={alice.pk} ip=127.0.0.1 ledger={shop.pk} rows=1"
