"""Nothing beneath a ledger is reached without asking who may: by construction, before any request."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, get_resolver
from rest_framework.generics import GenericAPIView

from api.submissions import offers_undo, once
from api.viewsets import LedgerViewMixin
from ledgers.access import ledger_page
from ledgers.admin import LedgerScopedAdmin
from ledgers.api import ActorMixin
from ledgers.models import Ledger

OF_A_LEDGER = [model for model in apps.get_models() if hasattr(model, "ledger_id")]
LEDGER_PAGE = ledger_page(lambda request, ledger: None).__code__
ONCE, OFFERS_UNDO = once(lambda request: None).__code__, offers_undo(lambda request: None).__code__


def views(resolver=None, path=""):
    """Every path of the site map that ends in a view, and the view."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{path}{entry.pattern}", entry.callback
        else:
            yield from views(entry, f"{path}{entry.pattern}")


def innermost(view):
    """The view without what ``api.submissions`` has put around it: that answers only who was let in before."""
    while view.__code__ in (ONCE, OFFERS_UNDO):
        view = view.__wrapped__
    return view


BENEATH_A_LEDGER = [(path, view) for path, view in views() if "ledger_id" in path]
GENERIC_API = [
    view.cls for _path, view in views() if issubclass(getattr(view, "cls", object), GenericAPIView)
]


def test_the_lists_below_are_not_empty():
    assert (len(OF_A_LEDGER) >= 4, len(BENEATH_A_LEDGER) >= 20, len(GENERIC_API) >= 3) == (True, True, True)


@pytest.mark.parametrize(("path", "view"), BENEATH_A_LEDGER, ids=[path for path, _view in BENEATH_A_LEDGER])
def test_every_route_beneath_a_ledger_asks_who_may(path, view):
    if hasattr(view, "cls"):
        assert issubclass(view.cls, LedgerViewMixin)
    else:
        assert innermost(view).__code__ is LEDGER_PAGE


@pytest.mark.parametrize("view", GENERIC_API, ids=lambda view: view.__name__)
def test_every_endpoint_with_rows_knows_who_acts(view):
    model = view.queryset.model
    assert issubclass(view, ActorMixin)
    assert issubclass(view, LedgerViewMixin) == (model in OF_A_LEDGER)


@pytest.mark.parametrize("model", [*OF_A_LEDGER, Ledger], ids=lambda model: model._meta.label)
def test_the_admin_shows_rows_of_a_ledger_by_role_only(model):
    shown = admin.site._registry.get(model)
    assert shown is None or isinstance(shown, LedgerScopedAdmin)
    inlines = [inline for each in admin.site._registry.values() for inline in each.inlines]
    assert not [inline for inline in inlines if inline.model is model]
