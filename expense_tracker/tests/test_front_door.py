import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.test import Client
from django.urls import path, reverse

from database.errors import OutcomeUnknown
from expense_tracker import urls
from expenses.models import Expense
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import Page

pytestmark = pytest.mark.django_db

AWAY = "The database is away. Nothing was saved. Try again in a few seconds."
SLOW = "This took too long. Nothing was saved. Try again in a few seconds."
WRONG = "Something went wrong on our side. Nothing was saved."


def write_and_fail(request, kind):
    """A view that writes before it fails."""
    Expense.objects.update(notes="half done")
    if kind == "slow":
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)")
    raise {"away": OperationalError("server closed the connection"), "bug": ValueError("secret")}[kind]


urlpatterns = [
    path("fail/<str:kind>/", write_and_fail),
    path("api/v1/fail/<str:kind>/", write_and_fail),
    *urls.urlpatterns,
]
handler500 = urls.handler500


class FailingMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        raise OperationalError("could not connect")


@pytest.fixture
def lenient():
    """A browser that shows the error page where the test client would raise."""
    return Client(raise_request_exception=False)


@pytest.fixture
def database(transactional_db):
    """The database of this thread, which can go away (nothing listens where we look for it) and come back."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    here = wrapper.settings_dict

    class Database:
        def leave(self):
            wrapper.close()
            wrapper.settings_dict = {**here, "HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {}}

        def come_back(self):
            wrapper.close()
            wrapper.settings_dict = here

    yield Database()
    Database().come_back()


# Where a visit starts


@pytest.mark.parametrize(("people", "location"), [(0, "/accounts/signup/"), (1, "/accounts/login/")])
def test_a_visitor_is_led_to_sign_up_where_nobody_has_yet_and_else_to_sign_in(
    client, django_user_model, people, location
):
    for number in range(people):
        django_user_model.objects.create_user(f"user{number}")
    assert client.get("/")["Location"] == location


def test_a_person_is_led_to_the_ledger_they_joined_first(browser, alice, bob, ledger):
    make_ledger(alice, "Flat")
    share(make_ledger(bob, "A trap"), alice, "editor")
    assert browser.get("/")["Location"] == reverse("overview", args=[ledger.pk])


def test_a_person_without_a_ledger_is_led_to_open_one(browser):
    response = browser.get("/", follow=True)
    assert (response.redirect_chain, Page(response).text("h1")) == ([("/ledgers/new/", 302)], "New ledger")


def test_a_ledger_shared_with_me_is_mine_to_start_with(bob, ledger, as_user):
    share(ledger, bob, "viewer")
    assert as_user(bob).get("/")["Location"] == reverse("overview", args=[ledger.pk])


# Whether the service is well


def test_healthz_says_ok_and_is_never_cached(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"database": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.catalogue(50)
def test_healthz_says_that_the_database_is_away(client, database):
    database.leave()
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"database": "away"})
    assert (response["Retry-After"], "no-store" in response["Cache-Control"]) == ("5", True)


@pytest.mark.catalogue(50)
def test_healthz_is_well_again_as_soon_as_the_database_is(client, database):
    database.leave()
    assert client.get("/healthz").status_code == 503
    database.come_back()
    assert client.get("/healthz").status_code == 200


# What is said when something fails


def test_a_page_while_the_database_is_away_is_503(lenient, database):
    database.leave()
    response = lenient.get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert AWAY in Page(response).text("main")


@pytest.mark.catalogue(50)
def test_a_signed_in_page_while_the_database_is_away_is_503(lenient, alice, ledger, database):
    lenient.force_login(alice)
    database.leave()
    response = lenient.get(reverse("expenses", args=[ledger.pk]))
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert AWAY in Page(response).text("main")


@pytest.mark.catalogue(50)
def test_the_api_while_the_database_is_away_answers_in_json(lenient, alice, ledger, database):
    lenient.force_login(alice)
    database.leave()
    response = lenient.get(f"/api/v1/ledgers/{ledger.pk}/expenses/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json() == {"detail": AWAY}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("kind", "status", "message"), [("away", 503, AWAY), ("slow", 503, SLOW), ("bug", 500, WRONG)]
)
@pytest.mark.catalogue(53)
def test_a_view_that_fails_after_a_write_writes_nothing_and_says_so(lenient, ledger, kind, status, message):
    make_expense(ledger, notes="before")
    response = lenient.get(f"/fail/{kind}/")
    assert (response.status_code, response.get("Retry-After")) == (status, "5" if status == 503 else None)
    assert message in Page(response).text("main")
    assert Expense.objects.get().notes == "before"
    assert b"secret" not in response.content


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("kind", "status", "message"), [("away", 503, AWAY), ("slow", 503, SLOW), ("bug", 500, WRONG)]
)
def test_an_api_view_that_fails_answers_in_json(lenient, kind, status, message):
    response = lenient.get(f"/api/v1/fail/{kind}/")
    assert (response.status_code, response.json()) == (status, {"detail": message})


@pytest.mark.parametrize(("url", "json"), [("/", False), ("/api/v1/ledgers/", True)])
def test_a_middleware_that_cannot_reach_the_database_is_503(lenient, settings, url, json):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.FailingMiddleware"]
    response = lenient.get(url)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json() == {"detail": AWAY} if json else AWAY in Page(response).text("main")


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(
    "url", ["/nowhere/", "/ledgers/x/", "/ledgers/1/nowhere/", "/%00", "/ledgers/%F0%9F%92%B8/"]
)
def test_a_page_that_does_not_exist_says_so_in_the_look_of_the_product(client, alice, url, signed_in):
    if signed_in:
        client.force_login(alice)
    response = client.get(url)
    assert (response.status_code, Page(response).text("h1")) == (404, "There is nothing here")
    assert bool(Page(response).forms) == signed_in  # the way to sign out


@pytest.mark.parametrize("url", ["/", "/accounts/login/", "/nowhere/"])
def test_every_answer_forbids_foreign_code_and_frames(client, url):
    response = client.get(url)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_a_host_that_is_not_ours_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def fails(*_args, **_options):
    raise OperationalError("server closed the connection unexpectedly")


def test_a_save_whose_page_cannot_be_shown_is_not_called_unsaved(lenient, alice, ledger, monkeypatch):
    monkeypatch.setattr("api.renderers.BrowsableAPIRenderer.get_context", fails)
    lenient.force_login(alice)
    category = ledger.category_set.first().pk
    body = {"date": "2024-08-01", "amount": "5", "category": category}
    url = f"/api/v1/ledgers/{ledger.pk}/expenses/"
    answer = lenient.post(url, body, content_type="application/json", headers={"Accept": "text/html"})
    assert (answer.status_code, Expense.objects.count()) == (503, 1)
    assert Page(answer).text("h1") == "Look before you go on"
    assert "Do not send it again" in answer.content.decode()
    assert "Retry-After" not in answer


def test_a_page_that_cannot_be_shown_says_nothing_about_saving(lenient, alice, ledger, monkeypatch):
    monkeypatch.setattr("api.renderers.BrowsableAPIRenderer.get_context", fails)
    lenient.force_login(alice)
    answer = lenient.get(f"/api/v1/ledgers/{ledger.pk}/expenses/", headers={"Accept": "text/html"})
    assert (answer.status_code, Page(answer).text("h1")) == (503, "503")


def test_a_form_whose_commit_nobody_acknowledged_is_given_back_with_a_warning(
    lenient, alice, ledger, monkeypatch
):
    def lost(*_args, **_options):
        raise OutcomeUnknown("server closed the connection unexpectedly")

    lenient.force_login(alice)
    monkeypatch.setattr("expenses.views.day.save_day", lost)
    row = {"row-0-amount": "5", "row-0-category": ledger.category_set.first().pk, "row-0-notes": "bread"}
    form = {"row-TOTAL_FORMS": 1, "row-INITIAL_FORMS": 0, **row}
    answer = lenient.post(
        f"/ledgers/{ledger.pk}/expenses/2024-08-01/", form, headers={"Origin": "http://testserver"}
    )
    assert (answer.status_code, Page(answer).text("h1")) == (503, "Look before you go on")
    assert 'name="row-0-notes" value="bread"' in answer.content.decode()


@pytest.mark.parametrize("path", ["settings/members/", "settings/leave/", "categories/1/delete/"])
def test_an_address_for_forms_is_a_page_when_it_is_opened(browser, ledger, path):
    response = browser.get(f"/ledgers/{ledger.pk}/{path}")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert Page(response).text("h1") == "There is nothing to see here"
