import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expenses.models import Category, Expense, Rule
from expenses.tests.factories import make_expense, make_ledger, make_rule, share
from expenses.tests.pages import Page
from history.models import ChangeSet
from statements.tests.imports import bring_in, stage

pytestmark = pytest.mark.django_db
NEW = {"field": "any", "operator": "contains", "pattern": "bakery", "payee": ""}


def category(ledger, name="Food"):
    return Category.objects.get(ledger=ledger, name=name).pk


def new(ledger, query=""):
    return reverse("rule_new", args=[ledger.pk]) + query


def send(browser, ledger, query="", **values):
    """Fill in and save the form of a new rule, as a browser would."""
    form = Page(browser.get(new(ledger))).form("rule-form")
    return browser.post(new(ledger, query), form.data | NEW | values)


def shown(browser, ledger):
    return Page(browser.get(reverse("rules", args=[ledger.pk])))


def patterns(ledger):
    return list(Rule.objects.in_ledger(ledger).values_list("pattern", flat=True))


def test_a_rule_is_added_behind_the_others(browser, ledger):
    make_rule(ledger, "cinema", position=4)
    response = send(browser, ledger, category=category(ledger), payee=" Corner  bakery ")
    assert response["Location"] == reverse("rules", args=[ledger.pk])
    rule = Rule.objects.get(pattern="bakery")
    assert (rule.position, rule.field, rule.operator, rule.category.name) == (5, "any", "contains", "Food")
    assert shown(browser, ledger).said == "Rule “bakery” added."


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"pattern": "   ", "payee": "x"}, "Write what the rule looks for."),
        ({"pattern": "a\0b", "payee": "x"}, "Null characters are not allowed."),
        ({"pattern": "x" * 201, "payee": "x"}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"pattern": "(", "operator": "matches", "payee": "x"}, "This pattern cannot be used: missing ): ("),
        (
            {"pattern": "a*", "operator": "matches", "payee": "x"},
            "This pattern also fits an empty text, so it would fit everything.",
        ),
        ({}, "Give the rule a category or a payee to set."),
        ({"category": "0"}, "This ledger has no such category, or it is archived."),
        ({"category": "x"}, "This ledger has no such category, or it is archived."),
    ],
)
def test_a_wrong_rule_is_neither_saved_nor_tried_and_what_was_typed_is_kept(browser, ledger, values, error):
    answers = [send(browser, ledger, **values, **button) for button in ({"try": "yes"}, {})]
    assert ([answer.status_code for answer in answers], Rule.objects.count()) == ([422, 422], 0)
    page = Page(answers[0])
    assert page.text("error") == error
    assert page.form("rule-form").data["payee"] == values.get("payee", "")


@pytest.mark.parametrize("name", ["archived", "foreign"])
def test_a_category_that_is_archived_or_another_ledgers_is_refused(browser, ledger, alice, name):
    other = make_ledger(alice, "Other") if name == "foreign" else ledger
    Category.objects.filter(ledger=ledger, name="Food").update(archived=True)
    response = send(browser, ledger, category=category(other))
    assert (response.status_code, Rule.objects.count()) == (422, 0)
    assert Page(response).text("error") == "This ledger has no such category, or it is archived."


def test_a_rule_keeps_a_category_that_was_archived_since(browser, ledger):
    rule = make_rule(ledger)
    Category.objects.filter(pk=rule.category_id).update(archived=True)
    url = reverse("rule", args=[ledger.pk, rule.pk])
    form = Page(browser.get(url)).form("rule-form")
    assert browser.post(url, form.data | {"pattern": "baker"}).status_code == 302
    assert patterns(ledger) == ["baker"]


def test_the_form_of_a_line_is_filled_in(browser, ledger):
    food = category(ledger)
    query = f"?pattern=REWE%20%3C1%3E&field=payee&category={food}&payee=Rewe&operator=is&other=1"
    data = Page(browser.get(new(ledger, query))).form("rule-form").data
    filled_in = {name: data[name] for name in ("pattern", "field", "operator", "category", "payee")}
    assert filled_in == {
        "pattern": "REWE <1>",
        "field": "payee",
        "operator": "is",
        "category": str(food),
        "payee": "Rewe",
    }


@pytest.mark.parametrize("query", ["?category=x", "?category=999999999", "?field=nowhere&pattern=%00"])
def test_nonsense_in_the_address_fills_in_nothing(browser, ledger, query):
    data = Page(browser.get(new(ledger, query))).form("rule-form").data
    assert (data["category"], data["field"]) == ("", "any")


def test_trying_shows_before_and_after_and_saves_nothing(browser, ledger):
    bring_in(ledger, "BAKERY 17")
    make_expense(ledger, category="Other", payee="bakery")
    response = send(browser, ledger, category=category(ledger), payee="Baker", **{"try": "yes"})
    page = Page(response)
    assert (response.status_code, Rule.objects.count()) == (200, 0)
    assert (page.text("del"), page.text("ins")) == ("Other BAKERY 17", "Food Baker")
    assert page.text("trial").startswith(
        "What this rule would do It fits 2 expenses. 1 would change. 1 would be left alone, because somebody set it"
        " by hand. Also change this 1 expense when the rule is saved"
    )
    assert page.form("rule-form").data["payee"] == "Baker"


def test_nothing_that_is_there_changes_unless_that_is_ticked(browser, ledger):
    bring_in(ledger, "Bakery")
    send(browser, ledger, category=category(ledger))
    assert Expense.objects.get().category.name == "Other"


def tag_of(response):
    """The value of the box that says to change what was shown."""
    return response.context["trial"].tag


def test_what_was_shown_is_changed_with_the_rule_and_undone_with_it(browser, ledger):
    bring_in(ledger, "Bakery 1", "Bakery 2", "Cinema")
    food = category(ledger)
    tag = tag_of(send(browser, ledger, category=food, **{"try": "yes"}))
    assert send(browser, ledger, category=food, also_change=tag).status_code == 302
    assert shown(browser, ledger).said == "Rule “bakery” added. 2 expenses changed."
    assert list(Expense.objects.order_by("pk").values_list("category__name", flat=True)) == [
        "Food",
        "Food",
        "Other",
    ]
    undo = reverse("change_set", args=[ledger.pk, ChangeSet.objects.newest_first()[0].pk])
    browser.post(undo)
    assert (Rule.objects.count(), Expense.objects.filter(category__name="Other").count()) == (0, 3)
    # Neither the rule nor undoing it was somebody's own word about these expenses.
    again = send(browser, ledger, category=food, **{"try": "yes"})
    assert again.context["trial"].counts == {"changing": 2}


def test_the_import_is_locked_before_the_expenses_as_when_it_is_applied(browser, ledger):
    bring_in(ledger, "Bakery 1")
    query = f"?import={stage(ledger, 'Bakery 2').pk}"
    food = category(ledger)
    tag = tag_of(send(browser, ledger, query, category=food, **{"try": "yes"}))
    with CaptureQueriesContext(connection) as queries:
        assert send(browser, ledger, query, category=food, also_change=tag).status_code == 302
    locks = [query["sql"] for query in queries.captured_queries if " UPDATE" in query["sql"][-20:]]
    tables = [re.search(r'FROM "(\w+)"', sql)[1] for sql in locks if sql.startswith("SELECT")]
    assert tables[-2:] == ["statements_import", "expenses_expense"]


def test_a_changed_rule_changes_what_it_changed_before(browser, ledger):
    bring_in(ledger, "Bakery")
    rule = make_rule(ledger)
    url = reverse("rule", args=[ledger.pk, rule.pk])
    for name in ("Food", "Shopping"):
        form = Page(browser.get(url)).form("rule-form").data | {"category": category(ledger, name)}
        tag = tag_of(browser.post(url, form | {"try": "yes"}))
        assert browser.post(url, form | {"also_change": tag}).status_code == 302
        assert Expense.objects.get().category.name == name


def test_what_changed_meanwhile_is_shown_anew_and_nothing_is_saved(browser, ledger):
    bring_in(ledger, "Bakery 1")
    food = category(ledger)
    tag = tag_of(send(browser, ledger, category=food, **{"try": "yes"}))
    bring_in(ledger, "Bakery 2")
    response = send(browser, ledger, category=food, also_change=tag)
    assert (response.status_code, Rule.objects.count()) == (422, 0)
    message = "What would change is not what you saw. Nothing was saved. Look at it again."
    assert (Page(response).text("h1"), Page(response).text("error")) == ("New rule", message)
    assert send(browser, ledger, category=food, also_change=tag_of(response)).status_code == 302
    assert set(Expense.objects.values_list("category__name", flat=True)) == {"Food"}


def test_a_rule_changed_by_somebody_else_meanwhile_is_not_overwritten(browser, ledger):
    rule = make_rule(ledger, payee="Baker")
    url = reverse("rule", args=[ledger.pk, rule.pk])
    form = Page(browser.get(url)).form("rule-form").data
    Rule.objects.filter(pk=rule.pk).update(pattern="bread")
    response = browser.post(url, form | {"pattern": "mine"})
    assert (response.status_code, patterns(ledger)) == (422, ["bread"])
    assert Page(response).text("error") == (
        "Somebody changed this meanwhile. It is now: payee or text contains “bread” → Food, Baker."
        " Save again to overwrite that."
    )
    assert browser.post(url, Page(response).form("rule-form").data).status_code == 302
    assert patterns(ledger) == ["mine"]


@pytest.mark.parametrize(("direction", "after"), [("up", ["b", "a", "c"]), ("down", ["a", "c", "b"])])
def test_a_rule_moves_by_one_place(browser, ledger, direction, after):
    rules = [make_rule(ledger, pattern) for pattern in "abc"]
    browser.post(reverse("rule_move", args=[ledger.pk, rules[1].pk]), {"direction": direction})
    assert patterns(ledger) == after
    assert shown(browser, ledger).said == "The order of the rules was saved."


def test_a_rule_is_deleted_and_what_it_did_stays(browser, ledger):
    make_expense(ledger)
    rule = make_rule(ledger)
    browser.post(reverse("rule_delete", args=[ledger.pk, rule.pk]))
    assert (patterns(ledger), Expense.objects.count()) == ([], 1)
    assert shown(browser, ledger).said == "Rule “bakery” deleted."


@pytest.mark.parametrize("verb", ["rule", "rule_move", "rule_delete"])
def test_another_ledgers_rule_is_not_found(browser, ledger, charlie, verb):
    foreign = make_rule(make_ledger(charlie))
    assert browser.post(reverse(verb, args=[ledger.pk, foreign.pk]), NEW).status_code == 404
    assert patterns(foreign.ledger) == ["bakery"]


def test_the_list_says_what_each_rule_does(browser, ledger):
    make_rule(ledger, "bakery", payee="Baker")
    make_rule(ledger, "<b>", category="Rent", field="payee", operator="is")
    assert (
        shown(browser, ledger)
        .text("rules")
        .split("Edit")[0]
        .startswith(
            "payee or text contains “bakery” Food, paid to “Baker” decides 0 expenses of the last 12 months"
        )
    )
    assert "payee is “<b>”" in shown(browser, ledger).text("rules")


def test_the_list_costs_the_same_whatever_it_has(browser, ledger, django_assert_num_queries):
    for pattern in ("one", "two", "three"):
        make_rule(ledger, pattern)
        make_expense(ledger, payee=pattern)
        with django_assert_num_queries(7):
            shown(browser, ledger)


def test_a_viewer_sees_rules_and_nothing_to_press(ledger, bob, as_user):
    share(ledger, bob, "viewer")
    rule = make_rule(ledger)
    assert "contains “bakery”" in shown(as_user(bob), ledger).text("rules")
    page = Page(as_user(bob).get(reverse("rule", args=[ledger.pk, rule.pk])))
    assert page.text("hint") == "payee or text contains “bakery” → Food"
    harmless = [reverse("member_leave", args=[ledger.pk]), reverse("account_logout")]
    assert [form.attributes["action"] for form in page.forms] == harmless


def test_a_rule_made_from_a_line_is_used_in_its_import_at_once(browser, ledger):
    of_import = stage(ledger, "Bakery 1", "Bakery 2", "Cinema")
    response = send(browser, ledger, f"?import={of_import.pk}", category=category(ledger))
    assert response["Location"] == reverse("import", args=[ledger.pk, of_import.pk])
    names = [line.category.name for statement in of_import.statements.all() for line in statement.lines.all()]
    assert names == ["Food", "Food", "Other"]
    assert "2 lines of this import changed." in shown(browser, ledger).said


@pytest.mark.parametrize("number", ["x", "999999999", "9" * 40, "²", "foreign"])
def test_an_import_that_is_not_there_is_not_found(browser, ledger, charlie, number):
    foreign = stage(make_ledger(charlie), "Bakery")
    query = f"?import={foreign.pk if number == 'foreign' else number}"
    assert browser.get(new(ledger, query)).status_code == 404
    assert send(browser, ledger, query, payee="x").status_code == 404
    assert Rule.objects.count() == 0
