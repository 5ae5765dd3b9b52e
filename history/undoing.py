"""Taking back what a change set did, and taking back that, in SQL over all its rows at once.

A row is put back to what it was before the change set, unless somebody changed it since: then nothing is undone,
and both versions are there to be shown. Versions never go back, so that no page opened before can overwrite unseen.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database.errors import explain
from database.timeouts import take_longer_than_a_page
from expenses.models import Account, Category
from history.models import ChangeSet, LedgerEvent, Tracked
from history.steps import (
    ALL,
    CHANGE,
    COUNT_EVENTS,
    FIND_STALE,
    LOCK,
    MOST_NAMED,
    PUT_BACK,
    REMOVE,
    STEP_ASIDE,
    Work,
)
from ledgers.models import OWNER_NEEDED, Ledger, Membership

NOT_THE_OPENING = gettext_lazy("The opening of a ledger cannot be undone.")
OWNERS_ONLY = gettext_lazy("This changed the ledger or its members, so only an owner can undo it.")
CHANGED_SINCE = gettext_lazy("Somebody changed this since. Nothing was undone.")
LEAVE_INSTEAD = gettext_lazy("This would end your own membership. Leave the ledger instead.")
NOT_IN_IT = gettext_lazy("A row that was named is not of this change.")
NOTHING_LEFT = gettext_lazy("Nothing is left here that could be undone.")
CATEGORY_NEEDED = gettext_lazy(
    "A category of these expenses is gone, or one that would go has expenses by now. Undo that change first."
)

MANY = 1_000  # rows of a kind

Rows = Mapping[str, Collection[int]]  # ids of rows by the name of their kind
NO_ROWS: Rows = {}


class NotUndone(Exception):
    """Nothing was undone. ``stale`` names, by kind, rows that were changed since."""

    def __init__(self, message: str, stale: Rows = NO_ROWS):
        super().__init__(message)
        self.stale = stale


def why_not(ledger: Ledger, change_set: ChangeSet, kinds: Collection[Tracked]) -> str:
    """Why the person that the ledger was fetched for cannot undo this at all; empty if they can."""
    touched = {tracked.model for tracked in kinds}
    if Ledger in touched and _is_opening(ledger, change_set):
        return str(NOT_THE_OPENING)
    if not ledger.may_manage and touched & {Ledger, Membership}:
        return str(OWNERS_ONLY)
    return ""


def _is_opening(ledger: Ledger, change_set: ChangeSet) -> bool:
    events = LedgerEvent.objects.filter(ledger=ledger, change_set=change_set)
    return events.filter(pgh_label=LedgerEvent.INSERT).exists()


@transaction.atomic
def undo(
    ledger: Ledger,
    change_set: ChangeSet,
    only: Rows | None = None,
    leaving: Rows = NO_ROWS,
    leave_stale: bool = False,
) -> int:
    """Put every row the change set touched back to what it was before, or ``only`` some, ``leaving`` others.

    With ``leave_stale`` rows that were changed since are left as they are. Returns how many were put back. Raises
    ``NotUndone`` with nothing written. People who undo in one ledger do so one after the other. Costs the same
    number of queries whatever the number of rows.
    """
    works = _wanted(ledger, change_set, only, leaving)
    take_longer_than_a_page()
    _expect_many(works)
    # There is none to lock where its deletion is undone.
    Ledger.objects.select_for_update(no_key=True).filter(pk=ledger.pk).first()
    works, expected = _unless_stale(works, leave_stale)
    _begin(change_set)
    try:
        with transaction.atomic():
            done = _apply(works)
    except IntegrityError as error:
        raise NotUndone(_reason(error)) from error
    if done != expected:  # row security let us see what it does not let us write
        raise PermissionDenied(_("You may look at this ledger, but not change it."))
    roles = set(Membership.objects.filter(ledger=ledger).values_list("role", flat=True))
    if Membership.Role.OWNER not in roles:
        # Whoever is no member sees none.
        raise NotUndone(str(OWNER_NEEDED if roles else LEAVE_INSTEAD))
    return done


def _wanted(ledger: Ledger, change_set: ChangeSet, only: Rows | None, leaving: Rows) -> list[Work]:
    """What is asked for, if this person may have it."""
    kinds = change_set.kinds
    if only and {name for name, ids in only.items() if ids} - {tracked.name for tracked in kinds}:
        raise NotUndone(str(NOT_IN_IT))
    if reason := why_not(ledger, change_set, kinds):
        raise PermissionDenied(reason) if reason == OWNERS_ONLY else NotUndone(reason)
    rows = {tracked: None if only is None else only.get(tracked.name, ()) for tracked in kinds}
    return [Work(tracked, change_set, rows[tracked], leaving.get(tracked.name, ())) for tracked in kinds]


def _expect_many(works: list[Work]):
    """Of rows written a moment ago PostgreSQL has no statistics: it would look for each in all the others."""
    if any(work.run(COUNT_EVENTS, many=MANY).fetchone()[0] == MANY for work in works):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop = off")


def _unless_stale(works: list[Work], leave_stale: bool) -> tuple[list[Work], int]:
    """What is to be done, and to how many rows, which are locked. Raises ``NotUndone`` for rows changed since."""
    expected, stale = 0, {}
    for work in works:
        work.run(LOCK)
        touched, count, ids = work.run(FIND_STALE, most=ALL if leave_stale else MOST_NAMED).fetchone()
        if work.only is not None and touched < len(set(work.only) - set(work.leaving)):
            raise NotUndone(str(NOT_IN_IT))
        expected += count
        if ids:
            stale[work.tracked.name] = ids
    if leave_stale:
        works = [replace(each, leaving=(*each.leaving, *stale.get(each.tracked.name, ()))) for each in works]
        expected -= sum(map(len, stale.values()))
    elif stale:
        raise NotUndone(str(CHANGED_SINCE), stale)
    if not expected:
        raise NotUndone(str(NOTHING_LEFT))
    return works, expected


def _begin(change_set: ChangeSet):
    """What is written from here on is a change set of its own that undoes this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('expense_tracker.undoes', %s, true),"
            " set_config('expense_tracker.change_sets', '', true)",
            [str(change_set.pk)],
        )


def _apply(works: list[Work]) -> int:
    """What is to go goes first, because its name may be another's again; what refers to what is looked at last."""
    named = [work for work in works if work.tracked.model in (Category, Account)]
    statements = [(work, REMOVE) for work in reversed(works)]
    statements += [(work, statement) for work in works for statement in (CHANGE, PUT_BACK)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for work in named:
        work.run(STEP_ASIDE)
    done = sum(work.run(statement).rowcount for work, statement in statements)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return done


def _reason(error: IntegrityError) -> str:
    if (error.__cause__.diag.constraint_name or "").endswith("_category_of_ledger"):
        return str(CATEGORY_NEEDED)
    try:
        return explain(error).messages[0]
    except IntegrityError:
        return _("Something that this refers to is gone.")
