"""A backup comes back exactly, from older versions too; a bad one, or one over data, changes nothing."""

import json
import random
import shutil
import sys
import tempfile
import time
from contextlib import closing
from io import StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from analytics.models import Rollup
from database.acting import acting_as, operator, person
from database.cluster import PORT, Cluster
from expense_tracker import restoring
from expense_tracker.backup import BackupError
from expense_tracker.tests.backups.databases import fingerprint, new_database, schema, sequences, working_with
from expenses.models import Expense
from expenses.tests.factories import make_user
from history.tests.verifying.corrupting import found_by
from ledgers.models import Ledger
from users.models import User

BEFORE_TOTALS, BEFORE_KEYS = "0005_history_of_accounts", "0003_row_security"
# By columns, since these two.
GROWN = (
    *("api_submission", "expenses_category", "expenses_expense"),
    *("history_categoryevent", "history_expenseevent"),
)


def restored(file, **options) -> str:
    out = StringIO()
    call_command("restore", file, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def another_server():
    """Django works with an empty server of its own."""
    # Not tmp_path: as root, PostgreSQL runs as somebody who may not enter that.
    home = Path(tempfile.mkdtemp(prefix="restoring-tests-"))
    home.chmod(0o755)
    cluster = Cluster(home / "postgres").ensure()
    where = {"HOST": str(cluster.socket_folder), "PORT": PORT, "USER": "postgres", "WEB": {}}
    try:
        with working_with("expenses", **where):
            yield
    finally:
        cluster.stop()
        shutil.rmtree(home)


@pytest.fixture
def forge(saved, tmp_path):
    """``forge(change)`` is a backup like the saved one, with the members that ``change`` was given as a dict."""

    def rewrite(change) -> Path:
        with ZipFile(saved.file) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        change(members)
        with ZipFile(tmp_path / "forged.backup", "w", ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return tmp_path / "forged.backup"

    return rewrite


def manifest_with(**values):
    def change(members):
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | values).encode()

    return change


@pytest.mark.torture
def test_an_empty_server_becomes_what_was_saved(saved, another_server):
    begin = time.perf_counter()
    said = restored(saved.file)
    sys.stdout.write(f"{time.perf_counter() - begin:.1f} seconds: {said}")
    assert fingerprint() == saved.rows
    assert saved.rows["analytics_rollup"][0] > 0
    assert sequences() == saved.sequences
    assert schema() == saved.schema


@pytest.fixture
def older(saved, tmp_path):
    """The backup of an older version, from before totals were kept, and the rows in it."""
    with new_database("older", saved.database) as name, working_with(name):
        with connection.owner():
            MigrationExecutor(connection).migrate([("expenses", BEFORE_TOTALS), ("api", BEFORE_KEYS)])
        call_command("backup", tmp_path / "old.backup", stdout=StringIO())
        return tmp_path / "old.backup", fingerprint()


@pytest.mark.catalogue(65)
def test_a_backup_of_an_older_version_is_brought_up_to_date(older, copy):
    file, before = older
    with connection.owner():
        make_user("someone who came later")
    restored(file, replace=True)
    after = fingerprint()
    assert after["api_idempotencykey"][0] == 0
    changed = {name for name in before if before[name] != after[name]}
    # Columns were added to these, and the migrations that did it to the table of those.
    assert changed == {*GROWN, "django_migrations"}
    assert all(after[name][0] == before[name][0] > 0 for name in GROWN)
    with connection.owner():
        assert found_by("totals") == []
        assert Rollup.objects.filter(unit="month").exists()


def test_data_is_not_lost_unless_told(copy, saved):
    with connection.owner():
        Expense.objects.all().delete()
        make_user("charlie")
    before = fingerprint()
    with pytest.raises(CommandError, match=r"already.*--replace"):
        restored(saved.file)
    assert fingerprint() == before
    # Somebody whose connection was open all the time goes on with the restored rows.
    with closing(connections["default"].copy()) as web, acting_as(operator("tests")):
        web.is_pooled = False
        assert count_as(web, "users_user") == before["users_user"][0]
        assert "ledgers: 2" in restored(saved.file, replace=True)
        assert count_as(web, "users_user") == saved.rows["users_user"][0]
    assert fingerprint() == saved.rows
    with acting_as(person(User.objects.get(username="bob"))), transaction.atomic():
        assert {ledger.name for ledger in Ledger.objects.all()} == {"Home", "日本"}


def count_as(web, table) -> int:
    with web.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_rows_that_refer_to_nothing_are_refused_and_nothing_is_changed(copy, forge):
    def without_ledgers(members):
        said = json.loads(members["manifest.json"])
        [ledgers] = [table for table in said["tables"] if table["name"] == "ledgers_ledger"]
        members["tables/ledgers_ledger.copy"] = b""
        ledgers["sha256"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        members["manifest.json"] = json.dumps(said).encode()

    before = fingerprint(), schema()
    with pytest.raises(CommandError, match=r"Nothing was changed.*foreign key"):
        restored(forge(without_ledgers), replace=True)
    assert (fingerprint(), schema()) == before


@pytest.mark.parametrize("disaster", ["SELECT 1 / 0", "SELECT pg_terminate_backend(pg_backend_pid())"])
def test_a_restore_that_breaks_off_changes_nothing(copy, saved, monkeypatch, disaster):
    def break_off(executor, targets):
        connection.cursor().execute(disaster)

    before = fingerprint(), schema()
    monkeypatch.setattr(MigrationExecutor, "migrate", break_off)
    with pytest.raises(CommandError, match="Nothing was changed"):
        restored(saved.file, replace=True)
    assert (fingerprint(), schema()) == before


def test_somebody_who_works_is_not_waited_for_for_ever(copy, saved, monkeypatch):
    monkeypatch.setattr(restoring, "PATIENCE", "50ms")
    before = fingerprint()
    with closing(connections["default"].copy()) as other, other.owner():
        other.cursor().execute("BEGIN; SELECT count(*) FROM users_user")
        with pytest.raises(CommandError, match="stop the server"):
            restored(saved.file, replace=True)
    assert fingerprint() == before


def test_tables_of_others_are_not_dropped(copy, saved):
    with connection.owner():
        connection.cursor().execute("CREATE TABLE of_others AS SELECT 1 AS one")
    with pytest.raises(CommandError, match="does not know: of_others"):
        restored(saved.file, replace=True)


FILES = {
    "text": (lambda whole: b"date,amount\n", "not a backup of this application"),
    "empty": (lambda whole: b"", "not a backup of this application"),
    "first half": (lambda whole: whole[: len(whole) // 2], "is damaged"),
    "without its last byte": (lambda whole: whole[:-1], "is damaged"),
}
FORGERIES = {
    "zip": (lambda members: members.pop("manifest.json"), "not a backup of this application"),
    "other format": (manifest_with(format="holiday"), "not a backup of this application"),
    "newer format": (manifest_with(version=2), "newer version of this application"),
    "newer version": (manifest_with(migrations={"expenses": ["9999_tags"]}), r"newer.*expenses\.9999_tags"),
    "no tables": (manifest_with(tables=None), "is damaged"),
    "table left out": (lambda members: members.pop("tables/users_user.copy"), "is damaged"),
    "other rows": (
        lambda members: members.update({"tables/users_user.copy": b"1\tmallory\n"}),
        "its rows are not those that were saved",
    ),
}


@pytest.mark.parametrize(("damage", "message"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_backup_is_refused(saved, tmp_path, damage, message):
    file = tmp_path / "bad.backup"
    file.write_bytes(damage(saved.file.read_bytes()))
    with pytest.raises(CommandError, match=message):
        restored(file)


@pytest.mark.parametrize(("change", "message"), FORGERIES.values(), ids=FORGERIES)
def test_a_backup_with_something_else_in_it_is_refused(empty, forge, change, message):
    with pytest.raises(CommandError, match=message):
        restored(forge(change))
    assert fingerprint() == {}


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(CommandError, match=r"none\.backup cannot be read: No such file"):
        restored(tmp_path / "none.backup")


def only_small_tables(members):
    said = json.loads(members["manifest.json"])
    said["tables"] = [table for table in said["tables"] if table["rows"] < 200]
    kept = {f"tables/{table['name']}.copy" for table in said["tables"]}
    for name in set(members) - kept:
        del members[name]
    members["manifest.json"] = json.dumps(said).encode()


@pytest.mark.torture
def test_no_damaged_byte_goes_unnoticed(forge, tmp_path, scale):
    """Or it is one that means nothing, such as the date of a member, and all rows are those that were saved."""
    good, file, chance = forge(only_small_tables), tmp_path / "bad.backup", random.Random(1)
    with restoring.opened_backup(good) as (_archive, manifest):
        assert len(manifest.tables) > 15
    whole, refused = good.read_bytes(), 0
    for _attempt in range(attempts := scale(60, 20_000)):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        try:
            with restoring.opened_backup(file) as (_archive, found):
                assert found == manifest
        except BackupError:
            refused += 1
    sys.stdout.write(f"{attempts} files with one bit changed, {refused} refused\n")
    assert refused > attempts / 2
