"""The page that statements are uploaded on, and the list of imports."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from database.acting import acting_as, operator
from expense_tracker import middleware
from expenses.tests.factories import share
from expenses.tests.pages import Page, in_production
from history.models import ChangeSet
from statements.applying import apply
from statements.models import Import
from statements.tests.files import booked, csv, staged
from statements.tests.imports import bring_in, stage

pytestmark = pytest.mark.django_db
COFFEE = csv([booked("03-01", "-2.50")])


@pytest.fixture
def address(ledger):
    return reverse("imports", args=[ledger.pk])


def send(browser, address, *names, **fields):
    files = [SimpleUploadedFile(name, COFFEE + name.encode()) for name in names]
    return browser.post(address, {"files": files, **fields})


def test_files_lead_to_their_preview(browser, address, ledger):
    response = send(browser, address, "a.csv", "b.csv")
    of_import = Import.objects.get()
    assert response["Location"] == reverse("import", args=[ledger.pk, of_import.pk])
    assert [file.name for file in of_import.statements.all()] == ["a.csv", "b.csv"]
    assert of_import.created_by.username == "alice"


def test_pasted_rows_lead_to_their_preview(browser, address):
    assert browser.post(address, {"pasted": "Date\tAmount\n2024-03-01\t-2.50"}).status_code == 302
    assert Import.objects.get().statements.get().name == "pasted.csv"


def test_an_upload_that_comes_twice_is_one_import(browser, address):
    key = Page(browser.get(address)).form("upload").data["submission"]
    assert send(browser, address, "a.csv", submission=key).status_code == 302
    assert send(browser, address, "a.csv", submission=key).status_code == 302
    assert Import.objects.count() == 1


def test_another_file_in_the_same_form_is_another_import(browser, address):
    key = Page(browser.get(address)).form("upload").data["submission"]
    send(browser, address, "a.csv", submission=key)
    send(browser, address, "another.csv", submission=key)
    assert Import.objects.count() == 2


def test_a_refusal_says_why_and_keeps_what_was_pasted(browser, address):
    response = browser.post(address, {"files": SimpleUploadedFile("a.csv", b""), "pasted": " \n "})
    assert (response.status_code, Page(response).text("box")) == (422, "“a.csv”: The file is empty.")
    response = browser.post(address, {"pasted": "Date\0<b>"})
    assert response.status_code == 422
    assert "Date\0&lt;b&gt;" in response.content.decode()
    assert not Import.objects.exists()


def test_pasted_rows_that_cannot_be_read_stay_where_they_were_typed(browser, address):
    response = browser.post(address, {"pasted": "Coffee\ton <Monday>"})
    assert response.status_code == 422
    assert Page(response).text("box").startswith("What you pasted cannot be read")
    assert "Coffee\ton &lt;Monday&gt;" in response.content.decode()
    assert not Import.objects.exists()


def test_an_import_of_files_that_cannot_be_read_says_so(browser, address, ledger):
    staged(ledger, b"%PDF-1.7")
    assert Page(browser.get(address)).text("cell-state") == "cannot be read"


def test_the_list_says_what_became_of_each_import(browser, address, ledger):
    stage(ledger, "Bakery", "Baker")
    done = stage(ledger, "Cinema")
    done.refresh_from_db()
    with acting_as(operator("tests", via="page", act="apply")):
        apply(done, done.version)
    states = Page(browser.get(address)).text("cell-state")
    assert states == "in the ledger 1 expense open"
    browser.post(reverse("import_undo", args=[ledger.pk, done.pk]))
    assert Page(browser.get(address)).text("cell-state") == "undone open"


def test_an_undoing_that_was_undone_puts_the_import_back_into_the_ledger(browser, address, ledger):
    bring_in(ledger, "Cinema")
    states = []
    for _turn in range(3):
        latest = ChangeSet.objects.in_ledger(ledger).latest("pk")
        browser.post(reverse("change_set", args=[ledger.pk, latest.pk]))
        states.append(Page(browser.get(address)).text("cell-state"))
    assert states == ["undone", "in the ledger 1 expense", "undone"]


def test_an_upload_that_is_far_too_large_is_refused_before_any_of_it_is_read(alice, address, monkeypatch):
    browser = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    browser.force_login(alice)
    monkeypatch.setattr(HttpRequest, "_load_post_and_files", lambda request: pytest.fail("read"))
    response = browser.post(address, {"pasted": "x"}, CONTENT_LENGTH=200_000_000)
    assert (response.status_code, Page(response).text("main")) == (
        413,
        "413 This is more than can be sent at once. Nothing was saved. Try again",
    )


def test_files_of_more_bytes_than_other_pages_take_are_uploaded(browser, address, monkeypatch):
    monkeypatch.setattr(middleware, "MOST_BYTES", 10)
    assert send(browser, address, "a.csv").status_code == 302
    assert browser.post(f"{address}1/discard/", {"a": "b"}).status_code == 413


def test_a_first_visit_says_what_to_do(browser, address):
    assert "No statement has been imported yet." in Page(browser.get(address)).text("empty")


def test_the_list_costs_the_same_for_any_number_of_imports(
    browser, address, ledger, django_assert_max_num_queries
):
    def cost():
        with django_assert_max_num_queries(100) as queries:
            assert browser.get(address).status_code == 200
        return len(in_production(queries.captured_queries))

    stage(ledger, "Bakery")
    one = cost()
    stage(ledger, "Bakery", "Baker")
    stage(ledger, "Bakery")
    assert cost() == one


@pytest.mark.parametrize("name", ["imports", "import"])
def test_a_viewer_sees_no_imports_and_no_way_to_them(ledger, bob, as_user, name):
    share(ledger, bob, "viewer")
    args = [ledger.pk] if name == "imports" else [ledger.pk, stage(ledger, "Bakery").pk]
    response = as_user(bob).get(reverse(name, args=args))
    assert (response.status_code, Page(response).text("h1")) == (403, "You may not do that")
    day = as_user(bob).get(reverse("expenses", args=[ledger.pk]))
    assert reverse("imports", args=[ledger.pk]) not in day.content.decode()
