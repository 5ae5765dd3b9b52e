"""Triggers that tables share. None of them can be switched off by a setting of the session.

pgtrigger's own can: history could be skipped, and to ask for the setting costs 0.2 ms for each row.
"""

from collections.abc import Sequence

import pghistory
import pghistory.trigger
import pgtrigger
from pgtrigger import compiler


class TriggerSql(compiler.UpsertTriggerSql):
    """pgtrigger's statement without that setting."""

    def get_template(self):
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER LANGUAGE plpgsql AS $$
                {declare} BEGIN {func} END
            $$;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid} {when} {operation} ON {table} {timing} {referencing}
                FOR EACH {level} {condition} EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class ByIndexSql(TriggerSql):
    """Its function finds rows by an index.

    The plan that a function makes when it is first called stays that of the connection. One made while a table is
    next to empty would read all of it for each row, and go on to do so while thousands are imported.
    """

    def get_template(self):
        return super().get_template().replace("LANGUAGE plpgsql", "LANGUAGE plpgsql SET enable_seqscan = off")


class AlwaysFires:
    """Beside a trigger of pgtrigger: nobody can skip it."""

    sql_class = TriggerSql

    def compile(self, model):
        return compiler.Trigger(name=self.name, sql=self.sql_class(**super().compile(model).sql.kwargs))


class Trigger(AlwaysFires, pgtrigger.Trigger):
    pass


class ByIndex(Trigger):
    sql_class = ByIndexSql


class Protect(AlwaysFires, pgtrigger.Protect):
    pass


class ReadOnly(AlwaysFires, pgtrigger.ReadOnly):
    pass


class EventTrigger(AlwaysFires, pghistory.trigger.Event):
    pass


class Recorded:
    """Beside one of pghistory's events: the trigger that writes them always fires."""

    def add_event_trigger(self, event_model):
        trigger = EventTrigger(
            event_model=event_model,
            label=self.label,
            name=self.label,
            row=self.row,
            operation=self.operation,
            condition=self.condition,
        )
        pgtrigger.register(trigger)(event_model.pgh_tracked_model)


class InsertEvent(Recorded, pghistory.InsertEvent):
    pass


class UpdateEvent(Recorded, pghistory.UpdateEvent):
    pass


class DeleteEvent(Recorded, pghistory.DeleteEvent):
    pass


def append_only() -> pgtrigger.Trigger:
    """Rows are added, and then neither changed nor deleted."""
    return Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def stays_itself(*fields: str) -> pgtrigger.Trigger:
    """A row keeps its ``id`` and its ledger, because its history is found by both, and these ``fields``."""
    return ReadOnly(name="stays_itself", fields=["id", "ledger", *fields])


def bump_version(ignoring: Sequence[str] = ()) -> pgtrigger.Trigger:
    """``version`` grows by one and ``updated_at`` moves with every change of a row, whoever writes it.

    Needs the columns ``version`` and ``updated_at``. A write that changes nothing, or only fields named in
    ``ignoring``, counts as no change.
    """
    return Trigger(
        name="bump_version",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.AnyChange(exclude=["version", "updated_at", *ignoring]),
        func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
    )
