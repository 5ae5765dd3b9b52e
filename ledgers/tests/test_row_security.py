"""PostgreSQL itself shows and takes only what is open to whoever acts. No queryset is scoped here."""

import logging

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction

from analytics.models import Rollup
from database.acting import NOBODY, Actor, acting_as, operator, person
from database.constraints import CompositePrimaryKey
from database.row_security import RowSecurity
from expenses.models import Category, Expense, ExpensePart
from expenses.tests.factories import make_expense, make_ledger, share
from ledgers.access import get_ledger
from ledgers.models import Ledger, Membership

OF_LEDGERS = [model for model in apps.get_models() if hasattr(model, "ledger_id")]
ROWS_OF_LEDGERS = [model for model in OF_LEDGERS if model._meta.managed]
VIEWS = [model for model in OF_LEDGERS if not model._meta.managed]
# Tables whose ledger_id is no membership of the row, with the reason.
NOT_OF_A_LEDGER = {}


@pytest.fixture
def expense(ledger):
    return make_expense(ledger, "10")


@pytest.fixture
def act(ledger, bob, charlie):
    """``act("viewer")`` is somebody with that role in Alice's ledger; Charlie has a ledger of his own."""
    make_ledger(charlie, "Charlie's")
    actors = {"stranger": person(charlie), "nobody": NOBODY, "operator": operator("tests")}

    def actor(role):
        if role not in actors:
            share(ledger, bob, role)
        return actors.get(role) or person(bob)

    return actor


def refused():
    return pytest.raises(ProgrammingError, match="row-level security")


def tables_with(column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_attribute"
            " JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attname = %s",
            [column],
        )
        return {name: (secured, forced) for name, secured, forced in cursor.fetchall()}


def test_every_table_of_a_ledger_is_behind_the_wall(db):
    tables = tables_with("ledger_id")
    assert set(tables) == {model._meta.db_table for model in ROWS_OF_LEDGERS}
    secured = {name for name, state in tables.items() if state == (True, False)}
    assert secured | set(NOT_OF_A_LEDGER) == set(tables)


@pytest.mark.parametrize("model", VIEWS, ids=lambda model: model._meta.label)
def test_every_view_of_a_ledger_asks_as_its_reader(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relkind, 'security_invoker=true' = ANY (reloptions) FROM pg_class WHERE relname = %s",
            [model._meta.db_table],
        )
        assert cursor.fetchall() == [("v", True)]


@pytest.mark.parametrize("model", ROWS_OF_LEDGERS, ids=lambda model: model._meta.label)
def test_every_model_of_a_ledger_has_its_walls(model):
    kinds = [type(constraint) for constraint in model._meta.constraints]
    assert kinds.count(CompositePrimaryKey) == kinds.count(RowSecurity) == 1


@pytest.mark.parametrize("model", [*ROWS_OF_LEDGERS, Ledger], ids=lambda model: model._meta.label)
def test_there_is_a_policy_for_every_act(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT polcmd, polpermissive, polroles FROM pg_policy WHERE polrelid = %s::regclass",
            [model._meta.db_table],
        )
        assert sorted(cursor.fetchall()) == [(act, True, [0]) for act in "adrw"]


@pytest.mark.parametrize(
    ("role", "seen"),
    [("viewer", 1), ("editor", 1), ("owner", 1), ("operator", 1), ("stranger", 0), ("nobody", 0)],
)
def test_rows_are_seen_by_members(act, expense, role, seen):
    with acting_as(act(role)):
        assert Expense.objects.count() == ExpensePart.objects.count() == seen
        assert Rollup.objects.count() == 2 * seen
        assert Category.objects.filter(ledger=expense.ledger_id).count() == 5 * seen
        assert Ledger.objects.filter(pk=expense.ledger_id).count() == seen
        assert Membership.objects.filter(ledger=expense.ledger_id, role="owner").exists() == bool(seen)


@pytest.mark.parametrize("role", ["editor", "owner", "operator"])
def test_rows_are_written_by_those_who_may(act, ledger, expense, role):
    with acting_as(act(role)):
        make_expense(ledger, "20")
        assert Expense.objects.update(notes="changed") == 2
        assert Expense.objects.all().delete()[0] == 2


@pytest.mark.parametrize("role", ["viewer", "stranger", "nobody"])
def test_nobody_else_writes_a_row(act, ledger, expense, role):
    category = expense.category
    with acting_as(act(role)):
        assert Expense.objects.update(notes="changed") == 0
        assert Expense.objects.all().delete()[0] == 0
        assert not Expense.objects.select_for_update().exists()
        with refused(), transaction.atomic():
            Expense.objects.create(ledger=ledger, date="2024-08-01", amount=1, category=category)
    assert list(Expense.objects.values_list("notes")) == [("",)]


@pytest.mark.parametrize("role", ["viewer", "editor", "owner", "operator", "stranger"])
def test_nobody_writes_totals_or_parts_of_expenses(act, ledger, expense, role):
    values = {"ledger": ledger, "date": "2024-08-01", "category": expense.category}
    with acting_as(act(role)):
        assert Rollup.objects.update(gross=7) == 0
        assert Rollup.objects.all().delete()[0] == 0
        assert not Rollup.objects.select_for_update().exists()
        with refused(), transaction.atomic():
            Rollup.objects.create(unit="day", basis="paid", gross=1, refunds=0, count=1, **values)
        with pytest.raises(DatabaseError, match="view"), transaction.atomic():
            ExpensePart.objects.update(amount=7)
    assert list(Rollup.objects.values_list("gross", "count")) == [(10, 1)] * 2


def test_a_row_is_not_moved_into_a_ledger_of_others(ledger, charlie, expense):
    theirs = make_ledger(charlie)
    moved = pytest.raises(ProgrammingError, match="Cannot update rows from expenses_category")
    with acting_as(person(charlie)), moved, transaction.atomic():
        Category.objects.filter(ledger=theirs).update(ledger=ledger)


@pytest.mark.parametrize("role", ["viewer", "editor", "stranger", "nobody"])
def test_only_owners_change_the_ledger_and_its_members(act, ledger, role):
    with acting_as(act(role)):
        if role == "editor":  # who may lock a ledger
            with refused(), transaction.atomic():
                Ledger.objects.filter(pk=ledger.pk).update(name="mine")
        else:
            assert Ledger.objects.filter(pk=ledger.pk).update(name="mine") == 0
        assert Membership.objects.filter(ledger=ledger, role="owner").update(role="viewer") == 0
        assert Membership.objects.filter(ledger=ledger, role="owner").delete()[0] == 0


@pytest.mark.parametrize("role", ["viewer", "editor", "stranger"])
def test_nobody_makes_themselves_an_owner(act, ledger, bob, charlie, role):
    actor = act(role)
    with acting_as(actor):
        with refused(), transaction.atomic():
            Membership.objects.create(ledger=ledger, user_id=actor.user_id, role="owner")
        if role != "stranger":
            with refused(), transaction.atomic():
                Membership.objects.filter(user=bob).update(role="owner")


def test_a_new_ledger_is_not_opened_for_somebody_else(alice, charlie):
    with acting_as(person(charlie)), refused(), transaction.atomic():
        Membership.objects.create(ledger_id=10**9, user=alice, role="owner")


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_everybody_may_leave(act, ledger, bob, role):
    with acting_as(act(role)):
        assert Membership.objects.filter(ledger=ledger, user=bob).delete()[0] == 1
        assert not Ledger.objects.exists()


def test_a_token_for_one_ledger_opens_no_other(alice, ledger, expense):
    other = make_ledger(alice, "Other")
    make_expense(other)
    with acting_as(Actor(user_id=alice.pk, only_ledger_id=other.pk)):
        assert [each.pk for each in Ledger.objects.all()] == [other.pk]
        assert [each.ledger_id for each in Expense.objects.all()] == [other.pk]
        with refused(), transaction.atomic():
            make_row_like(expense)


def test_a_token_for_one_ledger_reaches_no_membership_of_another(alice, ledger):
    other = make_ledger(alice, "Other")
    with acting_as(Actor(user_id=alice.pk, only_ledger_id=other.pk)):
        assert [each.ledger_id for each in Membership.objects.all()] == [other.pk]
        assert Membership.objects.filter(ledger=ledger).delete()[0] == 0
        with refused(), transaction.atomic():
            Membership.objects.create(ledger_id=10**9, user=alice, role="owner")
    assert Membership.objects.filter(ledger=ledger, user=alice).exists()


def test_a_token_that_reads_does_not_write(alice, ledger, expense):
    with acting_as(Actor(user_id=alice.pk, read_only=True)):
        assert get_ledger(alice, ledger.pk).pk == ledger.pk
        assert Expense.objects.update(notes="changed") == 0
        assert Ledger.objects.update(name="changed") == 0
        assert Membership.objects.all().delete()[0] == 0
        with refused(), transaction.atomic():
            make_row_like(expense)


def make_row_like(expense):
    copy = Expense(ledger_id=expense.ledger_id, date=expense.date, amount=1, category_id=expense.category_id)
    copy.save(force_insert=True)


@pytest.mark.parametrize("role", ["nobody", "stranger"])
@pytest.mark.catalogue(55)
def test_whoever_forgets_who_acts_is_told_in_the_log(act, expense, caplog, role):
    with acting_as(act(role)), caplog.at_level(logging.ERROR, "security"):
        assert list(Expense.objects.filter(ledger=expense.ledger_id)) == []
    errors = [record for record in caplog.records if "nobody acts" in record.getMessage()]
    assert len(errors) == (1 if role == "nobody" else 0)
    assert all(__file__ in record.stack_info for record in errors)


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_tables_sees_every_row_for_migrations_and_copies(ledger):
    make_expense(ledger)
    with connection.owner(), acting_as(NOBODY):
        assert Expense.objects.count() == 1
