"""The files of an import: reading them one by one, their questions, their accounts."""

from io import BytesIO

import pytest
from django.urls import reverse

from expenses.tests.factories import make_account
from expenses.tests.pages import Page
from statements.models import Import, Statement, StatementLine
from statements.tests.files import booked, csv, lines_of, ofx, staged
from statements.uploading import begin_import

pytestmark = pytest.mark.django_db
COFFEE, BREAD = booked("03-01", "-2.50", bank_id="1"), booked("03-02", "-4", "Bread", bank_id="2")
AMBIGUOUS = b"Date;Payee;Debit\n01/02/2024;Coffee;2.50\n02/03/2024;Bread;4.00\n"


@pytest.fixture
def see(browser):
    def page(of_import, response=None):
        return Page(response or browser.get(reverse("import", args=[of_import.ledger_id, of_import.pk])))

    return page


def waiting(ledger, *contents):
    return begin_import(ledger, None, [(f"{n}.csv", BytesIO(content)) for n, content in enumerate(contents)])


def post(browser, name, row, data=None, **how):
    return browser.post(reverse(name, args=[row.ledger_id, row.pk]), data or {}, **how)


def test_files_are_read_one_by_one(browser, see, ledger):
    of_import = waiting(ledger, csv([COFFEE]), csv([BREAD]))
    assert see(of_import).text("reading").startswith("Reading “0.csv” 0 of 2 files")
    post(browser, "import_read", of_import)
    assert see(of_import).text("reading").startswith("Reading “1.csv” 1 of 2 files")
    post(browser, "import_read", of_import)
    assert see(of_import).text("reading") == ""
    assert lines_of(of_import) == [("new", "add", "-2.5"), ("new", "add", "-4")]


def test_a_script_is_told_how_far_it_is_and_where_to_go_at_the_end(browser, see, ledger):
    of_import = waiting(ledger, csv([COFFEE]), csv([BREAD]))
    answer = post(browser, "import_read", of_import, headers={"HX-Request": "true"})
    assert Page(answer).text("reading").startswith("Reading “1.csv” 1 of 2 files")
    answer = post(browser, "import_read", of_import, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("import", args=[ledger.pk, of_import.pk])


def test_an_import_is_not_added_before_all_of_it_is_read(browser, ledger):
    of_import = waiting(ledger, csv([COFFEE]), csv([BREAD]))
    post(browser, "import_read", of_import)
    of_import.refresh_from_db()
    other = StatementLine.objects.of(of_import).get()
    answer = post(
        browser,
        "import_apply",
        of_import,
        {"version": of_import.version, "otherwise": other.category_id or ""},
    )
    assert (answer.status_code, Page(answer).text("box")) == (
        409,
        "A file still has to be read, or has a question. Answer it, or take the file out.",
    )


def test_what_cannot_be_read_is_said_beside_the_others(see, ledger):
    of_import = staged(ledger, csv([COFFEE]), b"%PDF-1.7 nothing else")
    assert "PDF" in see(of_import).text("refused")
    assert lines_of(of_import) == [("new", "add", "-2.5")]


def test_a_question_shows_a_row_both_ways_and_is_answered(browser, see, ledger):
    of_import = staged(ledger, AMBIGUOUS)
    file, page = Statement.objects.get(), see(of_import)
    (question,) = file.questions
    assert [choice["example"] in page.text("questions") for choice in question["choices"]] == [True, True]
    answer = post(browser, "import_file_answer", file, {question["key"]: question["choices"][0]["value"]})
    assert answer["Location"] == reverse("import", args=[ledger.pk, of_import.pk])
    assert [plan for _state, plan, _amount in lines_of(of_import)] == ["add", "add"]


@pytest.mark.parametrize("value", [None, "", "something else"])
def test_no_answer_leaves_the_question_with_a_reason(browser, ledger, value):
    staged(ledger, AMBIGUOUS)
    file = Statement.objects.get()
    sent = {} if value is None else {file.questions[0]["key"]: value}
    answer = post(browser, "import_file_answer", file, sent)
    assert answer.status_code == 422
    assert Page(answer).text("error") != ""
    file.refresh_from_db()
    assert file.state == "asking"


def test_a_file_that_does_not_say_so_is_of_an_account_that_the_person_chooses(browser, see, ledger):
    of_import, account = staged(ledger, csv([COFFEE])), make_account(ledger, "Checking")
    file = Statement.objects.get()
    form = see(of_import).form("file-account")
    assert (form.data["account_key"], form.data["account_name"]) == ("", "0")
    post(browser, "import_file_account", file, {"account_key": account.key})
    assert see(of_import).form("file-account").data["account_key"] == account.key
    assert StatementLine.objects.of(of_import).get().external_id.startswith(f"{account.key}:")
    post(browser, "import_file_account", file, {"account_key": "", "account_name": "Savings"})
    assert (
        see(of_import).form("file-account").data
        == {
            "account_key": "",
            "account_name": "Savings",
            "submission": see(of_import).form("file-account").data["submission"],
        }
        or see(of_import).form("file-account").data["account_name"] == "Savings"
    )


@pytest.mark.parametrize(
    "sent",
    [{}, {"account_key": "", "account_name": " "}, {"account_key": "0" * 16}, {"account_name": "x" * 101}],
)
def test_an_account_that_makes_no_sense_is_refused(browser, ledger, sent):
    staged(ledger, csv([COFFEE]))
    before = Statement.objects.get().account_key
    assert post(browser, "import_file_account", Statement.objects.get(), sent).status_code == 422
    assert Statement.objects.get().account_key == before


def test_a_file_that_names_its_account_asks_for_none(see, ledger):
    page = see(staged(ledger, ofx([COFFEE], account="DE99300")))
    assert "Account …9300" in page.text("file-facts")
    assert not any("file-account" in form.attributes.get("class", "") for form in page.forms)


def test_a_file_is_taken_out_and_the_last_one_takes_the_import_along(browser, ledger):
    of_import = staged(ledger, csv([COFFEE]), csv([BREAD]))
    first, second = of_import.statements.order_by("pk")
    post(browser, "import_file_remove", first)
    assert lines_of(of_import) == [("new", "add", "-4")]
    assert post(browser, "import_file_remove", second)["Location"] == reverse("imports", args=[ledger.pk])
    assert not Import.objects.exists()


def test_what_two_files_have_is_offered_from_the_other_once_one_is_taken_out(browser, ledger):
    both, one = ofx([COFFEE, BREAD]), ofx([BREAD])
    of_import = staged(ledger, both, one, one + b"\n")
    assert [state for state, _plan, _amount in lines_of(of_import)] == ["new", "new", "known", "known"]
    post(browser, "import_file_remove", of_import.statements.order_by("pk").first())
    assert lines_of(of_import) == [("new", "add", "-4"), ("known", "skip", "-4")]


def test_a_file_that_was_added_is_not_read_again(browser, ledger):
    of_import = staged(ledger, csv([COFFEE]))
    StatementLine.objects.update(category=ledger.category_set.first())
    post(browser, "import_apply", of_import, {"version": of_import.version})
    file = Statement.objects.get()
    answer = post(browser, "import_file_account", file, {"account_name": "Savings"}, follow=True)
    assert "This file was added to the ledger and is not kept." in Page(answer).said
    answer = post(browser, "import_file_remove", file, follow=True)
    assert Page(answer).said.startswith("This import is in the ledger.")
    assert Statement.objects.exists()


@pytest.mark.parametrize("name", ["import_file_answer", "import_file_account", "import_file_remove"])
def test_a_file_that_is_not_there_is_not_found(browser, ledger, name):
    assert browser.post(reverse(name, args=[ledger.pk, 10**6])).status_code == 404
