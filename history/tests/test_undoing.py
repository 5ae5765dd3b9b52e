"""Taking change sets back: every row as it was, or nothing, and never over what somebody did since."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction

from database.acting import Actor, acting_as, person
from expenses.models import Account, Category, Expense, Favourite, Rule
from expenses.tests.factories import make_account, make_expense, make_favourite, make_rule, share
from history.models import ChangeSet, ExpenseEvent
from history.undoing import NotUndone, undo
from ledgers.models import Ledger, Membership


def as_seen_by(user, ledger) -> Ledger:
    return Ledger.objects.for_user(user).get(pk=ledger.pk)


@pytest.fixture
def doing(alice, ledger):
    """``doing(change)`` carries it out as Alice, in a change set of its own, which it returns."""

    def carry_out(change) -> ChangeSet:
        with acting_as(Actor(user_id=alice.pk, via="page", act="test")):
            change()
        return ChangeSet.objects.in_ledger(ledger).newest_first()[0]

    return carry_out


@pytest.fixture
def undoing(alice, ledger):
    """``undoing(change_set)`` undoes it as Alice and returns the change set that did."""

    def take_back(change_set, only=None) -> ChangeSet:
        with acting_as(Actor(user_id=alice.pk, via="page", act="undo")):
            undo(as_seen_by(alice, ledger), change_set, only)
        return ChangeSet.objects.in_ledger(ledger).newest_first()[0]

    return take_back


def rows(model):
    """Every row, but for its version and when it was changed."""
    skipped = {"version", "updated_at"}
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in skipped]
    return list(model.objects.order_by("pk").values_list(*names))


def versions(model=Expense):
    return dict(model.objects.values_list("pk", "version"))


def test_added_expenses_are_taken_away(ledger, doing, undoing):
    kept = make_expense(ledger)
    added = doing(lambda: [make_expense(ledger, "2"), make_expense(ledger, "3")])
    undoing(added)
    assert list(Expense.objects.values_list("pk")) == [(kept.pk,)]


def test_a_change_is_put_back_and_the_version_grows(ledger, doing, undoing):
    expense = make_expense(ledger, "10", notes="before")
    before = rows(Expense)
    change = doing(lambda: Expense.objects.update(amount=Decimal("12.34"), notes="after"))
    undoing(change)
    assert rows(Expense) == before
    assert versions() == {expense.pk: 3}


def test_a_deleted_expense_comes_back_as_itself(alice, ledger, doing, undoing):
    expense = make_expense(ledger, "10", created_by=alice, spread_months=12)
    before = rows(Expense)
    undoing(doing(lambda: Expense.objects.all().delete()))
    assert rows(Expense) == before
    assert versions() == {expense.pk: 2}


def test_undoing_an_undo_does_it_again(ledger, doing, undoing):
    expense = make_expense(ledger)
    deleted = doing(lambda: Expense.objects.all().delete())
    undone = undoing(deleted)
    again = undoing(undone)
    assert not Expense.objects.exists()
    undoing(again)
    assert versions() == {expense.pk: 3}
    assert (undone.undoes, again.undoes, again.via, again.act) == (deleted, undone, "page", "undo")


def test_a_row_deleted_twice_comes_back_in_a_version_of_its_own(ledger, doing, undoing):
    expense = make_expense(ledger)
    deleted = doing(lambda: Expense.objects.all().delete())
    undoing(deleted)
    doing(lambda: Expense.objects.update(amount=77))
    doing(lambda: Expense.objects.all().delete())
    undoing(deleted)
    assert (Expense.objects.get().amount, versions()) == (10, {expense.pk: 4})


def test_the_net_effect_of_several_writes_is_undone(ledger, doing, undoing):
    first, second = make_expense(ledger, "1"), make_expense(ledger, "2")
    before = rows(Expense)

    def change():
        Expense.objects.filter(pk=first.pk).update(amount=5)
        Expense.objects.filter(pk=first.pk).update(amount=6)
        Expense.objects.filter(pk=second.pk).update(amount=7)
        Expense.objects.filter(pk=second.pk).delete()
        make_expense(ledger, "8").delete()

    undoing(doing(change))
    assert rows(Expense) == before


def test_a_row_changed_since_keeps_everything_as_it_is(ledger, doing, undoing):
    first, second = make_expense(ledger, "1"), make_expense(ledger, "2")
    change = doing(lambda: Expense.objects.update(amount=5))
    Expense.objects.filter(pk=second.pk).update(amount=9)
    now = rows(Expense)
    with pytest.raises(NotUndone, match="Somebody changed this since") as refused:
        undoing(change)
    assert refused.value.stale == {"expense": [second.pk]}
    assert rows(Expense) == now
    undoing(change, {"expense": [first.pk]})
    assert list(Expense.objects.order_by("pk").values_list("amount")) == [(1,), (9,)]


def test_a_row_that_was_changed_back_at_once_stands_in_nobodys_way(alice, ledger, doing, undoing):
    _first, second = make_expense(ledger, "1"), make_expense(ledger, "2")

    def change():
        Expense.objects.update(amount=5)
        Expense.objects.filter(pk=second.pk).update(amount=2)

    changed = doing(change)
    Expense.objects.filter(pk=second.pk).update(amount=9)
    with acting_as(Actor(user_id=alice.pk)):
        assert undo(as_seen_by(alice, ledger), changed, leave_stale=True) == 1
    assert list(Expense.objects.order_by("pk").values_list("amount")) == [(1,), (9,)]


def test_a_row_changed_and_changed_back_is_not_stale(ledger, doing, undoing):
    expense = make_expense(ledger, "1")
    change = doing(lambda: Expense.objects.update(amount=5))
    Expense.objects.update(amount=6)
    Expense.objects.update(amount=5)
    undoing(change)
    expense.refresh_from_db()
    assert (expense.amount, expense.version) == (1, 5)


@pytest.mark.parametrize("since", ["deleted", "put back"])
def test_what_was_deleted_or_put_back_since_is_refused(ledger, doing, undoing, since):
    expense = make_expense(ledger)
    if since == "deleted":
        change = doing(lambda: Expense.objects.update(amount=5))
        Expense.objects.all().delete()
    else:
        change = doing(lambda: Expense.objects.all().delete())
        undoing(change)
    with pytest.raises(NotUndone) as refused:
        undoing(change)
    assert refused.value.stale == {"expense": [expense.pk]}


def test_a_category_and_its_expenses_come_back_together(ledger, doing, undoing):
    make_expense(ledger)
    before = rows(Category), rows(Expense)

    def change():
        Expense.objects.all().delete()
        Category.objects.filter(name="Food").delete()

    gone = doing(change)
    undone = undoing(gone)
    assert (rows(Category), rows(Expense)) == before
    undoing(undone)
    assert (Category.objects.filter(name="Food").count(), Expense.objects.count()) == (0, 0)


KINDS = {
    Account: (make_account, {"name": "Card", "currency": "USD", "digits": "42"}),
    Rule: (make_rule, {"pattern": "café", "operator": "matches", "payee": "Café", "position": 5}),
    Favourite: (make_favourite, {"name": "Tea", "amount": None, "tags": ["home"], "position": 5}),
    Expense: (make_expense, {"tags": ["home", "work"], "receipt": "12345678-1234-5678-1234-567812345678"}),
}


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("done", ["insert", "update", "delete"])
def test_an_account_and_a_rule_are_put_back(ledger, doing, undoing, model, done):
    make, values = KINDS[model]
    if done != "insert":
        make(ledger)
    before = rows(model)
    acts = {
        "insert": lambda: make(ledger),
        "update": lambda: model.objects.update(**values),
        "delete": lambda: model.objects.all().delete(),
    }
    undone = undoing(doing(acts[done]))
    assert rows(model) == before
    undoing(undone)
    assert rows(model) != before


def test_a_rule_comes_back_with_its_category(ledger, doing, undoing):
    make_rule(ledger, category="Other")
    make_favourite(ledger, category="Other", tags=["work"])
    before = rows(Category), rows(Rule), rows(Favourite)
    gone = doing(lambda: Category.objects.filter(name="Other").delete())
    assert not Rule.objects.exists()
    undoing(gone)
    assert (rows(Category), rows(Rule), rows(Favourite)) == before


def test_a_rule_whose_category_is_gone_stays_away(ledger, doing, undoing):
    make_rule(ledger, category="Other")
    gone = doing(lambda: Rule.objects.all().delete())
    Category.objects.filter(name="Other").delete()
    with pytest.raises(NotUndone, match="A category of these expenses is gone"):
        undoing(gone)


def test_a_deleted_expense_is_the_same_line_of_its_statement_again(ledger, doing, undoing):
    make_expense(ledger, external_id="0123456789abcdef:1")
    undoing(doing(lambda: Expense.objects.all().delete()))
    assert Expense.objects.get().external_id == "0123456789abcdef:1"


def test_an_expense_that_was_imported_again_meanwhile_stays_away(ledger, doing, undoing):
    make_expense(ledger, external_id="0123456789abcdef:1")
    gone = doing(lambda: Expense.objects.all().delete())
    again = make_expense(ledger, external_id="0123456789abcdef:1")
    with pytest.raises(NotUndone, match="This line of a statement is in the ledger already"):
        undoing(gone)
    assert list(Expense.objects.values_list("pk")) == [(again.pk,)]


def test_a_new_category_that_is_used_by_now_stays(ledger, doing, undoing):
    added = doing(lambda: Category.objects.create(ledger=ledger, name="Travel"))
    make_expense(ledger, category="Travel")
    with pytest.raises(NotUndone, match="A category of these expenses is gone, or one that would go"):
        undoing(added)
    assert Category.objects.filter(name="Travel").count() == 1


def test_a_name_that_is_taken_by_now_is_refused(ledger, doing, undoing):
    gone = doing(lambda: Category.objects.filter(name="Other").delete())
    Category.objects.create(ledger=ledger, name="OTHER")
    with pytest.raises(NotUndone, match="has a category of that name already"):
        undoing(gone)


def test_an_order_of_categories_is_put_back(ledger, doing, undoing):
    before = rows(Category)
    undoing(doing(lambda: Category.objects.filter(name="Rent").update(position=9)))
    assert rows(Category) == before


def test_the_opening_of_a_ledger_stays(alice, ledger):
    opening = ChangeSet.objects.in_ledger(ledger).order_by("pk")[0]
    with pytest.raises(NotUndone, match="The opening of a ledger cannot be undone"):
        undo(as_seen_by(alice, ledger), opening)


def test_settings_and_members_are_put_back_by_owners_only(alice, bob, ledger, doing, undoing):
    share(ledger, bob, "editor")
    renamed = doing(lambda: Ledger.objects.update(name="Flat"))
    with acting_as(person(bob)), pytest.raises(PermissionDenied, match="only an owner can undo it"):
        undo(as_seen_by(bob, ledger), renamed)
    undoing(renamed)
    assert Ledger.objects.get().name == "Household"
    removed = doing(lambda: Membership.objects.filter(user=bob).delete())
    undoing(removed)
    assert Membership.objects.get(user=bob).role == "editor"


def test_a_ledger_keeps_an_owner(alice, bob, ledger, doing, undoing):
    share(ledger, bob, "editor")
    promoted = doing(lambda: Membership.objects.filter(user=bob).update(role="owner"))
    Membership.objects.filter(user=alice).update(role="viewer")
    with acting_as(person(bob)), pytest.raises(NotUndone, match="A ledger needs an owner"):
        undo(as_seen_by(bob, ledger), promoted)


def test_nobody_ends_their_own_membership_by_undoing(bob, ledger, doing):
    added = doing(lambda: share(ledger, bob, "owner"))
    with acting_as(person(bob)), pytest.raises(NotUndone, match="Leave the ledger instead"):
        undo(as_seen_by(bob, ledger), added)
    assert Membership.objects.filter(user=bob).exists()


def test_a_member_whose_account_is_gone_stays_away(bob, ledger, doing, undoing):
    share(ledger, bob, "viewer")
    removed = doing(lambda: Membership.objects.filter(user=bob).delete())
    bob.delete()
    with pytest.raises(NotUndone, match="Nothing is left here that could be undone"):
        undoing(removed)


def test_what_was_only_noted_is_nothing_to_undo(bob, ledger, doing, undoing):
    make_expense(ledger, created_by=bob)
    noted = doing(lambda: Expense.objects.update(created_by=None))
    with pytest.raises(NotUndone, match="Nothing is left here that could be undone"):
        undoing(noted)


@pytest.mark.parametrize("other", [{"expense": [999_999]}, {"category": [1]}])
def test_a_row_of_another_change_is_refused(ledger, doing, undoing, other):
    expense = make_expense(ledger)
    deleted = doing(lambda: Expense.objects.all().delete())
    named = {"expense": [expense.pk, *other.get("expense", ())], "category": other.get("category", ())}
    with pytest.raises(NotUndone, match="is not of this change"):
        undoing(deleted, named)
    assert not Expense.objects.exists()


def test_undoing_is_a_change_set_of_its_own_also_in_one_transaction(alice, ledger):
    with acting_as(Actor(user_id=alice.pk)):
        expense = make_expense(ledger)
        added = ChangeSet.objects.newest_first()[0]
        undo(as_seen_by(alice, ledger), added)
        newest = ChangeSet.objects.newest_first()[0]
    assert (newest.undoes, newest.pk != added.pk) == (added, True)
    events = ExpenseEvent.objects.filter(id=expense.pk).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "change_set")) == [
        ("insert", added.pk),
        ("delete", newest.pk),
    ]


def test_a_command_keeps_the_time_it_has(ledger, doing, undoing):
    make_expense(ledger)
    deleted = doing(lambda: Expense.objects.all().delete())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        undoing(deleted)
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_a_viewer_undoes_nothing(bob, ledger, doing):
    share(ledger, bob, "viewer")
    make_expense(ledger)
    deleted = doing(lambda: Expense.objects.all().delete())
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with acting_as(person(bob)), refused, transaction.atomic():
        undo(as_seen_by(bob, ledger), deleted)
    assert not Expense.objects.exists()


def test_a_viewer_takes_nothing_away_that_was_added(bob, ledger, doing):
    share(ledger, bob, "viewer")
    added = doing(lambda: make_expense(ledger))
    with acting_as(person(bob)), pytest.raises(PermissionDenied), transaction.atomic():
        undo(as_seen_by(bob, ledger), added)
    assert Expense.objects.count() == 1


def test_who_entered_a_row_may_be_gone(alice, bob, ledger, doing, undoing):
    make_expense(ledger, created_by=bob)
    deleted = doing(lambda: Expense.objects.all().delete())
    bob.delete()
    undoing(deleted)
    assert list(Expense.objects.values_list("amount", "created_by")) == [(10, None)]


def test_history_is_never_rewritten(ledger):
    make_expense(ledger)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE history_expenseevent SET amount = 1")
        cursor.execute("DELETE FROM history_changeset")
    assert list(ExpenseEvent.objects.values_list("amount", "pgh_label")) == [(10, "insert")]


@pytest.mark.parametrize("count", [1, 30])
def test_undoing_many_rows_takes_as_many_queries_as_undoing_one(
    ledger, doing, undoing, count, django_assert_num_queries
):
    for _number in range(count):
        make_expense(ledger)
    deleted = doing(lambda: Expense.objects.all().delete())
    with django_assert_num_queries(19):
        undoing(deleted)
