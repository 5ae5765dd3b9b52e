"""Whether history tells, without a gap, how every row became what it is."""

from collections.abc import Iterator

import pgtrigger
from django.utils.translation import gettext_lazy as _

from database.integrity import Finding, wrong_rows
from history.models import TRACKED, ChangeSet, Event, Tracked
from ledgers.models import Ledger

PRESENT = """
{table} AS present FULL JOIN (
    SELECT DISTINCT ON (ledger_id, id) * FROM {events} ORDER BY ledger_id, id, pgh_id DESC
) AS last ON last.ledger_id = present.{ledger} AND last.id = present.id
"""
# The names that the triggers know the two by.
STEPS = """
(
    SELECT event AS now, lag(event) OVER (PARTITION BY ledger_id, id ORDER BY pgh_id) AS before
    FROM {events} AS event
) AS step
CROSS JOIN LATERAL (SELECT (step.now).*) AS new CROSS JOIN LATERAL (SELECT (step.before).*) AS old
"""
BELONGING = """
{events} AS event LEFT JOIN history_changeset AS change_set
ON change_set.ledger_id = event.ledger_id AND change_set.id = event.change_set_id
"""


def rows() -> Iterator[Finding]:
    """Rows that are not as their last event left them."""
    for tracked in TRACKED:
        table, events, columns = _names(tracked)
        ledger = "id" if tracked.model is Ledger else "ledger_id"
        problems = {
            _("has no history"): "last.id IS NULL",
            _("is gone, but was not deleted"): f"present.id IS NULL AND last.pgh_label <> '{Event.DELETE}'",
            _("was deleted, but is there"): f"present.id IS NOT NULL AND last.pgh_label = '{Event.DELETE}'",
            _("is not what its last event says"): "present.id IS NOT NULL AND "
            f"({_list(columns, 'present')}) IS DISTINCT FROM ({_list(columns, 'last')})",
        }
        yield from wrong_rows(
            table,
            PRESENT.format(table=table, events=events, ledger=ledger),
            problems,
            id="coalesce(present.id, last.id)",
            ledger=f"coalesce(present.{ledger}, last.ledger_id)",
        )


def steps() -> Iterator[Finding]:
    """Rows that did not get from one event to the next in a way that there is."""
    added, changed, deleted = (
        f"new.pgh_label = '{label}'" for label in (Event.INSERT, Event.UPDATE, Event.DELETE)
    )
    was_there = f"coalesce(old.pgh_label <> '{Event.DELETE}', false)"
    for tracked in TRACKED:
        _table, events, columns = _names(tracked)
        grows = f"({_condition_of_version(tracked)})::int"
        differs = f"({_list(columns, 'new')}) IS DISTINCT FROM ({_list(columns, 'old')})"
        problems = {
            _("was added, but was there"): f"{added} AND {was_there}",
            _("was changed or deleted, but was not there"): f"NOT {added} AND NOT {was_there}",
            _("came back in a version that does not follow"): f"{added} AND new.version <> old.version + 1",
            _("was changed to a version that does not follow"): f"{changed}"
            f" AND new.version <> old.version + {grows}",
            _("was deleted as something that it was not"): f"{deleted} AND {differs}",
        }
        source = STEPS.format(events=events)
        yield from wrong_rows(events, source, problems, id="new.id", ledger="new.ledger_id")


def change_sets() -> Iterator[Finding]:
    """Events without their change set, and change sets without an event."""
    for tracked in TRACKED:
        _table, events, _columns = _names(tracked)
        problems = {
            _("is of a change set that is not there"): "change_set.id IS NULL",
            _("is of another time than its change set"): "change_set.at <> event.pgh_created_at",
        }
        yield from wrong_rows(
            events, BELONGING.format(events=events), problems, id="event.pgh_id", ledger="event.ledger_id"
        )
    table = ChangeSet._meta.db_table
    touched = " OR ".join(
        f"EXISTS (SELECT FROM {tracked.events._meta.db_table} AS event"
        f" WHERE event.ledger_id = {table}.ledger_id AND event.change_set_id = {table}.id)"
        for tracked in TRACKED
    )
    yield from wrong_rows(table, table, {_("changed nothing"): f"NOT ({touched})"})


def _names(tracked: Tracked) -> tuple[str, str, list[str]]:
    """The table, that of its events, and the columns that both have."""
    columns = [field.column for field in tracked.model._meta.concrete_fields]
    return tracked.model._meta.db_table, tracked.events._meta.db_table, columns


def _condition_of_version(tracked: Tracked) -> str:
    """On which change from ``old`` to ``new`` the version grows, as the trigger has it."""
    (trigger,) = (
        trigger
        for model, trigger in pgtrigger.registered()
        if model is tracked.model and trigger.name == "bump_version"
    )
    return trigger.condition.resolve(tracked.model)


def _list(columns: list[str], table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns)
