"""Rows that could not be there if every constraint had always held. Each kind is looked for in all tables.

Which constraints there should be is asked of the models (``blueprint.py``) and not of the tables, which may have
lost theirs.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from database import blueprint

MOST_NAMED = 5
COUNT = """
SELECT ledger::text, problem, count(DISTINCT id), (array_agg(DISTINCT id ORDER BY id))[:{most}]
FROM (SELECT {id} AS id, {ledger} AS ledger, CASE {cases} END AS problem FROM {source}) AS looked_at
WHERE problem IS NOT NULL GROUP BY looked_at.ledger, problem ORDER BY looked_at.ledger, problem
"""
FOREIGN_KEY = re.compile(r"FOREIGN KEY \((?P<columns>.+?)\) REFERENCES (?P<table>.+?)\((?P<targets>.+?)\)")
UNIQUE = re.compile(r"UNIQUE .+? USING btree \((?P<keys>.+?)\)(?: WHERE (?P<condition>.+))?")
TWINS = """
(SELECT {id} AS id, {ledger} AS ledger, count(*) OVER (PARTITION BY {keys}) AS copies FROM {table} WHERE {given})
AS counted
"""
BEHIND = """
SELECT max({id}) > coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass), 0) FROM {table}
"""


@dataclass(frozen=True)
class Finding:
    """What is wrong with a table, a part of it, or ``count`` of its rows, of which ``ids`` are the first."""

    problem: str
    table: str = ""
    part: str = ""
    ledger: str = ""
    ids: tuple[str, ...] = ()
    count: int = 0

    def __str__(self):
        ledger = _("ledger %(id)s") % {"id": self.ledger} if self.ledger else ""
        where = ", ".join(filter(None, (self.table, self.part, ledger)))
        said = f"{where}: {self.problem}" if where else self.problem
        return f"{said}: {self._named}" if self.ids else said

    @property
    def _named(self) -> str:
        named, rest = ", ".join(self.ids), self.count - len(self.ids)
        return _("%(named)s and %(rest)d more") % {"named": named, "rest": rest} if rest else named


def wrong_rows(
    table: str, source: str, problems: Mapping[str | Promise, str], **keys: str
) -> Iterator[Finding]:
    """The rows that one of the conditions finds, by ledger. ``problems`` maps what to say to a condition in SQL.

    ``source`` is what stands behind FROM. ``id`` and ``ledger`` are where it has the ids of row and ledger.
    """
    messages = list(problems)
    cases = (f"WHEN {problems[message]} THEN {number}" for number, message in enumerate(messages))
    statement = COUNT.format(source=source, cases=" ".join(cases), most=MOST_NAMED, **_keys(table) | keys)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall()
    for ledger, number, count, ids in rows:
        yield Finding(str(messages[number]), table, "", ledger or "", tuple(map(str, ids)), count)


def constraints() -> Iterator[Finding]:
    """Rows that a check constraint forbids."""
    forbidden = defaultdict(dict)
    for part in blueprint.expected():
        if part.kind == "constraint" and part.definition.startswith("CHECK "):
            problem = _("breaks the constraint %(name)s") % {"name": part.name}
            forbidden[part.table][problem] = f"NOT {part.definition.removeprefix('CHECK ')}"
    for table, problems in forbidden.items():
        yield from wrong_rows(table, table, problems)


def twins() -> Iterator[Finding]:
    """Rows that are the same in what only one of them may have. No two have one ``id``, whatever their ledgers."""
    for part in blueprint.expected():
        if part.kind != "index" or not (unique := UNIQUE.fullmatch(part.definition)):
            continue
        keys = unique["keys"]
        model = _models()[part.table]
        if keys == f"ledger_id, {model._meta.pk.column}":
            keys = model._meta.pk.column
        given = f"ROW({keys}) IS NOT NULL AND {unique['condition'] or 'true'}"
        source = TWINS.format(table=part.table, keys=keys, given=given, **_keys(part.table))
        problem = _("has the same %(columns)s as another") % {"columns": keys}
        yield from wrong_rows(part.table, source, {problem: "copies > 1"}, id="id", ledger="ledger")


def references() -> Iterator[Finding]:
    """Rows that refer to something that is not there, or that is in another ledger."""
    for part in blueprint.expected():
        if part.kind == "constraint" and (key := FOREIGN_KEY.match(part.definition)):
            columns, targets = key["columns"].split(", "), key["targets"].split(", ")
            same = " AND ".join(
                f"target.{target} = {part.table}.{column}"
                for column, target in zip(columns, targets, strict=True)
            )
            given = " AND ".join(f"{part.table}.{column} IS NOT NULL" for column in columns)
            problem = _("refers by %(columns)s to what is not there") % {"columns": key["columns"]}
            source = f"{part.table} LEFT JOIN {key['table']} AS target ON {same}"
            yield from wrong_rows(part.table, source, {problem: f"{given} AND target.{targets[0]} IS NULL"})


def numbers() -> Iterator[Finding]:
    """Tables in which new rows would get the numbers of rows that are there: they were filled by a restore."""
    for table, model in _models().items():
        if isinstance(model._meta.pk, models.AutoField | models.BigAutoField):
            column = model._meta.pk.column
            with connection.cursor() as cursor:
                cursor.execute(BEHIND.format(id=column, table=table), [table, column])
                (is_behind,) = cursor.fetchone()
            if is_behind:
                yield Finding(_("would give new rows a number that is taken"), table)


def _models() -> dict[str, type[models.Model]]:
    every_one = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in every_one if model._meta.managed}


def _keys(table: str) -> dict[str, str]:
    """Where the ids of row and ledger are."""
    model = _models()[table]
    ledger = f"{table}.ledger_id" if hasattr(model, "ledger_id") else "NULL"
    return {"id": f"{table}.{model._meta.pk.column}", "ledger": ledger}
