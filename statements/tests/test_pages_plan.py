"""The preview of an import: what it shows, and what is decided on it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from expenses.tests.pages import Page, in_production
from statements.models import Import, StatementLine
from statements.tests.files import booked, csv, staged
from statements.tests.imports import stage

pytestmark = pytest.mark.django_db


class Preview:
    """The page of an import, and the form on it as a browser without JavaScript has it."""

    def __init__(self, browser, of_import, query=""):
        self.browser, self.of_import = browser, of_import
        self.address = reverse("import", args=[of_import.ledger_id, of_import.pk])
        self.show(browser.get(self.address + query))

    def show(self, response):
        self.response, self.page = response, Page(response)
        return self

    @property
    def form(self):
        return self.page.form("plan")

    @property
    def lines(self):
        return list(StatementLine.objects.of(self.of_import).order_by("pk"))

    def send(self, act="", line=None, **more):
        """Change cells of one line, by its position, and press a button."""
        cells = {f"line-{self.lines[line].pk}-{name}": more.pop(name) for name in [*more] if line is not None}
        data = {name: value for name, value in (self.form.data | cells | more).items() if value is not None}
        path = reverse(f"import_{act}", args=[self.of_import.ledger_id, self.of_import.pk]) if act else ""
        response = self.browser.post(path or self.form.attributes["action"], data)
        if response.status_code == 302:
            response = self.browser.get(response["Location"])
        return self.show(response)

    def row(self, line):
        """Payee, notes, category and plan of a line as the form has them."""
        start = f"line-{self.lines[line].pk}"
        names = ("payee", "notes", "category", "plan")
        return tuple(self.form.data.get(f"{start}-{name}") for name in names)

    @property
    def expenses(self):
        found = Expense.objects.in_ledger(self.of_import.ledger_id).order_by("pk")
        return list(found.values_list("payee", "category__name", "amount"))


@pytest.fixture
def preview(browser):
    return lambda of_import, query="": Preview(browser, of_import, query)


@pytest.fixture
def food(ledger):
    return Category.objects.get(ledger=ledger, name="Food")


def bare(ledger, *payees, **values):
    """Lines that nobody suggested a category for."""
    of_import = stage(ledger, *payees, **values)
    StatementLine.objects.of(of_import).update(category=None)
    return of_import


def test_a_line_gets_what_was_decided_about_it(preview, ledger, food):
    shown = preview(stage(ledger, "Bakery", "Cinema")).send(
        line=0, category=food.pk, payee="The bakery", notes="bread"
    )
    assert shown.row(0) == ("The bakery", "bread", str(food.pk), "add")
    shown.send(line=1, plan=None)
    assert shown.row(1) == ("Cinema", "", str(shown.lines[1].category_id), None)
    shown.send("apply")
    assert shown.expenses == [("The bakery", "Food", Decimal(5))]


def test_tags_are_written_in_the_notes(preview, ledger, food):
    shown = preview(stage(ledger, "Bakery", text="two\nlines", tags=["work"]))
    assert shown.row(0)[1] == "twolines #work"  # as a browser has it
    shown.send(line=0, category=food.pk)
    assert [(line.category, line.notes, line.tags) for line in shown.lines] == [(food, None, ["work"])]
    shown.send(line=0, notes="bread #Trip #home")
    assert shown.row(0)[1] == "bread #home #trip"
    shown.send("apply")
    assert list(Expense.objects.values_list("notes", "tags")) == [("bread", ["home", "trip"])]
    assert "#home" in shown.browser.get(shown.address).content.decode()


def test_what_was_not_touched_is_not_written(preview, ledger, food):
    shown = preview(stage(ledger, "Bakery", "Cinema"))
    StatementLine.objects.of(shown.of_import).filter(payee="Cinema").update(category=food)
    shown.send(line=0, notes="bread")
    assert [line.category.name for line in shown.lines] == ["Other", "Food"]


def test_what_is_wrong_is_said_beside_the_line_and_nothing_typed_is_lost(preview, ledger, food):
    shown = preview(stage(ledger, "Bakery", "Cinema"))
    one, other = shown.lines
    shown.send(
        **{
            f"line-{one.pk}-notes": "typed <with> care",
            f"line-{other.pk}-payee": "x" * 201,
            f"line-{other.pk}-category": str(10**9),
        }
    )
    assert shown.response.status_code == 422
    assert shown.row(0)[1] == "typed <with> care"
    assert shown.row(1)[0] == "x" * 201
    assert shown.form.errors[f"line-{other.pk}-payee"].startswith("This ledger has no such category.")
    assert [line.notes for line in shown.lines] == [None, None]
    shown.send(line=1, payee="Film", category=food.pk)
    assert [(line.notes, line.payee_name) for line in shown.lines] == [
        ("typed <with> care", None),
        (None, "Film"),
    ]


def test_a_category_that_is_not_offered_any_more_is_refused_unless_it_was_there(preview, ledger, food):
    shown = preview(stage(ledger, "Bakery", "Cinema", category="Food"))
    Category.objects.filter(pk=food.pk).update(archived=True)
    rent = Category.objects.get(ledger=ledger, name="Rent")
    assert shown.send(line=0, notes="bread").response.status_code == 200
    shown.send(line=0, category=rent.pk)
    assert shown.send(line=0, category=food.pk).response.status_code == 422


def test_ticked_lines_get_a_category_and_are_left_out_together(preview, ledger, food):
    shown = preview(bare(ledger, "Bakery", "Cinema", "Baker"))
    ticked = [shown.lines[0].pk, shown.lines[2].pk]
    shown.browser.post(
        shown.address, shown.form.data | {"do": "categorise", "many_category": food.pk, "line": ticked}
    )
    shown.browser.post(shown.address, {"do": "skip", "line": ticked[:1]})
    assert [(line.category_id, line.plan) for line in shown.lines] == [
        (food.pk, "skip"),
        (None, "add"),
        (food.pk, "add"),
    ]


def test_all_lines_of_a_state_are_decided_about_at_once(preview, ledger):
    shown = preview(stage(ledger, "Bakery", "Cinema"))
    shown.send(do="skip", all="on", state="new")
    assert [line.plan for line in shown.lines] == ["skip", "skip"]
    shown.send(do="add", all="on", state="aside")
    assert [line.plan for line in shown.lines] == ["skip", "skip"]


def test_many_lines_need_a_category_to_get_one(preview, ledger):
    shown = preview(stage(ledger, "Bakery")).send(do="categorise", all="on")
    assert (shown.response.status_code, shown.page.text("box")) == (422, "Choose a category.")


def test_a_category_is_offered_to_the_other_lines_of_the_payee_and_always(preview, ledger, food):
    shown = preview(stage(ledger, "Bakery", "Bakery", "Cinema", "Bakery"))
    shown.send(line=0, category=food.pk)
    assert shown.page.text(f"why-{shown.lines[0].pk}") == "also for 2 others of this payee always"
    link = f"/rules/new/?pattern=Bakery&amp;category={food.pk}&amp;import={shown.of_import.pk}"
    assert link in shown.response.content.decode()
    shown.send(like=shown.lines[0].pk)
    assert [line.category.name for line in shown.lines] == ["Food", "Food", "Other", "Food"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"suggested_by": "rule", "why": {"rule": "<bak>"}}, "rule: <bak>"),
        (
            {"suggested_by": "history", "why": {"payee": "REWE", "count": 12, "of": 13}},
            "12 of 13 at REWE",
        ),
        ({"suggested_by": "file"}, "from the file"),
        ({}, ""),
    ],
)
def test_the_reason_of_a_category_stands_below_it(preview, ledger, values, said):
    shown = preview(stage(ledger, "Bakery", **values))
    assert shown.page.text(f"why-{shown.lines[0].pk}") == said


def test_a_likely_line_stands_beside_the_expense_and_is_decided_about(preview, ledger):
    typed = make_expense(ledger, "5", "Food", payee="the baker", day="2024-08-02")
    of_import = stage(ledger, "Bakery", state="likely", plan="open", twin=typed)
    shown = preview(of_import)
    assert "the baker" in shown.page.text("twin")
    assert shown.send("apply").page.text("box") == "Decide about 1 line that is likely there already."
    assert shown.response.status_code == 409
    shown.send(line=0, plan="same")
    assert shown.row(0)[3] == "same"
    shown.send("apply")
    typed.refresh_from_db()
    assert shown.expenses == [("the baker", "Food", Decimal(5))]
    assert typed.external_id == shown.lines[0].external_id


def test_money_that_came_in_is_taken_as_a_refund(preview, ledger):
    of_import = stage(ledger, "Shop", state="aside", plan="skip", amount=Decimal(20))
    shown = preview(of_import)
    assert shown.page.text("sum").startswith("0 expenses €0.00")
    shown.send(line=0, plan="add")
    assert shown.page.text("sum").startswith("1 expense -€20.00")
    shown.send("apply")
    assert shown.expenses == [("Shop", "Other", Decimal(-20))]


def test_a_rejected_line_has_its_number_reason_and_source(preview, ledger):
    reason = {"template": "%(what)s is no date", "values": {"what": "<31 February>"}}
    values = {"state": "rejected", "plan": "skip", "date": None, "amount": None}
    shown = preview(stage(ledger, "", reason=reason, source="31.2.;<b>5</b>", **values))
    assert shown.page.text("rejected") == "line 1 <31 February> is no date 31.2.;<b>5</b>"


def test_the_sum_is_that_of_the_expenses_that_are_added(preview, ledger):
    of_import = stage(ledger, "Bakery", "Cinema", amount=Decimal("-617.25"))
    assert preview(of_import).page.text("sum") == "2 expenses €1,234.50"


def test_lines_without_a_category_go_where_the_person_says(preview, ledger, food):
    shown = preview(bare(ledger, "Bakery"))
    assert shown.send("apply").response.status_code == 409
    assert shown.page.text("box") == "Choose a category for 1 line."
    assert shown.page.text("concerned").startswith("08/01/2024")
    shown.send("apply", otherwise=food.pk)
    assert shown.expenses == [("Bakery", "Food", Decimal(5))]


def test_what_was_typed_is_saved_before_everything_is_added(preview, ledger, food):
    shown = preview(stage(ledger, "Bakery")).send("apply", line=0, payee="The bakery", category=food.pk)
    assert shown.expenses == [("The bakery", "Food", Decimal(5))]


def test_an_import_is_undone_and_added_again(preview, ledger):
    shown = preview(stage(ledger, "Bakery")).send("apply")
    assert shown.page.said == "1 expense added."
    assert shown.page.text("done").startswith("1 expense of this import is in the ledger. €5.00")
    shown.show(shown.browser.post(reverse("import_undo", args=[ledger.pk, shown.of_import.pk]), follow=True))
    assert (shown.page.said, shown.expenses) == (
        "The import was undone: the ledger is as it was before.",
        [],
    )
    shown.send("apply")
    assert shown.expenses == [("Bakery", "Other", Decimal(5))]


def test_an_import_in_the_ledger_is_not_changed_added_again_or_discarded(preview, ledger):
    shown = preview(stage(ledger, "Bakery"))
    before = shown.form.data
    shown.send("apply")
    for act in ("", "apply/", "discard/"):
        response = shown.browser.post(
            shown.address + act, before | {"do": "skip", "all": "on", "submission": ""}
        )
        assert response.status_code == 409
        assert Page(response).text("box").startswith("This import is in the ledger.")
    assert [line.plan for line in shown.lines] == ["add"]
    assert len(shown.expenses) == 1


def test_what_changed_since_keeps_an_import_from_being_undone(preview, ledger):
    shown = preview(stage(ledger, "Bakery")).send("apply")
    Expense.objects.filter(ledger=ledger).update(notes="mine")
    response = shown.browser.post(reverse("import_undo", args=[ledger.pk, shown.of_import.pk]), follow=True)
    assert response.resolver_match.url_name == "change_set"
    assert "Somebody changed this since" in Page(response).text("messages")
    assert len(shown.expenses) == 1


def test_an_import_is_discarded(browser, preview, ledger):
    shown = preview(stage(ledger, "Bakery"))
    browser.post(reverse("import_discard", args=[ledger.pk, shown.of_import.pk]))
    assert not Import.objects.exists()
    assert browser.get(shown.address).status_code == 404


def test_who_has_not_seen_what_others_decided_cannot_add_it(preview, ledger, food):
    of_import = stage(ledger, "Bakery", "Cinema")
    mine, theirs = preview(of_import), preview(of_import)
    theirs.send(line=1, plan=None)
    mine.send("apply", line=0, category=food.pk)
    assert mine.response.status_code == 409
    assert mine.page.text("box") == "This import was changed since you looked at it. Look at it again."
    mine.send("apply")
    assert mine.expenses == [("Bakery", "Food", Decimal(5))]


def test_who_saves_is_told_that_others_decided_meanwhile(preview, ledger):
    of_import = stage(ledger, "Bakery", "Cinema")
    mine, theirs = preview(of_import), preview(of_import)
    assert theirs.send(line=1, plan=None).page.said == ""
    assert mine.send(line=0, plan=None).page.said.startswith("Somebody else decided about this import")


def test_one_row_is_saved_alone_and_the_answer_has_what_it_changes(browser, preview, ledger, food):
    shown = preview(bare(ledger, "Bakery", "Cinema"))
    one = shown.lines[0]
    sent = {name: value for name, value in shown.form.data.items() if name.startswith(f"line-{one.pk}-")}
    sent |= {f"line-{one.pk}-category": food.pk, "version": shown.form.data["version"], "state": "new"}
    answer = browser.post(shown.address, sent, headers={"HX-Request": "true"})
    saved = Page(answer)
    assert answer.status_code == 200
    assert saved.text(f"why-{one.pk}") == "always"
    assert saved.text("otherwise").startswith("1 without a category goes to")
    version = Import.objects.get().version
    assert f'name="version" value="{version}"'.encode() in answer.content
    again = browser.post(shown.address, sent, headers={"HX-Request": "true"})
    assert f'name="version" value="{sent["version"]}"'.encode() in again.content
    assert "Somebody else decided" in Page(again).text("problem")


def test_a_line_that_came_since_is_marked_and_the_rest_can_be_added(preview, ledger):
    shown = preview(stage(ledger, "Bakery", "Cinema"))
    make_expense(ledger, "5", external_id=shown.lines[0].external_id, payee="before")
    shown.send("apply")
    assert shown.response.status_code == 409
    assert shown.page.text("box").startswith("Some lines came into the ledger since you looked.")
    assert [line.state for line in shown.lines] == ["known", "new"]
    shown.send("apply")
    assert [payee for payee, *_rest in shown.expenses] == ["before", "Cinema"]


def test_categories_of_another_application_are_made_or_mapped(preview, ledger, food):
    of_import = bare(ledger, "Bakery", "Baker", file_category="Groceries", suggested_by="file")
    StatementLine.objects.of(of_import).filter(payee="Baker").update(file_category="Going <out>")
    shown = preview(of_import)
    assert shown.page.text("unknown").startswith("2 categories of the file that this ledger does not have")
    assert shown.form.options["map-1-category"][:2] == ["", str(Category.objects.in_ledger(ledger)[0].pk)]
    names = {shown.form.data[f"map-{n}-name"]: n for n in (1, 2)}
    shown.send(**{f"map-{names['Groceries']}-category": food.pk})
    assert shown.form.data[f"map-{names['Groceries']}-category"] == str(food.pk)
    shown.send("apply")
    assert shown.expenses == [("Bakery", "Food", Decimal(5)), ("Baker", "Going <out>", Decimal(5))]


def test_only_categories_of_lines_that_may_be_added_are_asked_about(preview, ledger):
    of_import = bare(ledger, "Bakery", file_category="Groceries", suggested_by="file", plan="skip")
    assert preview(of_import).page.text("unknown") == ""


def test_a_category_of_the_file_is_new_only_where_the_ledger_lacks_it(preview, ledger, food):
    of_import = stage(ledger, "Bakery", "Baker", file_category="RENT", category="Food")
    new, known = StatementLine.objects.of(of_import).order_by("pk")
    StatementLine.objects.filter(pk=new.pk).update(file_category="Groceries")
    options = preview(of_import).form.options
    assert options[f"line-{new.pk}-category"] == ["", *options[f"line-{known.pk}-category"]]
    assert "Groceries (new)" in preview(of_import).page.text("option")
    assert "RENT" not in preview(of_import).page.text("option")


def test_a_line_of_several_files_says_which_one_it_is_of(preview, ledger):
    assert "0.csv" not in preview(staged(ledger, csv([booked("03-01", "-1")]))).page.text("lines")
    two = staged(ledger, csv([booked("03-01", "-1")]), csv([booked("03-02", "-2")]))
    assert preview(two).page.text("cell-date") == "03/01/2024 line 2 0.csv 03/02/2024 line 2 1.csv"


def test_a_line_that_came_since_is_said_when_the_page_is_looked_at(preview, ledger):
    shown = preview(stage(ledger, "Bakery", "Cinema"))
    assert shown.page.text("came-since") == ""
    make_expense(ledger, "5", external_id=shown.lines[0].external_id)
    assert (
        preview(shown.of_import).page.text("came-since").startswith("Some lines came into the ledger since.")
    )
    shown.send(do="refresh")
    assert [line.state for line in shown.lines] == ["known", "new"]
    assert shown.page.text("came-since") == ""


def test_nothing_is_offered_to_be_added_where_there_is_nothing(preview, ledger):
    shown = preview(stage(ledger, "Bakery"))
    assert b"data-apply>" in shown.response.content
    shown.send(line=0, plan=None)
    assert b"data-apply disabled>" in shown.response.content


def test_pages_of_a_hundred_lines(preview, ledger, monkeypatch):
    monkeypatch.setattr("statements.views.preview.PAGE_SIZE", 2)
    of_import = stage(ledger, "A", "B", "C")
    assert preview(of_import).page.text("pager") == "Page 1 of 2 Next"
    shown = preview(of_import, "?state=new&page=2")
    assert shown.page.text("pager") == "Previous Page 2 of 2"
    assert shown.row(2)[0] == "C"
    shown.send(line=2, notes="kept place")
    assert shown.page.text("pager") == "Previous Page 2 of 2"


@pytest.mark.parametrize(
    "query", ["?state=nonsense", "?state=new&page=nonsense", "?page=99999999999999999999"]
)
def test_an_address_that_makes_no_sense_does_no_harm(browser, ledger, query):
    address = reverse("import", args=[ledger.pk, stage(ledger, "Bakery").pk])
    assert browser.get(address + query).status_code == (404 if "state=nonsense" in query else 200)


@pytest.mark.parametrize(
    "sent",
    [
        {"line-99999999999999999999-shown": ""},
        {"line": ["x", "1e9", "-1", "99999999999999999999"], "do": "skip"},
        {"like": "99999999999999999999"},
        {"like": "5"},
        {"do": "nonsense"},
        {"version": "x"},
        {"map-1-name": "none", "map-1-category": "x"},
        {"state": "nonsense", "all": "on", "do": "skip"},
    ],
)
def test_a_form_that_makes_no_sense_changes_nothing(browser, ledger, sent):
    of_import = stage(ledger, "Bakery")
    for act in ("", "apply/"):
        response = browser.post(reverse("import", args=[ledger.pk, of_import.pk]) + act, sent)
        assert response.status_code in (302, 422)
    assert [line.plan for line in StatementLine.objects.of(of_import)] == ["add"]
    assert not Expense.objects.exists()


def test_the_preview_costs_the_same_for_any_number_of_lines(
    browser, ledger, food, django_assert_max_num_queries
):
    def cost(*payees):
        typed = [make_expense(ledger, "5", payee=payee) for payee in payees]
        of_import = stage(ledger, *payees, suggested_by="hand")
        for line, twin in zip(StatementLine.objects.of(of_import), typed, strict=True):
            StatementLine.objects.filter(pk=line.pk).update(state="likely", plan="open", twin=twin)
        with django_assert_max_num_queries(100) as queries:
            assert browser.get(reverse("import", args=[ledger.pk, of_import.pk])).status_code == 200
        return len(in_production(queries.captured_queries))

    assert cost("Bakery") == cost("Bakery", "Baker", "Cinema")


def test_a_file_is_read_decided_about_and_added(browser, preview, ledger, food):
    content = csv([booked("03-01", "-2.50"), booked("03-02", "-4", "Bread"), booked("03-03", "9")])
    shown = preview(staged(ledger, content))
    assert shown.page.text("tabs") == "New 2 6.50 Not spending 1 -9.00"
    shown.send("apply", otherwise=food.pk)
    assert shown.expenses == [("Coffee", "Food", Decimal("2.5")), ("Bread", "Food", Decimal(4))]
