from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from expenses.tests.factories import make_expense
from expenses.tests.pages import Page

pytestmark = pytest.mark.django_db

URL = "/accounts/preferences/"


def saved(browser, **values):
    return browser.post(URL, Page(browser.get(URL)).form("stack").data | values)


def today(browser, ledger):
    return browser.get(reverse("today", args=[ledger.pk]))["Location"]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
def test_the_time_zone_decides_what_today_is(browser, alice, ledger, zone):
    alice.time_zone = zone
    alice.save()
    with timezone.override(zone):
        assert today(browser, ledger) == reverse("day", args=[ledger.pk, timezone.localdate()])


def test_two_people_in_one_ledger_each_have_their_own_today(browser, alice, bob, ledger, as_user):
    ledger.members.add(bob)
    for person, zone in [(alice, "Pacific/Kiritimati"), (bob, "Pacific/Pago_Pago")]:
        person.time_zone = zone
        person.save()
    # 25 hours apart, so the two never share a date.
    assert today(browser, ledger) > today(as_user(bob), ledger)


@pytest.mark.parametrize(
    ("language", "amount", "month_to_date"),
    [
        ("en", "1234.50", "€1,234.50"),
        ("en-gb", "1234.50", "€1,234.50"),
        ("de", "1234,50", "1.234,50 €"),
    ],
)
def test_the_language_decides_how_figures_are_written(browser, ledger, language, amount, month_to_date):
    make_expense(ledger, "1234.5")
    assert saved(browser, language=language).status_code == 302
    page = Page(browser.get(reverse("day", args=[ledger.pk, date(2024, 8, 1)])))
    assert page.form("day-form").row(0) == (amount, "", "")
    assert page.text("month-to-date").replace("\u00a0", " ").endswith(month_to_date)


def test_the_language_of_the_person_wins_over_that_of_the_browser(browser, ledger):
    make_expense(ledger, "1234.5")
    url = reverse("day", args=[ledger.pk, date(2024, 8, 1)])
    response = browser.get(url, headers={"accept-language": "de"})
    assert Page(response).form("day-form").row(0, "amount") == ("1234.50",)
    assert response["Content-Language"] == "en"


def test_preferences_are_saved(browser, alice):
    response = saved(browser, first_name="Al", last_name="Ice", time_zone="Asia/Tokyo", language="de")
    alice.refresh_from_db()
    assert response["Location"] == URL
    assert (alice.first_name, alice.last_name, alice.time_zone, alice.language) == (
        "Al",
        "Ice",
        "Asia/Tokyo",
        "de",
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("time_zone", "Mars/Base", "“Mars/Base” is not a time zone. Choose one such as Europe/Berlin."),
        ("time_zone", "../../etc/passwd", None),
        ("time_zone", "", "This field is required."),
        ("language", "tlh", "Select a valid choice. tlh is not one of the available choices."),
    ],
)
def test_what_does_not_exist_is_refused_at_its_field(browser, alice, field, value, message):
    response = saved(browser, **{field: value})
    message = message or f"“{value}” is not a time zone. Choose one such as Europe/Berlin."
    assert (response.status_code, Page(response).text(f"id_{field}_error")) == (422, message)
    alice.refresh_from_db()
    assert (alice.time_zone, alice.language) == ("UTC", "en")


def test_nobody_gives_themselves_powers_or_another_name(browser, alice):
    saved(browser, is_staff="on", is_superuser="on", username="root", email="x@example.org", password="x")
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser, alice.username) == (False, False, "alice")
    assert alice.email == "alice@example.org"


def test_a_visitor_is_led_to_sign_in(client):
    assert client.get(URL)["Location"] == f"/accounts/login/?next={URL}"
