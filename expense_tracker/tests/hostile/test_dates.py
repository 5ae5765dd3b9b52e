"""Dates in other spellings, and dates that no expense can have."""

from urllib.parse import quote

import pytest

from expense_tracker.tests.hostile.doors import refused
from expenses.tests.pages import Page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("unchanged"),
    pytest.mark.catalogue(7, 8, 9, 10),
]

WEEKS = ["2026-W01-1", "2026W011", "2026-001"]
SPELLINGS = [
    "20260102",
    "2026-1-2",
    "２０２６-01-02",
    "٢٠٢٦-٠١-٠٢",
    "02.01.2026",
    "2026/01/02",
    "2026-01-02\n",
]
FAR = ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"]
IMPOSSIBLE = ["2026-02-30", "2026-13-01", "2026-00-00", "0000-01-01", "10000-01-01", "-2026-01-02"]
TIMES = ["2026-01-02T23:30-08:00", "2026-01-02T00:00:00Z", "2026-01-02 00:00"]


STRANGE = [*WEEKS, *SPELLINGS, *FAR, *IMPOSSIBLE, *TIMES]
strange = pytest.mark.parametrize("text", STRANGE, ids=ascii)
strange_values = pytest.mark.parametrize("text", [*STRANGE, "", None, True, 20260102, [], {}], ids=ascii)


@strange_values
def test_a_date_written_otherwise_is_refused_at_its_field(doors, text):
    names = ("create", "create_many", "change")
    assert doors.each(names, "date", text) == refused(names, "date")


@pytest.mark.parametrize("text", [*WEEKS, *FAR, *IMPOSSIBLE, *TIMES, ""])
def test_the_admin_takes_the_readers_own_spelling_and_no_date_that_cannot_be(doors, text):
    names = ("admin_form", "admin_list")
    assert doors.each(names, "date", text) == refused(names, "date")


@strange
def test_a_date_in_a_query_is_read_as_strictly(api, base, text):
    others = {"start_date": "2026-01-02", "end_date": "2026-01-02"}
    for path, query, name in (
        ("expenses/", {}, "date_after"),
        ("expenses/", {}, "date_before"),
        ("analytics/categories/", others, "start_date"),
        ("analytics/categories/", others, "end_date"),
    ):
        answer = api.get(base + path, query | {name: text})
        assert (answer.status_code, list(answer.json())) == (400, [name])


@strange_values
def test_the_original_analytics_read_dates_as_strictly(api, base, text):
    answer = api.post(f"{base}analytics", {"start_date": text, "end_date": "2026-01-03"})
    assert (answer.status_code, list(answer.json())) == (400, ["start_date"])


@strange
def test_the_pages_say_which_date_is_wrong(browser, ledger, text):
    for name, label in (("date_after", "From: "), ("date_before", "To: ")):
        response = browser.get(f"/ledgers/{ledger.pk}/expenses/", {name: text})
        assert (response.status_code, Page(response).text("box").startswith(label)) == (400, True)
    response = browser.get(f"/ledgers/{ledger.pk}/analytics/", {"start_date": text, "end_date": "2026-01-03"})
    assert (response.status_code, list(response.context["asked"].errors)) == (400, ["start_date"])


@strange
def test_the_date_picker_opens_today_and_says_why(browser, ledger, text):
    response = browser.get(f"/ledgers/{ledger.pk}/expenses/day/", {"date": text}, follow=True)
    assert response.context["day"] == response.context["today"]
    assert Page(response).text("messages") in (
        "Write a date as YYYY-MM-DD.",
        "The date must lie between 1900 and 2200.",
    )


@strange
def test_an_address_with_such_a_date_leads_nowhere(browser, ledger, text):
    page, api = f"/ledgers/{ledger.pk}", f"/api/v1/ledgers/{ledger.pk}"
    for method in (browser.get, browser.post, browser.put):
        assert method(f"{page}/expenses/{quote(text)}/").status_code == 404
        for path in (f"{api}/days/", f"{api}/expenses/"):
            assert method(f"{path}{quote(text)}/").status_code in (400, 404, 405)
