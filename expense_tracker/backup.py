"""Every row of the database in one file: what is in such a file, and writing it. ``restoring.py`` reads it.

The file is a ZIP: ``manifest.json`` and, for each table, its rows as PostgreSQL's COPY writes them. It has no
statements that make tables: those are the migrations', up to the ones that the manifest names.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from database.acting import NOBODY, acting_as

FORMAT, VERSION = "expense-tracker-backup", 1
MANIFEST = "manifest.json"
# Level 1 is three times as fast as zlib's usual 6, for a file that is a fifth larger.
COMPRESSION = {"compression": ZIP_DEFLATED, "compresslevel": 1}

CATALOGUE = """
SELECT relname::text,
       ARRAY(SELECT attname::text FROM pg_attribute
             WHERE attrelid = oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum),
       coalesce((SELECT string_agg(
                     quote_ident(attname) || CASE WHEN attcollation > 0 THEN ' COLLATE "C"' ELSE '' END,
                     ', ' ORDER BY position)
                 FROM pg_constraint, unnest(conkey) WITH ORDINALITY AS part (number, position), pg_attribute
                 WHERE conrelid = pg_class.oid AND contype = 'p' AND attrelid = conrelid AND attnum = number),
                'line::text COLLATE "C"')
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relowner = current_user::regrole
  AND relkind IN ('r', 'p') AND NOT relispartition
ORDER BY relname
"""
SEQUENCES = """
SELECT attname, pg_get_serial_sequence(quote_ident(relname), attname)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relname = %s AND attnum > 0 AND NOT attisdropped
  AND pg_get_serial_sequence(quote_ident(relname), attname) IS NOT NULL
"""
# However the server is set up, the same rows are the same text, and none is hidden.
PLAINLY = """
SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL row_security = off;
SELECT set_config(name, '0', true) FROM pg_settings
WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')
"""


class BackupError(Exception):
    """Why there is no backup, or none that can be restored: a sentence that says what to do."""


@dataclass(frozen=True)
class Table:
    """A table as the database has it. ``key`` is the SQL of an order that is the same on every server."""

    name: str
    columns: list[str]
    key: str

    def copy_out(self) -> sql.Composed:
        statement = "COPY (SELECT {} FROM {} AS line ORDER BY {}) TO STDOUT"
        return sql.SQL(statement).format(self._columns, sql.Identifier(self.name), sql.SQL(self.key))

    def copy_in(self) -> sql.Composed:
        return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.name), self._columns)

    @property
    def _columns(self) -> sql.Composed:
        return sql.SQL(", ").join(map(sql.Identifier, self.columns))


@dataclass(frozen=True)
class StoredTable:
    """A table as the file has it. ``sequences``: by column, the last number given and whether it was."""

    name: str
    columns: list[str]
    rows: int
    sha256: str
    sequences: dict[str, tuple[int, bool]]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. ``migrations`` has the names by app, ``made_at`` is in UTC."""

    made_at: str
    application: str
    postgresql: str
    migrations: dict[str, list[str]]
    tables: list[StoredTable]

    def rows_of(self, model) -> int:
        """How many rows of this model the backup has."""
        return sum(table.rows for table in self.tables if table.name == model._meta.db_table)


def write_backup(file: BinaryIO) -> Manifest:
    """Write all rows, as they are at one moment, into the file. Done by the owner, outside of a transaction.

    Needs memory for one row at a time. Raises OSError, Django's DatabaseError and BackupError.
    """
    with connection.cursor() as cursor:
        tables = own_tables(cursor)
        # Whoever acts would be told to PostgreSQL in a query before ours, which would fix the moment too early.
        with acting_as(NOBODY), transaction.atomic():
            _hold_still(cursor, tables)
            with ZipFile(file, "w", **COMPRESSION) as archive:
                manifest = Manifest(
                    made_at=timezone.now().isoformat(timespec="seconds"),
                    application=settings.SPECTACULAR_SETTINGS["VERSION"],
                    postgresql=_server_version(cursor),
                    migrations=_applied_migrations(),
                    tables=[_store(archive, cursor, table) for table in _lasting(tables)],
                )
                said = {"format": FORMAT, "version": VERSION} | asdict(manifest)
                archive.writestr(MANIFEST, json.dumps(said, indent=1))
    return manifest


def own_tables(cursor) -> list[Table]:
    """Every table of ours, by name. Whoever asks is the owner."""
    cursor.execute(CATALOGUE)
    return [Table(*row) for row in cursor.fetchall()]


def member_of(table: str) -> str:
    """The name of a table's rows in the ZIP."""
    return f"tables/{table}.copy"


def transient_tables() -> set[str]:
    """The tables that a backup leaves out: who is signed in, and what is only remembered to be quick."""
    used = (caches[alias] for alias in settings.CACHES)
    remembered = {cache._table for cache in used if isinstance(cache, BaseDatabaseCache)}
    return {Session._meta.db_table, UserSession._meta.db_table} | remembered


def unknown_migrations(names: dict[str, list[str]]) -> list[str]:
    """Those of these migrations, by app, that this version of the application does not have."""
    known = MigrationLoader(None).disk_migrations
    return [
        f"{app}.{name}" for app in sorted(names) for name in sorted(names[app]) if (app, name) not in known
    ]


def sequences_of(cursor, name: str) -> dict[str, str]:
    """The sequence that numbers each column of a table which has one, as SQL."""
    cursor.execute(SEQUENCES, [name])
    return dict(cursor.fetchall())


def rows_of(cursor, table: Table) -> Iterator[bytes]:
    """The rows as the file has them, in pieces of any size."""
    with connection.wrap_database_errors, cursor.copy(table.copy_out()) as rows:
        yield from rows


def _lasting(tables: list[Table]) -> list[Table]:
    transient = transient_tables()
    return [table for table in tables if table.name not in transient]


def _hold_still(cursor, tables: list[Table]):
    """See the rows as they are now until the transaction ends, and let nobody change the tables meanwhile.

    They are locked first: a table that is emptied or made anew after the moment of the snapshot looks empty in it.
    """
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    if not tables:
        raise BackupError(_("There is nothing to save: the database has no tables."))
    names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
    cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(names))
    cursor.execute(PLAINLY)
    if own_tables(cursor) != tables:
        raise BackupError(_("The tables were changed at this moment. Try again."))
    if others := _tables_of_others(tables):
        message = _(
            "These tables belong to another role of PostgreSQL and would be missing: %(names)s. "
            "Give them back with ALTER TABLE … OWNER TO, then try again."
        )
        raise BackupError(message % {"names": ", ".join(others)})


def _tables_of_others(own: list[Table]) -> list[str]:
    """Those that a backup has to have, and that are there, but are not the owner's."""
    needed = {*connection.introspection.django_table_names(), MigrationRecorder.Migration._meta.db_table}
    there = needed.intersection(connection.introspection.table_names())
    return sorted(there - transient_tables() - {table.name for table in own})


def _store(archive: ZipFile, cursor, table: Table) -> StoredTable:
    digest = sha256()
    with archive.open(member_of(table.name), "w", force_zip64=True) as member:
        for piece in rows_of(cursor, table):
            digest.update(piece)
            member.write(piece)
    rows = cursor.rowcount
    sequences = {
        column: _state(cursor, sequence) for column, sequence in sequences_of(cursor, table.name).items()
    }
    return StoredTable(table.name, table.columns, rows, digest.hexdigest(), sequences)


def _state(cursor, sequence: str) -> tuple[int, bool]:
    cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
    return cursor.fetchone()


def _server_version(cursor) -> str:
    cursor.execute("SHOW server_version")
    return cursor.fetchone()[0]


def _applied_migrations() -> dict[str, list[str]]:
    names = defaultdict(list)
    for app, name in MigrationRecorder(connection).applied_migrations():
        names[app].append(name)
    if unknown := unknown_migrations(names):
        message = _(
            "The database was changed by a version that is not this one: %(names)s. Back up with that one."
        )
        raise BackupError(message % {"names": ", ".join(unknown)})
    return {app: sorted(names[app]) for app in sorted(names)}
