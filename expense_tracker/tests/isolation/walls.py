"""Takes one wall away, so that only the other stands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db.models import QuerySet, Value

from api.permissions import TokenMayWrite
from database.acting import Actor
from ledgers.admin import LedgerScopedAdmin
from ledgers.models import Ledger, LedgerQuerySet, Membership

OWNER = Membership.Role.OWNER
Wall = Callable[[pytest.MonkeyPatch], None]


def no_scoping(patch: pytest.MonkeyPatch):
    """No queryset asks for a ledger, everybody is an owner everywhere, and a token may whatever its person may."""
    narrow = QuerySet._filter_or_exclude

    def widely(rows, negate, args, kwargs):
        kept = {name: value for name, value in kwargs.items() if not name.startswith("ledger")}
        return narrow(rows, negate, args, kept)

    patch.setattr(QuerySet, "_filter_or_exclude", widely)
    patch.setattr(LedgerQuerySet, "for_user", lambda rows, user: rows.annotate(role=Value(OWNER)))
    for module in ("ledgers.access", "ledgers.api"):
        patch.setattr(f"{module}.ledgers_of", lambda user, token=None: Ledger.objects.for_user(user))
    patch.setattr("ledgers.access.ledger_of", lambda user, pk, token=None: _any_ledger(user, pk))
    patch.setattr("ledgers.admin.roles_of", lambda request: dict.fromkeys(_every_ledger(), OWNER))
    patch.setattr(LedgerScopedAdmin, "may_write", lambda admin, request, row: True)
    patch.setattr(TokenMayWrite, "has_permission", lambda permission, request, view: True)


def no_row_security(patch: pytest.MonkeyPatch):
    """PostgreSQL opens every ledger to everybody."""
    settings = Actor.settings

    def operator(actor):
        user, _operator, _only_ledger, _read_only, *rest = settings(actor)
        return user, "tests", "", "", *rest

    patch.setattr(Actor, "settings", operator)


def _any_ledger(user, pk: int) -> Ledger | None:
    return Ledger.objects.for_user(user).filter(pk=pk).first()


def _every_ledger() -> list[int]:
    return list(Ledger.objects.values_list("pk", flat=True))


# What stands, and what is taken away for that.
STANDING: dict[str, tuple[Wall, ...]] = {
    "both": (),
    "scoping": (no_row_security,),
    "row security": (no_scoping,),
}


@contextmanager
def standing(name: str) -> Iterator[None]:
    """Inside the block only these walls stand."""
    with pytest.MonkeyPatch.context() as patch:
        for take_away in STANDING[name]:
            take_away(patch)
        yield


@contextmanager
def no_wall() -> Iterator[None]:
    """Inside the block everything is open, which has to be seen."""
    with pytest.MonkeyPatch.context() as patch:
        no_scoping(patch)
        no_row_security(patch)
        yield
