"""Taking back what a change set did, and taking back that, in SQL over all its rows at once.

A row is put back to what it was before the change set, unless somebody changed it since: then nothing is undone,
and both versions are there to be shown. Versions never go back, so that no page opened before can overwrite unseen.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg import sql

from database.errors import explain
from expenses.models import Category
from history.models import ChangeSet, LedgerEvent, Tracked
from ledgers.models import Ledger, Membership

NOT_THE_OPENING = gettext_lazy("The opening of a ledger cannot be undone.")
OWNERS_ONLY = gettext_lazy("This changed the ledger or its members, so only an owner can undo it.")
OWNER_NEEDED = gettext_lazy("A ledger needs an owner. Make somebody else an owner first.")
CHANGED_SINCE = gettext_lazy("Somebody changed this since. Nothing was undone.")
MOST_NAMED = 100  # stale rows

Rows = Mapping[str, Collection[int]]  # ids of rows by the name of their kind
NO_ROWS: Rows = {}

# What nobody means when they undo a change; a deleted row gets back who made it, and when.
BOOKKEEPING = {"id", "ledger_id", "version", "updated_at", "created_at", "created_by_id"}

# Each row that the change set touched: the last event before it (none, or a deletion: the row was not there), and
# the last one in it.
STEPS = """
WITH touched AS (
    SELECT id, min(pgh_id) AS first, max(pgh_id) AS last,
           coalesce(max(pgh_id) FILTER (WHERE pgh_label <> 'delete') = max(pgh_id), false) AS became
    FROM {events}
    WHERE ledger_id = %(ledger)s AND change_set_id = %(change_set)s
      AND (%(only)s::bigint[] IS NULL OR id = ANY (%(only)s::bigint[]))
      AND NOT id = ANY (%(leaving)s::bigint[])
    GROUP BY id
), step AS (
    SELECT touched.*, earlier.pgh_id AS earlier, coalesce(earlier.pgh_label <> 'delete', false) AS was
    FROM touched
    LEFT JOIN LATERAL (
        SELECT pgh_id, pgh_label FROM {events} AS event
        WHERE event.ledger_id = %(ledger)s AND event.id = touched.id AND event.pgh_id < touched.first
        ORDER BY pgh_id DESC LIMIT 1
    ) AS earlier ON true
)
"""
LOCK = """
SELECT FROM {table} WHERE {ledger} = %(ledger)s AND id IN (SELECT id FROM touched) ORDER BY id FOR UPDATE
"""
FIND_STALE = """
SELECT count(*) FILTER (WHERE was OR became), (array_agg(step.id ORDER BY step.id) FILTER (WHERE
    CASE WHEN became THEN ({present_state}) IS DISTINCT FROM ({later_state}) ELSE present.id IS NOT NULL END
))[:%(most)s]
FROM step
JOIN {events} AS later ON later.ledger_id = %(ledger)s AND later.pgh_id = step.last
LEFT JOIN {table} AS present ON present.{ledger} = %(ledger)s AND present.id = step.id
"""
REMOVE = """
DELETE FROM {table} AS present USING step
WHERE present.{ledger} = %(ledger)s AND present.id = step.id AND became AND NOT was
"""
CHANGE = """
UPDATE {table} AS present SET ({state}) = ROW ({earlier_state})
FROM step JOIN {events} AS earlier ON earlier.ledger_id = %(ledger)s AND earlier.pgh_id = step.earlier
WHERE present.{ledger} = %(ledger)s AND present.id = step.id AND became AND was
"""
# A name is compared as each row is written: a category in the way of one that gets its name back steps aside.
STEP_ASIDE = """
UPDATE {table} AS present SET name = left(present.name, 60) || ' – ' || present.id
FROM step JOIN {events} AS earlier ON earlier.ledger_id = %(ledger)s AND earlier.pgh_id = step.earlier
WHERE present.{ledger} = %(ledger)s AND lower(present.name) = lower(earlier.name) AND was
  AND present.id <> step.id AND present.id IN (SELECT id FROM step WHERE was AND became)
"""
PUT_BACK = """
INSERT INTO {table} ({columns}, version)
SELECT {earlier_columns}, latest.version + 1
FROM step JOIN {events} AS earlier ON earlier.ledger_id = %(ledger)s AND earlier.pgh_id = step.earlier
CROSS JOIN LATERAL (
    SELECT version FROM {events} AS event WHERE event.ledger_id = %(ledger)s AND event.id = step.id
    ORDER BY pgh_id DESC LIMIT 1
) AS latest
WHERE was AND NOT became
"""


class NotUndone(Exception):
    """Nothing was undone. ``stale`` names, by kind, rows that were changed since."""

    def __init__(self, message: str, stale: Rows = NO_ROWS):
        super().__init__(message)
        self.stale = stale


@dataclass(frozen=True)
class Work:
    """What a change set did to the rows of one kind; ``only`` some of them unless None, and none of ``leaving``."""

    tracked: Tracked
    change_set: ChangeSet
    only: Collection[int] | None = None
    leaving: Collection[int] = ()

    def run(self, statement: str, **facts):
        """A cursor after the statement, which may refer to the CTE ``step`` and to the facts."""
        parameters = {
            "ledger": self.change_set.ledger_id,
            "change_set": self.change_set.pk,
            "only": None if self.only is None else list(self.only),
            "leaving": list(self.leaving),
            "most": MOST_NAMED,
            **facts,
        }
        cursor = connection.cursor()
        cursor.execute(sql.SQL(STEPS + statement).format(**self._names), parameters)
        return cursor

    @property
    def _names(self) -> dict[str, sql.Composable]:
        model = self.tracked.model
        columns = [field.column for field in model._meta.concrete_fields]
        state = [name for name in columns if name not in BOOKKEEPING]
        kept = [name for name in columns if name not in ("version", "updated_at")]
        return {
            "table": sql.Identifier(model._meta.db_table),
            "events": sql.Identifier(self.tracked.events._meta.db_table),
            "ledger": sql.Identifier("id" if model is Ledger else "ledger_id"),
            "state": _list(state),
            "present_state": _list(state, "present"),
            "earlier_state": _list(state, "earlier"),
            "later_state": _list(state, "later"),
            "columns": _list(kept),
            "earlier_columns": sql.SQL(", ").join(_kept(name) for name in kept),
        }


def _list(columns, table: str | None = None) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(*filter(None, (table, name))) for name in columns)


def _kept(column: str) -> sql.Composable:
    """A column of the row as it was; nobody entered it if the person who did is gone."""
    if column == "created_by_id":
        return sql.SQL("(SELECT id FROM users_user WHERE id = earlier.created_by_id)")
    return sql.Identifier("earlier", column)


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
def undo(ledger: Ledger, change_set: ChangeSet, only: Rows | None = None, leaving: Rows = NO_ROWS) -> int:
    """Put every row the change set touched back to what it was before, or ``only`` some, ``leaving`` others.

    Returns how many. Raises ``NotUndone`` with nothing written. People who undo in one ledger do so one after the
    other. Costs the same number of queries whatever the number of rows.
    """
    kinds = change_set.kinds
    if reason := why_not(ledger, change_set, kinds):
        raise NotUndone(reason)
    _take_your_time()
    # There is none to lock where its deletion is undone.
    Ledger.objects.select_for_update(no_key=True).filter(pk=ledger.pk).first()
    works = [
        Work(
            tracked,
            change_set,
            None if only is None else only.get(tracked.name, ()),
            leaving.get(tracked.name, ()),
        )
        for tracked in kinds
    ]
    expected = _refuse_stale(works)
    _begin(change_set)
    try:
        with transaction.atomic():
            done = _apply(works)
    except IntegrityError as error:
        raise NotUndone(_reason(error)) from error
    if done != expected:  # row security let us see what it does not let us write
        raise PermissionDenied(_("You may look at this ledger, but not change it."))
    if not Membership.objects.filter(ledger=ledger, role=Membership.Role.OWNER).exists():
        transaction.set_rollback(True)
        raise NotUndone(str(OWNER_NEEDED))
    return done


def _refuse_stale(works: list[Work]) -> int:
    """Lock the rows and raise ``NotUndone`` if any was changed since. Returns how many are to be put back."""
    expected, stale = 0, {}
    for work in works:
        work.run(LOCK)
        count, ids = work.run(FIND_STALE).fetchone()
        expected += count
        if ids:
            stale[work.tracked.name] = ids
    if stale or not expected:
        raise NotUndone(str(CHANGED_SINCE), stale)
    return expected


def _take_your_time():
    """What a command wrote in minutes is not undone within the time that a page has otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '120s', true)")


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
    categories = [work for work in works if work.tracked.model is Category]
    statements = [(work, REMOVE) for work in reversed(works)]
    statements += [(work, statement) for work in works for statement in (CHANGE, PUT_BACK)]
    if categories:
        _look_at_references("DEFERRED")
    for work in categories:
        work.run(STEP_ASIDE)
    done = sum(work.run(statement).rowcount for work, statement in statements)
    if categories:
        _look_at_references("IMMEDIATE")
    return done


def _look_at_references(when: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS expense_category_of_ledger {when}")


def _reason(error: IntegrityError) -> str:
    try:
        return explain(error).messages[0]
    except IntegrityError:
        return _("Something that this refers to is gone.")
