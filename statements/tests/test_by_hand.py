import pytest

from database.acting import acting_as, operator
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from history.models import ChangeSet
from history.undoing import undo
from statements.by_hand import set_by_hand
from statements.models import StatementLine
from statements.tests.imports import bring_in, stage

pytestmark = pytest.mark.django_db
BOTH = {"category", "payee"}


def by_hand(expense):
    return set_by_hand(expense.ledger, [expense.pk]).get(expense.pk, frozenset())


def change(expense, act="day", **values):
    """Change it in a change set of its own; returns that."""
    if "category" in values:
        values["category"] = Category.objects.get(ledger=expense.ledger, name=values["category"])
    with acting_as(operator("tests", via="page", act=act)):
        Expense.objects.filter(pk=expense.pk).update(**values)
    return ChangeSet.objects.in_ledger(expense.ledger).newest_first()[0]


def take_back(ledger, change_set):
    ledger.role = "owner"
    with acting_as(operator("tests", via="page", act="change_set")):
        undo(ledger, change_set)
    return ChangeSet.objects.in_ledger(ledger).newest_first()[0]


def test_what_an_import_wrote_was_not_set_by_hand(ledger):
    assert by_hand(bring_in(ledger, "Bakery")[0]) == set()


def test_what_was_typed_was(ledger):
    assert by_hand(make_expense(ledger)) == BOTH


def test_what_was_typed_stays_so_when_a_line_of_a_statement_turns_out_to_be_it(ledger):
    typed = make_expense(ledger, payee="Bakery")
    bring_in(ledger, "Bakery", plan="same", twin=typed, external_id="0:test:1:1")
    typed.refresh_from_db()
    assert (typed.external_id, by_hand(typed)) == ("0:test:1:1", BOTH)


def test_what_was_typed_in_the_place_of_an_imported_line_that_was_deleted_was(ledger):
    (imported,) = bring_in(ledger, "Bakery")
    own_id = imported.external_id
    imported.delete()
    typed = make_expense(ledger, payee="Bakery")
    change(typed, act="import_apply", external_id=own_id)
    assert by_hand(typed) == BOTH


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"category": "Food"}, {"category"}),
        ({"payee": "Corner bakery"}, {"payee"}),
        ({"category": "Food", "payee": "Corner bakery"}, BOTH),
        ({"notes": "bread", "amount": 7}, set()),
    ],
)
def test_the_fields_that_somebody_changed_since_were(ledger, values, fields):
    (expense,) = bring_in(ledger, "Bakery")
    change(expense, **values)
    change(expense, notes="and once more")
    assert by_hand(expense) == fields


def test_a_field_that_was_changed_and_changed_back_was(ledger):
    (expense,) = bring_in(ledger, "Bakery", category="Other")
    change(expense, category="Food")
    change(expense, category="Other")
    assert by_hand(expense) == {"category"}


@pytest.mark.parametrize("act", ["rule_new", "rule", "rule-list", "rule-detail"])
def test_what_a_rule_changed_was_not(ledger, act):
    (expense,) = bring_in(ledger, "Bakery")
    change(expense, act=act, category="Food", payee="Corner bakery")
    assert by_hand(expense) == set()


def test_undoing_what_a_rule_did_sets_nothing_by_hand(ledger):
    (expense,) = bring_in(ledger, "Bakery")
    undone = take_back(ledger, change(expense, act="rule_new", category="Food"))
    assert by_hand(expense) == set()
    take_back(ledger, undone)
    assert by_hand(expense) == set()


def test_undoing_what_somebody_did_leaves_it_theirs(ledger):
    (expense,) = bring_in(ledger, "Bakery")
    take_back(ledger, change(expense, category="Food"))
    assert by_hand(expense) == {"category"}


def test_an_import_that_was_undone_and_done_again_set_nothing_by_hand(ledger):
    (expense,) = bring_in(ledger, "Bakery")
    added = ChangeSet.objects.in_ledger(ledger).newest_first()[0]
    take_back(ledger, take_back(ledger, added))
    assert by_hand(expense) == set()


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"suggested_by": "hand"}, {"category"}),
        ({"payee_by_hand": True, "payee_name": "Corner bakery"}, {"payee"}),
        ({"suggested_by": "rule", "payee_name": "Corner bakery"}, set()),
    ],
)
def test_what_was_chosen_for_a_line_before_it_was_added_was(ledger, values, fields):
    assert by_hand(bring_in(ledger, "Bakery", **values)[0]) == fields


def test_what_was_chosen_for_a_line_that_was_not_added_has_no_part(ledger):
    (expense,) = bring_in(ledger, "Bakery")
    left_out = {"plan": "skip", "state": "known", "suggested_by": "hand", "payee_by_hand": True}
    stage(ledger, "Bakery", external_id=expense.external_id, **left_out)
    assert by_hand(expense) == set()


def test_what_has_lost_its_line_counts_as_set_by_hand(ledger):
    (expense,) = bring_in(ledger, "Bakery")
    StatementLine.objects.all().delete()
    assert by_hand(expense) == BOTH


def test_many_are_looked_up_in_one_query(ledger, django_assert_num_queries):
    expenses = bring_in(ledger, "Bakery", "Pharmacy", "Cinema")
    change(expenses[1], category="Food")
    with django_assert_num_queries(1):
        assert set_by_hand(ledger, [each.pk for each in expenses]) == {expenses[1].pk: {"category"}}
    with django_assert_num_queries(0):
        assert set_by_hand(ledger, []) == {}
