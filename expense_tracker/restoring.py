"""Bringing back what a backup holds (``backup.py``): all of it and exactly it, or nothing is changed."""

import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _
from psycopg import sql

from expense_tracker.backup import (
    FORMAT,
    MANIFEST,
    PLAINLY,
    VERSION,
    BackupError,
    Manifest,
    StoredTable,
    Table,
    member_of,
    own_tables,
    rows_of,
    sequences_of,
    transient_tables,
    unknown_migrations,
)
from expense_tracker.starting import PREPARING
from ledgers.models import Ledger
from users.models import User

PIECE = 1 << 20  # bytes
ZIP_BEGINS = b"PK\x03\x04"
# Requests of the web end within 10 seconds, or 15 when they wait. Undoing much may take 120: whoever restores
# meanwhile is told to stop the server.
PATIENCE = "20s"
DAMAGE = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)

ROUTINES = """
SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
"""
VIEWS = """
SELECT quote_ident(relname) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relowner = current_user::regrole
  AND relkind = 'v' AND relname = ANY (%s)
"""
FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(pg_constraint.oid)
FROM pg_constraint JOIN pg_class ON conrelid = pg_class.oid
WHERE contype = 'f' AND conparentid = 0
  AND relnamespace = 'public'::regnamespace AND relowner = current_user::regrole
"""


@contextmanager
def opened_backup(file: Path) -> Iterator[tuple[ZipFile, Manifest]]:
    """The backup and what it says of itself, if every byte of it is as it was written.

    Raises OSError, and BackupError for a file that is damaged, not ours, or too new for us.
    """
    with open(file, "rb") as content:
        if content.read(len(ZIP_BEGINS)) != ZIP_BEGINS:
            raise BackupError(_("%(file)s is not a backup of this application.") % {"file": file})
        try:
            archive = ZipFile(content)
            manifest = _manifest(archive, file)
            whole = all(_digest(_pieces(archive, table)) == table.sha256 for table in manifest.tables)
        except DAMAGE as error:
            raise BackupError(_("%(file)s is damaged: %(why)s") % {"file": file, "why": error}) from error
        if not whole:
            message = _("%(file)s is damaged: its rows are not those that were saved.")
            raise BackupError(message % {"file": file})
        yield archive, manifest


def restore(archive: ZipFile, manifest: Manifest, replace: bool) -> list[str]:
    """Make the database what the backup says, brought up to date. Done by the owner, outside of a transaction.

    Returns the names of tables that were left out because no migration makes them. ``replace`` allows that there
    are people or ledgers already: they are gone then. Everything happens in one transaction. Raises Django's
    DatabaseError and BackupError, and then the database is as it was.
    """
    if unknown := unknown_migrations(manifest.migrations):
        message = _("The backup is from a newer version of the application, which has also: %(names)s.")
        raise BackupError(message % {"names": ", ".join(unknown)})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAINLY)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PREPARING])
        # What a migration leaves to be checked at the end would keep the next one from changing the table.
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'; SET CONSTRAINTS ALL IMMEDIATE")
        executor = MigrationExecutor(connection)
        targets = _last_of_each_app(manifest.migrations, executor.loader.disk_migrations)
        _clear(cursor, replace, known=_tables_of(executor.loader.project_state(targets).apps))
        executor = MigrationExecutor(connection)
        executor.migrate(targets)
        made = {table.name for table in own_tables(cursor)}
        _load(cursor, archive, [table for table in manifest.tables if table.name in made])
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    return [table.name for table in manifest.tables if table.name not in made]


def _manifest(archive: ZipFile, file: Path) -> Manifest:
    """What the file says of itself. Raises BackupError, and one of DAMAGE."""
    if MANIFEST not in archive.namelist():
        raise BackupError(_("%(file)s is not a backup of this application.") % {"file": file})
    said = json.loads(archive.read(MANIFEST))
    if said.pop("format") != FORMAT:
        raise BackupError(_("%(file)s is not a backup of this application.") % {"file": file})
    if said.pop("version") > VERSION:
        raise BackupError(
            _("%(file)s was made by a newer version of this application: restore it with that one.")
            % {"file": file}
        )
    return Manifest(**said | {"tables": [StoredTable(**table) for table in said["tables"]]})


def _pieces(archive: ZipFile, table: StoredTable) -> Iterator[bytes]:
    with archive.open(member_of(table.name)) as member:
        while piece := member.read(PIECE):
            yield piece


def _digest(pieces: Iterator[bytes]) -> str:
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _last_of_each_app(names: dict[str, list[str]], known: dict) -> list[tuple[str, str]]:
    """The migrations that no other one of the same app builds on."""
    applied = {(app, name) for app in names for name in names[app]}
    earlier = {(app, name) for node in applied for app, name in known[node].dependencies if app == node[0]}
    return sorted(applied - earlier)


def _tables_of(registry) -> set[str]:
    models = registry.get_models(include_auto_created=True, include_swapped=True)
    return {model._meta.db_table for model in models}


def _clear(cursor, replace: bool, known: set[str]):
    """Drop our tables and functions. Raises BackupError where there are rows and we were not told to replace them."""
    tables = {table.name for table in own_tables(cursor)}
    bookkeeping = {MigrationRecorder.Migration._meta.db_table} | transient_tables()
    if strangers := tables - known - _tables_of(apps) - bookkeeping:
        message = _(
            "The database has tables that this version of the application does not know: %(names)s. Restore into a"
            " new database, or drop them first."
        )
        raise BackupError(message % {"names": ", ".join(sorted(strangers))})
    if tables:
        names = sql.SQL(", ").join(map(sql.Identifier, sorted(tables)))
        # All at once: who waits for one while holding another could block somebody who does the same.
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
        if not replace and _has_rows(cursor, tables):
            raise BackupError(
                _(
                    "There are people or ledgers in the database already. To lose them for the backup, add --replace."
                )
            )
        cursor.execute(VIEWS, [list(known | _tables_of(apps))])
        for (view,) in cursor.fetchall():
            cursor.execute(f"DROP VIEW {view}")
        cursor.execute(sql.SQL("DROP TABLE {}").format(names))
    cursor.execute(ROUTINES)
    [(routines,)] = cursor.fetchall()
    if routines:
        cursor.execute(f"DROP ROUTINE {routines}")


def _has_rows(cursor, tables: set[str]) -> bool:
    there = tables & {User._meta.db_table, Ledger._meta.db_table}
    queries = [sql.SQL("EXISTS (SELECT FROM {})").format(sql.Identifier(name)) for name in there]
    cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(" OR ").join([sql.SQL("false"), *queries])))
    return cursor.fetchone()[0]


def _load(cursor, archive: ZipFile, stored: list[StoredTable]):
    """Fill the tables, as the migrations have made them, with exactly these rows. No trigger notices."""
    tables = {table.name: table for table in own_tables(cursor)}
    with _without_foreign_keys(cursor), _without_triggers(cursor, tables):
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        for table in stored:
            ours = Table(table.name, table.columns, tables[table.name].key)
            _fill(cursor, ours, _pieces(archive, table))
            _number(cursor, table)
            if _digest(rows_of(cursor, ours)) != table.sha256:
                message = _("The rows of %(table)s came out of the database other than they went in.")
                raise BackupError(message % {"table": table.name})


def _fill(cursor, table: Table, pieces: Iterator[bytes]):
    with connection.wrap_database_errors, cursor.copy(table.copy_in()) as rows:
        for piece in pieces:
            rows.write(piece)


def _number(cursor, table: StoredTable):
    """Let the next row have the number it would have had."""
    for column, sequence in sequences_of(cursor, table.name).items():
        cursor.execute("SELECT setval(%s, %s, %s)", [sequence, *table.sequences[column]])


@contextmanager
def _without_foreign_keys(cursor):
    """Filling tables in any order; at the end they are checked all at once, which takes a fraction of the time."""
    cursor.execute(FOREIGN_KEYS)
    keys = cursor.fetchall()
    for table, name, _definition in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


@contextmanager
def _without_triggers(cursor, tables: Iterable[str]):
    _alter_each(cursor, tables, "DISABLE TRIGGER USER")
    yield
    _alter_each(cursor, tables, "ENABLE TRIGGER USER")


def _alter_each(cursor, tables: Iterable[str], how: str):
    for name in tables:
        cursor.execute(sql.SQL("ALTER TABLE {} " + how).format(sql.Identifier(name)))
