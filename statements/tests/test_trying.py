from datetime import timedelta

import pytest
from django.utils import timezone

from expenses.models import Category, Expense, Rule
from expenses.tests.factories import make_expense, make_ledger, make_rule
from statements import trying
from statements.tests.imports import bring_in
from statements.trying import ChangedMeanwhile, also_change, decided_lately, tried

pytestmark = pytest.mark.django_db


def rule(ledger, pattern="bakery", category="Food", **values):
    """A rule that is not saved, behind all others."""
    category = category and Category.objects.get(ledger=ledger, name=category)
    position = Rule.objects.in_ledger(ledger).next_position()
    return Rule(ledger=ledger, pattern=pattern, category=category, **{"position": position} | values)


def said(trial):
    """Each example: its payee, of which kind it is, what changes, what was set by hand."""
    return [(e.payee, fit.kind, set(fit.changes), set(fit.by_hand)) for fit, e in trial.examples]


def as_they_are(ledger):
    rows = Expense.objects.in_ledger(ledger).order_by("pk")
    return list(rows.values_list("category__name", "payee", "version"))


def test_a_trial_tells_what_would_change_from_what_would_not(ledger):
    earlier = make_rule(ledger, "bakery north", "Shopping")
    bring_in(ledger, "Bakery East", "Bakery North", "Pharmacy")
    bring_in(ledger, "Bakery West", category="Food")
    make_expense(ledger, category="Other", payee="Bakery typed")
    trial = tried(rule(ledger))
    assert said(trial) == [
        ("Bakery East", "changing", {"category"}, set()),
        ("Bakery typed", "by_hand", set(), {"category"}),
        ("Bakery North", "earlier", set(), set()),
        ("Bakery West", "same", set(), set()),
    ]
    assert [fit.earlier for fit, _expense in trial.examples] == [None, None, earlier, None]
    assert trial.counts == {"changing": 1, "by_hand": 1, "earlier": 1, "same": 1}
    assert (trial.total, trial.is_complete) == (4, True)


def test_of_an_expense_only_what_nobody_set_by_hand_changes(ledger):
    bring_in(ledger, "BAKERY 17", suggested_by="hand")
    bring_in(ledger, "BAKERY 18", payee_by_hand=True)
    assert said(tried(rule(ledger, payee="Corner bakery"))) == [
        ("BAKERY 18", "changing", {"category"}, {"payee"}),
        ("BAKERY 17", "changing", {"payee"}, {"category"}),
    ]


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({"category": None, "payee": "Baker"}, {"payee"}),
        ({"category": "Food", "payee": ""}, {"category"}),
        ({"category": "Other", "payee": "Baker"}, {"payee"}),
        ({"category": "Other", "payee": "Bakery"}, set()),
    ],
)
def test_a_rule_changes_only_what_it_sets_and_what_is_not_so(ledger, values, changes):
    bring_in(ledger, "Bakery", category="Other")
    ((fit, _expense),) = tried(rule(ledger, **values)).examples
    assert fit.changes == changes


def test_trying_writes_nothing(ledger):
    bring_in(ledger, "Bakery")
    before = as_they_are(ledger)
    tried(rule(ledger))
    assert (as_they_are(ledger), Rule.objects.count()) == (before, 0)


def test_expenses_and_rules_of_other_ledgers_have_no_part(ledger, alice):
    other = make_ledger(alice, "Other")
    make_rule(other)
    bring_in(other, "Bakery")
    bring_in(ledger, "Bakery")
    assert tried(rule(ledger)).counts == {"changing": 1}


def test_the_rules_behind_it_and_the_rule_itself_are_not_earlier(ledger):
    first, own, last = (make_rule(ledger, pattern) for pattern in ("north", "bakery", "bakery"))
    bring_in(ledger, "Bakery", "Bakery north")
    assert [fit.earlier for fit, _expense in tried(own).examples] == [None, first]
    assert [fit.earlier for fit, _expense in tried(last).examples] == [first, own]


def test_the_first_fifty_are_shown_and_all_are_counted(ledger, monkeypatch):
    monkeypatch.setattr(trying, "SHOWN", 2)
    bring_in(ledger, "Bakery 1", category="Food")
    bring_in(ledger, "Bakery 2", "Bakery 3", "Bakery 4")
    trial = tried(rule(ledger))
    assert ([e.payee for _fit, e in trial.examples], trial.total) == (["Bakery 4", "Bakery 3"], 4)
    assert len(trial.changing) == 3


def test_of_a_very_long_history_the_newest_is_looked_at_and_that_is_said(ledger, monkeypatch):
    monkeypatch.setattr(trying, "LATEST", 2)
    bring_in(ledger, "Bakery 1", "Bakery 2", "Bakery 3")
    trial = tried(rule(ledger))
    assert ([e.payee for _fit, e in trial.examples], trial.is_complete) == (["Bakery 3", "Bakery 2"], False)


def test_what_was_shown_is_done_and_nothing_else(ledger):
    bring_in(ledger, "BAKERY 17", "Pharmacy")
    bring_in(ledger, "BAKERY 18", suggested_by="hand")
    make_expense(ledger, category="Other", payee="Bakery typed")
    mine = rule(ledger, payee="Corner bakery")
    trial = tried(mine)
    mine.save()
    assert also_change(mine, trial.tag) == 2
    assert as_they_are(ledger) == [
        ("Food", "Corner bakery", 2),
        ("Other", "Pharmacy", 1),
        ("Other", "Corner bakery", 2),
        ("Other", "Bakery typed", 1),
    ]
    assert tried(mine).changing == []


@pytest.mark.parametrize("what", ["expense", "new", "payee", "category", "pattern"])
def test_nothing_is_done_if_it_is_not_what_was_shown(ledger, what):
    first, _second = bring_in(ledger, "Bakery 1", "Bakery 2")
    mine = rule(ledger, payee="Baker")
    tag = tried(mine).tag
    match what:
        case "expense":
            Expense.objects.filter(pk=first.pk).update(notes="seen by nobody")
        case "new":
            bring_in(ledger, "Bakery 3")
        case "payee":
            mine.payee = "Other baker"
        case "category":
            mine.category = Category.objects.get(ledger=ledger, name="Shopping")
        case "pattern":
            mine.pattern = "bakery 1"
    mine.save()
    before = as_they_are(ledger)
    with pytest.raises(ChangedMeanwhile) as refusal:
        also_change(mine, tag)
    assert as_they_are(ledger) == before
    assert refusal.value.trial.tag == tried(mine).tag


def test_the_number_of_queries_does_not_grow_with_the_history(ledger, django_assert_max_num_queries):
    bring_in(ledger, *(f"Bakery {n}" for n in range(30)))
    with django_assert_max_num_queries(6):
        tried(rule(ledger))


def test_each_rule_is_told_how_many_expenses_of_the_last_year_it_decides(ledger, django_assert_num_queries):
    today = timezone.localdate()
    rules = [make_rule(ledger, "north"), make_rule(ledger), make_rule(ledger, "cinema")]
    for payee, days in {"Bakery north": 0, "Bakery": 300, "bakery": 20, "Bakery old": 370}.items():
        make_expense(ledger, payee=payee, day=(today - timedelta(days=days)).isoformat())
    with django_assert_num_queries(1):
        assert decided_lately(ledger, rules) == {rules[0].pk: 1, rules[1].pk: 2}


def test_rules_are_tried_a_bounded_number_of_times_to_count(ledger, monkeypatch):
    monkeypatch.setattr(trying, "COUNTED", 2)
    rules = [make_rule(ledger), make_rule(ledger, "cinema")]
    for payee in ("Bakery", "Bakery", "Cinema"):
        make_expense(ledger, payee=payee, day=timezone.localdate().isoformat())
    assert decided_lately(ledger, rules) == {rules[0].pk: 2}


def test_what_somebody_changes_while_it_is_done_is_not_overwritten(ledger, monkeypatch):
    (expense,) = bring_in(ledger, "Bakery")
    mine = rule(ledger)
    tag = tried(mine).tag
    mine.save()

    def overtaken(rule):
        trial = tried(rule)
        Expense.objects.filter(pk=expense.pk).update(notes="theirs")
        return trial

    monkeypatch.setattr(trying, "tried", overtaken)
    with pytest.raises(ChangedMeanwhile):
        also_change(mine, tag)
    assert [name for name, _payee, _version in as_they_are(ledger)] == ["Other"]
