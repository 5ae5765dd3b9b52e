"""Whoever sends the input here is signed in and means no good; what was stored before is stored after."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from expense_tracker.tests.hostile.doors import Doors
from expenses.models import Category
from expenses.tests.factories import make_expense, make_ledger, make_user

OURS = ("expenses", "ledgers", "users")
# Triggers included, and what was undone since.
WRITES = "SELECT relname::text, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
VISITS = {"last_login"}  # signing in notes the time, which is no answer to any input here


def writes() -> dict[str, int]:
    """How many rows of each table were written in this transaction so far, however and by whomever."""
    with connection.cursor() as cursor:
        cursor.execute(WRITES)
        return dict(cursor.fetchall())


def tables() -> list:
    """What is stored of ours. A view, which is not managed, shows nothing else."""
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return [model for model in models if model._meta.managed]


def stored(models: list) -> dict:
    """Every row of these tables."""
    return {
        model.__name__: list(model._base_manager.order_by("pk").values_list(*_kept(model)))
        for model in models
    }


def _kept(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in VISITS]


@pytest.fixture
def expense(ledger, alice):
    return make_expense(ledger, "12.50", notes="before", created_by=alice)


@pytest.fixture
def food(ledger) -> Category:
    return Category.objects.get(ledger=ledger, name="Food")


@pytest.fixture
def base(ledger) -> str:
    return f"/api/v1/ledgers/{ledger.pk}/"


@pytest.fixture
def root_user(db):
    return make_user("root", is_staff=True, is_superuser=True)


@pytest.fixture
def root(root_user, as_user):
    """A browser in which a superuser is signed in."""
    return as_user(root_user)


@pytest.fixture
def foreign(charlie):
    """A stranger's expense."""
    return make_expense(make_ledger(charlie, "Elsewhere"), "77", notes="secret")


@pytest.fixture
def unchanged(expense, foreign, root_user):
    """The test leaves every table of ours as it was: those that it wrote to are read as they are and as they were."""
    begin, before = transaction.savepoint(), writes()
    yield
    assert connection.is_usable()
    after = writes()
    written = [model for model in tables() if after[model._meta.db_table] != before[model._meta.db_table]]
    found = stored(written)
    transaction.savepoint_rollback(begin)
    assert found == stored(written)


@pytest.fixture
def doors(api, browser, root, ledger, expense) -> Doors:
    return Doors(api, browser, root, ledger, expense)
