"""What the models and migrations say the database should have, beside what it has.

PostgreSQL itself reads the models: they are made once more, as temporary tables that are gone again at once. So
both sides come out of the same catalogues, in the same words, and nothing about any table is written down twice.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import pgtrigger
from django.apps import apps
from django.db import connection, transaction
from django.db.migrations import RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

# A part is one line: its table (or function), kind, name and definition. Names of constraints and indexes are in no
# definition: what they do counts. A key is only as good as the triggers by which PostgreSQL keeps it.
PARTS = r"""
WITH tables AS (SELECT * FROM pg_class WHERE relnamespace = {schema} AND relkind IN ('r', 'p'))
SELECT relname, 'table', relname, format('row security %s, forced %s', relrowsecurity, relforcerowsecurity)
FROM tables
UNION ALL
SELECT relname, 'column', attname, concat_ws(
    ' ', attname, CASE attidentity WHEN '' THEN format_type(atttypid, atttypmod) END, attnotnull, attidentity,
    pg_get_expr(adbin, adrelid)
)
FROM tables JOIN pg_attribute ON attrelid = tables.oid
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT relname, 'constraint', conname, concat_ws(
    ' ', pg_get_constraintdef(pg_constraint.oid),
    (SELECT 'with a disabled trigger' FROM pg_trigger
     WHERE tgconstraint = pg_constraint.oid AND tgenabled <> 'O' LIMIT 1)
)
FROM tables JOIN pg_constraint ON conrelid = tables.oid
WHERE contype <> 'n'
UNION ALL
SELECT tables.relname, 'index', indexes.relname, concat_ws(
    ' ', CASE WHEN indisunique THEN 'UNIQUE' END,
    regexp_replace(pg_get_indexdef(indexrelid), '^.*? ON ', ''),
    CASE WHEN NOT (indisvalid AND indisready AND indislive) THEN 'invalid' END
)
FROM tables JOIN pg_index ON indrelid = tables.oid JOIN pg_class AS indexes ON indexes.oid = indexrelid
UNION ALL
SELECT relname, 'trigger', tgname, concat_ws(
    E'\n', pg_get_triggerdef(pg_trigger.oid), tgenabled, pg_get_functiondef(tgfoid)
)
FROM tables JOIN pg_trigger ON tgrelid = tables.oid
WHERE NOT tgisinternal
UNION ALL
SELECT relname, 'policy', polname, concat_ws(
    E'\n', polname, polcmd, polpermissive, polroles,
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
)
FROM tables JOIN pg_policy ON polrelid = tables.oid
UNION ALL
SELECT '', 'function', proname, pg_get_functiondef(oid)
FROM pg_proc
WHERE pronamespace = {schema} AND prorettype <> 'trigger'::regtype AND prokind = 'f'
"""
# One more of these changes what is let through. More columns, indexes or functions do no harm.
NONE_BESIDES = ("trigger", "policy")
CREATES_FUNCTION = re.compile(r"\s*CREATE (?:OR REPLACE )?FUNCTION", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Something that belongs to a table, or a function (of no table). ``definition`` is PostgreSQL's own."""

    table: str
    kind: str
    name: str
    definition: str

    @property
    def label(self) -> tuple[str, str, str]:
        return self.table, self.kind, self.name

    @property
    def sameness(self) -> tuple[str, str, str]:
        return self.table, self.kind, self.definition


@contextmanager
def drawn() -> Iterator[None]:
    """Inside the block the search path leads to tables as the models want them; afterwards they are gone.

    Needs a transaction, and the right to make temporary tables, which the owner of the database has.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_temp, public; SET LOCAL check_function_bodies = off")
        for statement in _functions():
            cursor.execute(statement)
        with connection.schema_editor() as editor:
            for model in _from_the_ground():
                if model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
        for model, trigger in pgtrigger.registered():
            sql = trigger.compile(model).sql
            cursor.execute(str(type(sql)(**sql.kwargs | {"execute": f"pg_temp.{sql.pgid}()"})))
        yield
        transaction.set_rollback(True)


def _from_the_ground() -> Iterator[type[Model]]:
    """All models, those of lower layers first: a composite key has to be there before what refers to it."""
    for app in reversed(list(apps.get_app_configs())):
        yield from app.get_models()


@cache
def expected() -> list[Part]:
    """All parts that the models and the migrations ask for. Needs what ``drawn`` needs, the first time."""
    with drawn():
        return _parts("pg_my_temp_schema()")


def differences() -> tuple[list[Part], list[Part]]:
    """What is missing or other than it should be, and what should not be there."""
    wanted, found = expected(), _parts("'public'::regnamespace")
    missing = _without(wanted, {part.sameness for part in found})
    more = _without(found, {part.sameness for part in wanted})
    tables, named = {part.table for part in wanted}, {part.label for part in missing}
    return missing, [
        part
        for part in more
        if part.kind in NONE_BESIDES and part.table in tables and part.label not in named
    ]


def _parts(schema: str) -> list[Part]:
    """All parts of a schema, which is given as SQL for its oid."""
    with connection.cursor() as cursor:
        cursor.execute(PARTS.replace("{schema}", schema))
        rows = cursor.fetchall()
    return sorted((Part(*row[:3], _plain(row[3])) for row in rows), key=lambda part: part.sameness)


def _without(parts: list[Part], known: set) -> list[Part]:
    return [part for part in parts if part.sameness not in known]


def _functions() -> Iterator[str]:
    """The statements of the migrations that make functions, in their order."""
    executor = MigrationExecutor(connection)
    every_one = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    for migration, _backwards in every_one:
        for operation in migration.operations:
            if isinstance(operation, RunSQL) and CREATES_FUNCTION.match(str(operation.sql)):
                yield operation.sql


def _plain(definition: str) -> str:
    """Without the schema, by which alone the two sides differ."""
    return re.sub(r"\b(pg_temp(_\d+)?|public)\.", "", definition)
