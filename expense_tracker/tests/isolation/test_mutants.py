"""The matrix finds what it is there for: each wall is broken by hand once, and the other holds meanwhile."""

import pytest
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from rest_framework.relations import RelatedField

from api.forms import TokenForm
from api.serializers import LedgerRelatedField
from api.viewsets import LedgerViewMixin
from database.acting import become, person
from expense_tracker.tests.isolation.asking import Asker
from expense_tracker.tests.isolation.doors import DOORS
from expense_tracker.tests.isolation.matrix import cells, findings
from expense_tracker.tests.isolation.routes import every_route
from expense_tracker.tests.isolation.walls import standing
from expense_tracker.tests.isolation.world import ALICES
from expenses.filters import ExpenseFilter
from expenses.models import Category
from ledgers import access
from ledgers.admin import LedgerScopedAdmin
from ledgers.models import Ledger
from users.middleware import ActorMiddleware


def of_route(name: str, role: str):
    """What this person asks of the route, plainly."""
    asked = (request for route in every_route() if route.name == name for request in cells(route, role))
    return [request for request in asked if request.method in ("GET", "POST") and not request.accept]


def through(*names: str):
    """Alice's rows, fed to these doors."""
    return [DOORS[name].request(ALICES) for name in names]


def found_by(ask: Asker, wanted) -> dict[str, bool]:
    """Whether anything is found by scoping alone, and where row security stands behind it."""
    found = {}
    for walls in ("scoping", "both"):
        with standing(walls):
            found[walls] = bool(findings(ask, wanted))
    return found


ONLY_SCOPING_FAILS = {"scoping": True, "both": False}


def test_a_viewset_without_scoping_is_found(ask, monkeypatch):
    unscoped = lambda view: super(LedgerViewMixin, view).get_queryset()  # noqa: E731
    monkeypatch.setattr(LedgerViewMixin, "get_queryset", unscoped)
    assert found_by(ask, of_route("expense-detail", "clerk")) == ONLY_SCOPING_FAILS


def test_a_serializer_field_without_scoping_is_found(ask, monkeypatch):
    monkeypatch.setattr(LedgerRelatedField, "get_queryset", RelatedField.get_queryset)
    wanted = through("expenses.serializers.ExpenseSerializer.category")
    assert found_by(ask, wanted) == ONLY_SCOPING_FAILS


def test_a_form_that_offers_every_ledger_is_found(ask, monkeypatch):
    scoped = TokenForm.__init__

    def offer_all(form, *args, **kwargs):
        scoped(form, *args, **kwargs)
        form.fields["only_ledger"].queryset = Ledger.objects.all()

    monkeypatch.setattr(TokenForm, "__init__", offer_all)
    assert found_by(ask, through("api.TokenForm.only_ledger")) == ONLY_SCOPING_FAILS
    assert found_by(ask, of_route("tokens", "stranger")) == ONLY_SCOPING_FAILS


def test_an_admin_form_that_offers_every_ledger_is_found(ask, monkeypatch):
    monkeypatch.setattr("expenses.admin.of_ledger.ledgers_with", lambda *_: Ledger.objects.all())
    assert found_by(ask, of_route("expenses_category_add", "clerk")) == ONLY_SCOPING_FAILS


def test_a_filter_without_scoping_is_found(ask, monkeypatch):
    category = ExpenseFilter.base_filters["category"]
    monkeypatch.setattr(category, "queryset", lambda request: Category.objects.all())
    assert found_by(ask, through("expenses.filters.ExpenseFilter.category")) == ONLY_SCOPING_FAILS


def test_an_admin_list_without_scoping_is_found(ask, monkeypatch):
    monkeypatch.setattr(LedgerScopedAdmin, "get_queryset", ModelAdmin.get_queryset)
    assert found_by(ask, of_route("expenses_expense_changelist", "staff")) == ONLY_SCOPING_FAILS


def test_a_refusal_that_tells_that_a_ledger_exists_is_found(ask, monkeypatch):
    checked = access._checked

    def forbidden(ledger, method):
        if ledger is None and Ledger.objects.filter(pk=ALICES.ledger).exists():
            raise PermissionDenied
        return checked(ledger, method)

    monkeypatch.setattr(access, "_checked", forbidden)
    assert found_by(ask, of_route("expenses", "stranger")) == ONLY_SCOPING_FAILS


def test_more_work_for_a_ledger_that_exists_is_found(ask, monkeypatch):
    checked = access._checked

    def slower(ledger, method):
        if ledger is None and (there := Ledger.objects.filter(pk=ALICES.ledger).first()):
            there.memberships.count()
        return checked(ledger, method)

    monkeypatch.setattr(access, "_checked", slower)
    assert found_by(ask, of_route("expense-list", "stranger")) == ONLY_SCOPING_FAILS


def test_a_person_who_is_left_acting_is_found(ask, monkeypatch):
    def never_ends(middleware, request):
        become(person(request.user))
        return middleware.get_response(request)

    monkeypatch.setattr(ActorMiddleware, "__call__", never_ends)
    assert found_by(ask, of_route("home", "stranger")) == {"scoping": True, "both": True}


@pytest.mark.parametrize("role", ["viewer", "token that reads"])
def test_somebody_who_may_only_read_but_writes_is_found(ask, monkeypatch, role):
    monkeypatch.setattr(access, "SAFE_METHODS", ("GET", "HEAD", "OPTIONS", "POST"))
    monkeypatch.setattr("api.permissions.TokenMayWrite.has_permission", lambda *_: True)
    assert found_by(ask, of_route("expense-list", role)) == ONLY_SCOPING_FAILS
