from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expenses.day import EDITED_FIELDS, DayConflict, Row, replace_day, save_day
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger

DAY = date(2024, 8, 1)
NAMES = ("Rent", "Food", "Shopping", "Entertainment", "Other")

pytestmark = pytest.mark.django_db


def values(ledger, amount="10", category="Food", payee="", notes=""):
    category = Category.objects.get(ledger=ledger, name=category)
    return {"amount": Decimal(amount), "category": category, "payee": payee, "notes": notes}


def stored(ledger, day=DAY):
    rows = Expense.objects.in_ledger(ledger).on(day).order_by("id").select_related("category")
    return [(row.pk, row.version, row.amount, row.category.name, row.payee, row.notes) for row in rows]


def updates(queries):
    return [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]


def test_a_new_row_is_added_and_remembers_who_wrote_it(ledger, alice):
    difference = save_day(ledger, DAY, [Row(values(ledger, "12.50", notes="lunch"))], alice)
    expense = difference.rows[0]
    assert stored(ledger) == [(expense.pk, 1, Decimal("12.50"), "Food", "", "lunch")]
    assert Expense.objects.get().created_by == alice


def test_a_new_row_without_values_is_dropped(ledger, alice):
    assert not save_day(ledger, DAY, [Row(None)], alice)
    assert stored(ledger) == []


def test_rows_that_are_not_given_are_left_alone(ledger, alice):
    kept = make_expense(ledger, "5")
    save_day(ledger, DAY, [Row(values(ledger, "7"))], alice)
    assert [row[1:3] for row in stored(ledger)] == [(1, Decimal(5)), (1, Decimal(7))]
    assert stored(ledger)[0][0] == kept.pk


def test_one_changed_row_of_forty_is_one_update_of_one_row(ledger, alice):
    expenses = [make_expense(ledger, str(amount)) for amount in range(1, 41)]
    rows = [Row(values(ledger, str(e.amount)), e.pk, e.version) for e in expenses]
    rows[20] = Row(values(ledger, "99"), expenses[20].pk, 1)
    with CaptureQueriesContext(connection) as queries:
        difference = save_day(ledger, DAY, rows, alice)
    assert len(updates(queries)) == 1
    assert [expense.pk for expense in difference.changed] == [expenses[20].pk]
    assert [row[:2] for row in stored(ledger)] == [
        (expense.pk, 2 if expense is expenses[20] else 1) for expense in expenses
    ]


def test_the_version_handed_back_is_the_one_that_the_database_has(ledger, alice):
    expense = make_expense(ledger)
    changed = save_day(ledger, DAY, [Row(values(ledger, "11"), expense.pk, 1)], alice).changed[0]
    expense.refresh_from_db()
    assert (changed.version, expense.version) == (2, 2)


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_saving_costs_the_same_number_of_queries_whatever_the_number_of_rows(ledger, alice, rows):
    category = values(ledger)
    old = [make_expense(ledger) for _ in range(2 * rows)]
    wanted = [Row(category | {"amount": Decimal(99)}, expense.pk, 1) for expense in old[:rows]]
    wanted += [Row(None, expense.pk, 1) for expense in old[rows:]]
    wanted += [Row(category)] * rows
    with CaptureQueriesContext(connection) as queries:
        save_day(ledger, DAY, wanted, alice)
    assert [query["sql"].split()[0] for query in queries] == [
        "SAVEPOINT",
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "RELEASE",
    ]


def test_a_stale_row_is_a_conflict_and_nothing_at_all_is_written(ledger, alice):
    stale, other = make_expense(ledger, "1"), make_expense(ledger, "2")
    Expense.objects.filter(pk=stale.pk).update(amount=50)
    before = stored(ledger)
    rows = [
        Row(values(ledger, "3"), other.pk, 1),
        Row(values(ledger, "4"), stale.pk, 1),
        Row(values(ledger, "5")),
    ]
    with pytest.raises(DayConflict) as caught:
        save_day(ledger, DAY, rows, alice)
    assert {index: theirs.amount for index, theirs in caught.value.theirs.items()} == {1: Decimal(50)}
    assert stored(ledger) == before


def test_wanting_what_somebody_else_wrote_meanwhile_is_no_conflict(ledger, alice):
    expense = make_expense(ledger, "1")
    Expense.objects.filter(pk=expense.pk).update(amount=50)
    assert not save_day(ledger, DAY, [Row(values(ledger, "50"), expense.pk, 1)], alice)


@pytest.mark.parametrize("wanted", [None, "1"])
def test_an_untouched_row_neither_overwrites_nor_deletes_nor_conflicts(ledger, alice, wanted):
    expense = make_expense(ledger, "1")
    Expense.objects.filter(pk=expense.pk).update(amount=50)
    wanted = wanted and values(ledger, wanted)
    assert not save_day(ledger, DAY, [Row(wanted, expense.pk, 1, touched=False)], alice)
    assert [row[2] for row in stored(ledger)] == [Decimal(50)]


def test_deleting_what_is_deleted_already_is_no_conflict(ledger, alice):
    expense = make_expense(ledger)
    expense_id = expense.pk
    expense.delete()
    assert not save_day(ledger, DAY, [Row(None, expense_id, 1)], alice)


def test_changing_what_is_deleted_is_a_conflict(ledger, alice):
    expense = make_expense(ledger)
    expense_id = expense.pk
    expense.delete()
    with pytest.raises(DayConflict) as caught:
        save_day(ledger, DAY, [Row(values(ledger), expense_id, 1)], alice)
    assert caught.value.theirs == {0: None}


def test_another_ledgers_expense_looks_like_one_that_does_not_exist(ledger, alice, charlie):
    foreign = make_expense(make_ledger(charlie), "77")
    with pytest.raises(DayConflict) as caught:
        save_day(ledger, DAY, [Row(values(ledger), foreign.pk, 1)], alice)
    assert caught.value.theirs == {0: None}
    save_day(ledger, DAY, [Row(None, foreign.pk, 1)], alice)
    foreign.refresh_from_db()
    assert (foreign.amount, foreign.version) == (Decimal(77), 1)


def test_a_row_that_was_moved_to_another_day_is_a_conflict(ledger, alice):
    expense = make_expense(ledger, "1")
    Expense.objects.filter(pk=expense.pk).update(date=date(2024, 8, 2))
    with pytest.raises(DayConflict) as caught:
        save_day(ledger, DAY, [Row(values(ledger, "3"), expense.pk, 1)], alice)
    assert caught.value.theirs[0].date == date(2024, 8, 2)


def test_a_row_seen_on_another_day_comes_to_this_day(ledger, alice):
    expense = make_expense(ledger, "1", day="2024-08-02")
    save_day(ledger, DAY, [Row(values(ledger, "1"), expense.pk, 1)], alice)
    assert stored(ledger) == [(expense.pk, 2, Decimal(1), "Food", "", "")]


def test_equal_values_written_otherwise_are_no_change(ledger, alice):
    expense = make_expense(ledger, "10.00")
    assert not save_day(ledger, DAY, [Row(values(ledger, "10"), expense.pk, 1)], alice)


def test_replacing_a_day_keeps_the_ids_and_versions_of_what_stays(ledger, alice):
    stays, goes = make_expense(ledger, "10", notes="a"), make_expense(ledger, "20", notes="b")
    wanted = [values(ledger, "10", notes="a"), values(ledger, "30", notes="c")]
    difference = replace_day(ledger, DAY, wanted, alice)
    new = difference.created[0]
    assert [row[:3] for row in stored(ledger)] == [(stays.pk, 1, Decimal(10)), (new.pk, 1, Decimal(30))]
    assert [expense.notes for expense in difference.deleted] == [goes.notes]


def test_replacing_a_day_counts_equal_expenses(ledger, alice):
    coffees = [make_expense(ledger, "3", notes="coffee") for _ in range(3)]
    replace_day(ledger, DAY, [values(ledger, "3", notes="coffee")] * 2, alice)
    assert [row[0] for row in stored(ledger)] == [coffees[0].pk, coffees[1].pk]


def test_replacing_a_day_keeps_a_payee_that_nobody_spoke_of(ledger, alice):
    make_expense(ledger, "3", payee="Corner shop", notes="milk")
    wanted = {name: value for name, value in values(ledger, "3", notes="milk").items() if name != "payee"}
    assert not replace_day(ledger, DAY, [wanted], alice)
    assert [row[4] for row in stored(ledger)] == ["Corner shop"]


def test_replacing_a_day_with_nothing_empties_that_day_of_that_ledger_only(ledger, alice, charlie):
    make_expense(ledger)
    next_day, foreign = make_expense(ledger, day="2024-08-02"), make_expense(make_ledger(charlie))
    replace_day(ledger, DAY, [], alice)
    assert list(Expense.objects.order_by("id")) == [next_day, foreign]


cells = st.fixed_dictionaries(
    {
        "amount": st.decimals("-999", "999", places=2).filter(bool),
        "category": st.sampled_from(NAMES),
        "payee": st.sampled_from(["", "Shop"]),
        "notes": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
        "tags": st.sampled_from([[], ["home", "work"]]),
        "spread_months": st.sampled_from([1, 12]),
        "receipt": st.sampled_from([None, UUID(int=1)]),
    }
)
edits = st.lists(st.one_of(st.none(), st.just("keep"), cells), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(edits, min_size=1, max_size=5), added=st.lists(cells, max_size=4))
def test_random_edits_of_a_day_give_what_a_plain_dictionary_gives(ledger, alice, days, added):
    Expense.objects.in_ledger(ledger).delete()
    categories = {category.name: category for category in Category.objects.in_ledger(ledger)}

    def row(cells, *known):
        return Row(cells and cells | {"category": categories[cells["category"]]}, *known)

    model = {}  # id -> (version, cells), what the day should be
    for day in days:
        changes = dict(zip(list(model), day, strict=False))
        wanted = [
            row(model[pk][1] if change == "keep" else change, pk, model[pk][0])
            for pk, change in changes.items()
        ]
        difference = save_day(ledger, DAY, wanted + [row(cells) for cells in added], alice)
        for pk, change in changes.items():
            version, before = model[pk]
            if change is None:
                del model[pk]
            elif change not in ("keep", before):
                model[pk] = (version + 1, change)
        model |= {expense.pk: (1, cells) for expense, cells in zip(difference.created, added, strict=True)}
        columns = ("category__name" if name == "category" else name for name in EDITED_FIELDS)
        rows = Expense.objects.in_ledger(ledger).on(DAY).order_by("id").values_list("pk", "version", *columns)
        assert list(rows) == [
            (pk, version, *(cells[name] for name in EDITED_FIELDS)) for pk, (version, cells) in model.items()
        ]
