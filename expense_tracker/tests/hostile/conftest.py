"""Whoever sends the input here is signed in and means no good; what was stored before is stored after."""

import pytest
from django.apps import apps
from django.db import connection

from expense_tracker.tests.hostile.doors import Doors
from expenses.models import Category
from expenses.tests.factories import make_expense, make_ledger, make_user
from users.models import User

OURS = ("expenses", "ledgers", "users")


def stored() -> dict:
    """Every row of every table of ours."""
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in models}


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
    """The test writes nothing: what every table of ours holds is compared before and after."""
    before = _without_visits(stored())
    yield
    assert connection.is_usable()
    assert _without_visits(stored()) == before


def _without_visits(tables: dict) -> dict:
    """Signing in notes the time, which is no answer to any input here."""
    index = [field.attname for field in User._meta.concrete_fields].index("last_login")
    tables["User"] = [row[:index] + row[index + 1 :] for row in tables["User"]]
    return tables


@pytest.fixture
def doors(api, browser, root, ledger, expense) -> Doors:
    return Doors(api, browser, root, ledger, expense)
