"""Tags that can change: what each comes to, and renaming, merging and removing them, after a look."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expenses.models import Expense, Favourite
from expenses.tests.factories import make_expense, make_favourite, share
from expenses.tests.pages import Page, in_production
from history.models import ChangeSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def tagged(ledger):
    make_expense(ledger, "10", tags=["train", "work"])
    make_expense(ledger, "-2.50", tags=["work"])
    make_expense(ledger, "5", tags=["job", "work"])
    make_expense(ledger, "1", tags=["job"])
    make_expense(ledger, "100")
    make_favourite(ledger, tags=["a", "work"])
    return ledger


def tags():
    written = list(Expense.objects.order_by("pk").values_list("tags", flat=True))
    return written, list(Favourite.objects.values_list("tags", flat=True))


BEFORE = [["train", "work"], ["work"], ["job", "work"], ["job"], []], [["a", "work"]]


def ask(browser, ledger, tag="work", **said):
    return browser.post(reverse("tag", args=[ledger.pk, tag]), said)


def confirm(browser, ledger, page, tag="work"):
    form = next(form for form in Page(page).forms if "confirmed" in form.data)
    return ask(browser, ledger, tag, **form.data)


def test_every_tag_is_shown_with_its_expenses_and_their_total(browser, tagged):
    response = browser.get(reverse("tags", args=[tagged.pk]))
    found = [(each["tag"], each["count"], str(each["total"])) for each in response.context["tags"]]
    assert found == [("work", 3, "12.500"), ("job", 2, "6.000"), ("train", 1, "10.000")]
    words = Page(response).text("tags-list")
    assert "#work 3 €12.50" in words
    opened = browser.get(reverse("expenses", args=[tagged.pk]) + "?tag=work")
    assert {name: str(value) for name, value in opened.context["totals"].items()} == {
        "spent": "12.500",
        "count": "3",
    }


def test_a_ledger_without_tags_teaches_how_to_write_one(browser, ledger):
    page = Page(browser.get(reverse("tags", args=[ledger.pk])))
    assert page.text("empty").startswith(
        "No expense has a tag yet. Write a word with a number sign into the notes"
    )


@pytest.mark.parametrize(
    ("said", "words", "after"),
    [
        (
            {"to": "#Office"},
            "The tag “work” is now “office”.",
            ([["office", "train"], ["office"], ["job", "office"], ["job"], []], [["a", "office"]]),
        ),
        (
            {"to": "job"},
            "The tag “work” was merged into “job”.",
            ([["job", "train"], ["job"], ["job"], ["job"], []], [["a", "job"]]),
        ),
        (
            {},
            "The tag “work” was removed from everything.",
            ([["train"], [], ["job"], ["job"], []], [["a"]]),
        ),
    ],
)
def test_renaming_merging_and_removing_are_shown_then_done_in_one_change_and_undone(
    browser, tagged, said, words, after
):
    page = ask(browser, tagged, **said)
    assert (page.status_code, tags()) == (200, BEFORE)
    assert Page(page).text("figure-line").startswith("3 expenses · €12.50")
    assert "And 1 favourite." in Page(page).text("tag-page")
    merging = "2 expenses have “#job” already" in Page(page).text("warn")
    assert merging == (said.get("to") == "job")
    sets = ChangeSet.objects.count()
    with CaptureQueriesContext(connection) as queries:
        done = confirm(browser, tagged, page)
    updates = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "expenses_')]
    assert (len(updates), ChangeSet.objects.count()) == (2, sets + 1)
    assert (done["Location"], tags()) == (reverse("tags", args=[tagged.pk]), after)
    listed = browser.get(done["Location"])
    assert Page(listed).said == words
    undo = reverse("change_set", args=[tagged.pk, ChangeSet.objects.latest("pk").pk])
    assert undo in listed.content.decode()
    browser.post(undo)
    assert tags() == BEFORE


@pytest.mark.parametrize("kind", ["expense", "favourite"])
def test_what_got_the_tag_meanwhile_is_shown_before_anything_is_done(browser, tagged, kind):
    page = ask(browser, tagged, to="office")
    make_expense(tagged, tags=["work"]) if kind == "expense" else make_favourite(tagged, "Tea", tags=["work"])
    before = tags()
    again = confirm(browser, tagged, page)
    assert (again.status_code, tags()) == (409, before)
    assert confirm(browser, tagged, again).status_code == 302
    assert "work" not in str(tags())


def test_a_tag_that_is_gone_is_said_so(browser, tagged):
    page = ask(browser, tagged, tag="train", to="rail")
    Expense.objects.filter(tags__contains=["train"]).update(tags=[])
    done = confirm(browser, tagged, page, tag="train")
    assert Page(browser.get(done["Location"])).said == "Nothing has the tag “train” any more."


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ("", "This field is required."),
        ("a b", "“a b” cannot be a tag."),
        ("5", "“5” cannot be a tag."),
        ("Work", "That is its name already."),
        ("x" * 52, "Ensure this value has at most 51 characters (it has 52)."),
    ],
)
def test_what_cannot_be_a_name_is_refused_and_kept(browser, tagged, to, error):
    page = ask(browser, tagged, to=to)
    assert (page.status_code, Page(page).text("error"), tags()) == (422, error, BEFORE)
    assert to in next(form for form in Page(page).forms if "to" in form.data).data["to"]


@pytest.mark.parametrize("tag", ["nowhere", "Work", "5", "a b", "%00"])
def test_what_is_no_tag_of_the_ledger_is_not_found(browser, tagged, tag):
    assert browser.get(f"/ledgers/{tagged.pk}/tags/{tag}/").status_code == 404


def test_a_viewer_looks_and_a_stranger_finds_nothing(tagged, bob, charlie, as_user):
    share(tagged, bob, "viewer")
    viewer, stranger = as_user(bob), as_user(charlie)
    listed = viewer.get(reverse("tags", args=[tagged.pk]))
    assert (listed.status_code, b"Rename" in listed.content) == (200, False)
    assert [
        viewer.get(reverse("tag", args=[tagged.pk, "work"])).status_code,
        ask(viewer, tagged).status_code,
    ] == [403, 403]
    assert [
        stranger.get(reverse("tags", args=[tagged.pk])).status_code,
        ask(stranger, tagged).status_code,
    ] == [404, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_tags_cost_the_same_statements_however_many_there_are(browser, ledger, rows):
    for number in range(rows):
        make_expense(ledger, tags=[f"t{number}", "work"])
    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse("tags", args=[ledger.pk]))
    with CaptureQueriesContext(connection) as shown:
        page = ask(browser, ledger, to="office")
    with CaptureQueriesContext(connection) as done:
        confirm(browser, ledger, page)
    assert [len(in_production(each)) for each in (queries, shown, done)] == [4, 8, 14]


def post(api, ledger, tag, **said):
    return api.post(f"/api/v1/ledgers/{ledger.pk}/tags/{tag}/rename/", said, format="json")


def test_the_api_lists_renames_merges_and_removes(api, tagged):
    assert api.get(f"/api/v1/ledgers/{tagged.pk}/tags/").json() == [
        {"tag": "work", "count": 3, "total": "12.50"},
        {"tag": "job", "count": 2, "total": "6.00"},
        {"tag": "train", "count": 1, "total": "10.00"},
    ]
    dry = post(api, tagged, "work", to="job", dry_run=True).json()
    digest = dry.pop("digest")
    assert (dry, tags()) == ({"count": 3, "total": "12.50", "favourites": 1, "into": 2}, BEFORE)
    assert post(api, tagged, "work", to="office", digest=digest).status_code == 409
    done = post(api, tagged, "work", to="job", digest=digest)
    assert tags() == ([["job", "train"], ["job"], ["job"], ["job"], []], [["a", "job"]])
    api.post(f"/api/v1/ledgers/{tagged.pk}/history/{done['Change-Set']}/undo/")
    assert tags() == BEFORE
    assert post(api, tagged, "work", to=None).status_code == 200
    assert tags() == ([["train"], [], ["job"], ["job"], []], [["a"]])
    assert post(api, tagged, "work", to="x").status_code == 404
    assert post(api, tagged, "job", to="a b").json() == {"to": ["“a b” cannot be a tag."]}
    assert post(api, tagged, "job").json() == {"to": ["This field is required."]}
