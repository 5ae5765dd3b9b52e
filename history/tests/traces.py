"""What was really changed in all ledgers, by plain SQL, beside what history has of it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

from database.acting import acting_as, current
from history.models import TRACKED, ChangeSet, Tracked
from ledgers.models import Ledger

Change = tuple[str, str, int, tuple]  # kind, insert or update or delete, ledger, the row itself


@dataclass
class Trace:
    """``changes`` is what happened, ``events`` what history says, both sorted; ``change_sets`` are the new ones."""

    changes: list[Change] = field(default_factory=list)
    events: list[Change] = field(default_factory=list)
    change_sets: list[ChangeSet] = field(default_factory=list)
    joined: list[tuple[int, int]] = field(default_factory=list)

    @property
    def counts(self) -> Counter:
        """How many rows of which kind were inserted, updated and deleted, for example ``{"expense insert": 2}``."""
        return Counter(f"{kind} {label}" for kind, label, _ledger, _row in self.changes)

    @property
    def said(self) -> list[tuple]:
        """Ledger, person, name, way and act of each new change set."""
        return [(each.ledger_id, each.user_id, each.who, each.via, each.act) for each in self.change_sets]

    def check(self):
        """Each changed row has exactly one event, with its content, and each ledger's are in one change set of it."""
        assert self.events == self.changes
        assert {ledger for _kind, _label, ledger, _row in self.events} == {
            ledger for ledger, _set in self.joined
        }
        assert sorted(set(self.joined)) == sorted((each.ledger_id, each.pk) for each in self.change_sets)


@contextmanager
def traced() -> Iterator[Trace]:
    """What happens inside the block; filled and checked at its end."""
    before, last = _rows(), _last_events()
    change_set = ChangeSet.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    trace = Trace()
    with acting_as(current()):  # begins anew within the transaction of a test
        yield trace
    trace.changes = sorted(_differences(before, _rows()))
    for tracked in TRACKED:
        for *event, joined in _events(tracked, last[tracked]):
            trace.events.append(tuple(event))
            trace.joined.append((event[2], joined))
    trace.events.sort()
    trace.change_sets = list(ChangeSet.objects.filter(pk__gt=change_set).order_by("pk"))
    trace.check()


def _differences(before: dict, after: dict) -> Iterator[Change]:
    for (kind, ledger, pk), row in (before | after).items():
        was, became = before.get((kind, ledger, pk)), after.get((kind, ledger, pk))
        if was != became:
            label = "insert" if was is None else "delete" if became is None else "update"
            yield kind, label, ledger, row


def _columns(tracked: Tracked) -> list[str]:
    return [
        "id",
        *sorted(field.column for field in tracked.model._meta.concrete_fields if field.name != "id"),
    ]


def _select(columns: list[str], table: str, more="") -> list[tuple]:
    texts = ", ".join(f"{column}::text" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {texts} FROM {table} {more}")
        return [tuple(value or "" for value in row) for row in cursor.fetchall()]


def _rows() -> dict[tuple[str, int, int], tuple]:
    found = {}
    for tracked in TRACKED:
        ledger = "id" if tracked.model is Ledger else "ledger_id"
        for of, *row in _select([ledger, *_columns(tracked)], tracked.model._meta.db_table):
            found[tracked.name, int(of), int(row[0])] = tuple(row)
    return found


def _events(tracked: Tracked, after: int) -> Iterator[tuple]:
    columns = ["pgh_label", "ledger_id", "change_set_id", *_columns(tracked)]
    table, more = tracked.events._meta.db_table, f"WHERE pgh_id > {after}"
    for label, ledger, change_set, *row in _select(columns, table, more):
        yield tracked.name, label, int(ledger), tuple(row), int(change_set)


def _last_events() -> dict[Tracked, int]:
    return {
        tracked: tracked.events.objects.order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0
        for tracked in TRACKED
    }
