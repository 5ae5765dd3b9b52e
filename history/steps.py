"""What a change set did to the rows of one kind, and the SQL that takes it back over all of them at once."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from history.models import ChangeSet, Tracked
from ledgers.models import Ledger, Membership

MOST_NAMED = 100  # stale rows
ALL = 2**31 - 1
SQL_MEMBER_IS_THERE = sql.SQL("EXISTS (SELECT FROM users_user WHERE users_user.id = earlier.user_id)")

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
COUNT_EVENTS = """
SELECT count(*) FROM (
    SELECT FROM {events} WHERE ledger_id = %(ledger)s AND change_set_id = %(change_set)s LIMIT %(many)s
) AS event
"""
FIND_STALE = """
SELECT count(*), count(*) FILTER (WHERE matters),
       (array_agg(id ORDER BY id) FILTER (WHERE matters AND is_stale))[:%(most)s]
FROM (
    SELECT step.id,
        CASE WHEN was AND became THEN ({earlier_state}) IS DISTINCT FROM ({later_state})
             WHEN was THEN {can_come_back} ELSE became END AS matters,
        CASE WHEN became THEN ({present_state}) IS DISTINCT FROM ({later_state})
             ELSE present.id IS NOT NULL END AS is_stale
    FROM step
    JOIN {events} AS later ON later.ledger_id = %(ledger)s AND later.pgh_id = step.last
    LEFT JOIN {events} AS earlier ON earlier.ledger_id = %(ledger)s AND earlier.pgh_id = step.earlier
    LEFT JOIN {table} AS present ON present.{ledger} = %(ledger)s AND present.id = step.id
) AS found
"""
REMOVE = """
DELETE FROM {table} AS present USING step
WHERE present.{ledger} = %(ledger)s AND present.id = step.id AND became AND NOT was
"""
CHANGE = """
UPDATE {table} AS present SET ({state}) = ROW ({earlier_state})
FROM step JOIN {events} AS earlier ON earlier.ledger_id = %(ledger)s AND earlier.pgh_id = step.earlier
JOIN {events} AS later ON later.ledger_id = %(ledger)s AND later.pgh_id = step.last
WHERE present.{ledger} = %(ledger)s AND present.id = step.id AND became AND was
  AND ({earlier_state}) IS DISTINCT FROM ({later_state})
"""
# A name is compared as each row is written: whatever is in the way of what gets its name back steps aside.
STEP_ASIDE = """
UPDATE {table} AS present SET name = left(present.name, 60) || ' – ' || present.id
FROM step JOIN {events} AS earlier ON earlier.ledger_id = %(ledger)s AND earlier.pgh_id = step.earlier
WHERE present.{ledger} = %(ledger)s AND lower(present.name) = lower(earlier.name) AND was
  AND present.id <> step.id AND EXISTS (
      SELECT FROM step AS other
      JOIN {events} AS before ON before.ledger_id = %(ledger)s AND before.pgh_id = other.earlier
      JOIN {events} AS after ON after.ledger_id = %(ledger)s AND after.pgh_id = other.last
      WHERE other.id = present.id AND other.was AND other.became
        AND after.name = present.name AND before.name <> after.name
  )
"""
PUT_BACK = """
INSERT INTO {table} ({columns}, version)
SELECT {earlier_columns}, latest.version + 1
FROM step JOIN {events} AS earlier ON earlier.ledger_id = %(ledger)s AND earlier.pgh_id = step.earlier
CROSS JOIN LATERAL (
    SELECT version FROM {events} AS event WHERE event.ledger_id = %(ledger)s AND event.id = step.id
    ORDER BY pgh_id DESC LIMIT 1
) AS latest
WHERE was AND NOT became AND {can_come_back}
"""


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
            # A membership of somebody whose account is gone stays away.
            "can_come_back": SQL_MEMBER_IS_THERE if model is Membership else sql.SQL("true"),
            "earlier_columns": sql.SQL(", ").join(_kept(name) for name in kept),
        }


def _list(columns, table: str | None = None) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(*filter(None, (table, name))) for name in columns)


def _kept(column: str) -> sql.Composable:
    """A column of the row as it was; nobody entered it if the person who did is gone."""
    if column == "created_by_id":
        return sql.SQL("(SELECT id FROM users_user WHERE id = earlier.created_by_id)")
    return sql.Identifier("earlier", column)
