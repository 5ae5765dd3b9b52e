"""A backup has every row of one moment, is there whole or not at all, and only its owner may read it."""

import json
import re
import resource
import stat
import sys
import tracemalloc
from contextlib import contextmanager
from io import StringIO
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from expense_tracker import backup
from expense_tracker.backup import own_tables, rows_of
from expense_tracker.tests.backups.databases import NOT_SAVED, fingerprint
from expenses.models import Expense


def saved_in(file) -> dict:
    with ZipFile(file) as archive:
        return json.loads(archive.read("manifest.json"))


def rows_in(file) -> dict[str, int]:
    return {table["name"]: table["rows"] for table in saved_in(file)["tables"]}


def test_has_every_row_of_every_table_but_the_transient(saved):
    assert rows_in(saved.file) == {name: rows for name, (rows, _hash) in saved.rows.items()}
    assert min(saved.rows[name][0] for name in ("history_changeset", "api_token", "mfa_authenticator")) > 0


def test_nobody_is_signed_in_by_a_backup(saved):
    with ZipFile(saved.file) as archive:
        names = archive.namelist()
    assert [name for name in names if any(table in name for table in NOT_SAVED)] == []


def test_says_what_it_saved_and_what_to_take_care_of(saved):
    numbers = re.search(r"ledgers: (\d+), expenses: (\d+), tables: (\d+), bytes: (\d+)\.", saved.said)
    expenses, tables = saved.rows["expenses_expense"][0], len(saved.rows)
    assert [int(number) for number in numbers.groups()] == [2, expenses, tables, saved.file.stat().st_size]
    assert "password hashes and second factors" in saved.said


def test_only_its_owner_may_read_the_file(saved):
    assert stat.S_IMODE(saved.file.stat().st_mode) == 0o600


def test_is_of_one_moment(copy, tmp_path, monkeypatch):
    """Whatever is written meanwhile is in none of the tables."""
    other = connections["default"].copy()

    def write_meanwhile(cursor, table):
        with other.owner():
            other.cursor().execute("UPDATE expenses_expense SET amount = amount + 1 WHERE payee = 'Payee 9'")
        return rows_of(cursor, table)

    monkeypatch.setattr(backup, "rows_of", write_meanwhile)
    before = {name: rows for name, (rows, _hash) in fingerprint().items()}
    call_command("backup", tmp_path / "all.backup", stdout=StringIO())
    assert rows_in(tmp_path / "all.backup") == before
    assert fingerprint()["history_expenseevent"][0] > before["history_expenseevent"]


def test_a_file_that_is_there_stays_unless_told(copy, tmp_path):
    file = tmp_path / "all.backup"
    file.write_text("precious")
    with pytest.raises(CommandError, match=r"there already.*--force"):
        call_command("backup", file)
    assert file.read_text() == "precious"
    call_command("backup", file, force=True, stdout=StringIO())
    assert saved_in(file)["format"] == "expense-tracker-backup"


@contextmanager
def small_disk(most: int):
    """Inside the block no file can become larger than so many bytes."""
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))


def test_a_full_disk_leaves_no_file_and_says_so(copy, tmp_path):
    with (
        small_disk(3_000),
        pytest.raises(CommandError, match=r"all\.backup cannot be written: File too large"),
    ):
        call_command("backup", tmp_path / "all.backup")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_no_file(copy, tmp_path, monkeypatch):
    def interrupt(cursor, table):
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "rows_of", interrupt)
    with pytest.raises(KeyboardInterrupt):
        call_command("backup", tmp_path / "all.backup")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(copy, tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("backup", tmp_path / "none" / "all.backup")


def test_a_database_without_tables_has_nothing_to_save(empty, tmp_path):
    with pytest.raises(CommandError, match="no tables"):
        call_command("backup", tmp_path / "all.backup")
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_version_is_not_saved(copy, tmp_path):
    with connection.owner():
        connection.cursor().execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('expenses', '9999_tags', now())"
        )
    with pytest.raises(CommandError, match=r"not this one: expenses\.9999_tags"):
        call_command("backup", tmp_path / "all.backup")


def test_rows_that_row_security_would_hide_stop_it(copy, tmp_path):
    with connection.owner():
        connection.cursor().execute("ALTER TABLE expenses_expense FORCE ROW LEVEL SECURITY")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone() == (True,):
                pytest.skip("nothing is hidden from a superuser")
    with pytest.raises(CommandError, match="row-level security"):
        call_command("backup", tmp_path / "all.backup")


@pytest.mark.parametrize("table", ["expenses_expense", "ledgers_ledger", "django_migrations"])
def test_a_table_of_another_role_is_not_left_out_in_silence(copy, tmp_path, table):
    with connection.owner():
        connection.cursor().execute(f"ALTER TABLE {table} OWNER TO pg_database_owner")
    with pytest.raises(CommandError, match=rf"belong to another role.*missing: {table}\."):
        call_command("backup", tmp_path / "all.backup")
    assert list(tmp_path.iterdir()) == []


def test_what_is_left_out_anyway_may_belong_to_anybody(copy, tmp_path):
    with connection.owner():
        for table in NOT_SAVED:
            connection.cursor().execute(f"ALTER TABLE {table} OWNER TO pg_database_owner")
    call_command("backup", tmp_path / "all.backup", stdout=StringIO())
    assert saved_in(tmp_path / "all.backup")["format"] == "expense-tracker-backup"


def test_tables_without_a_key_and_with_texts_as_keys_have_an_order_too(copy):
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE keyless (word text); INSERT INTO keyless VALUES ('ä'), ('b'), ('B')")
        cursor.execute('CREATE TABLE "Named" (word text PRIMARY KEY); INSERT INTO "Named" TABLE keyless')
        tables = {table.name: table for table in own_tables(cursor)}
        found = [
            b"".join(bytes(piece) for piece in rows_of(cursor, tables[name])) for name in ("keyless", "Named")
        ]
    assert found == ["B\nb\nä\n".encode()] * 2


@pytest.mark.torture
def test_needs_no_more_memory_for_more_rows(copy, tmp_path, scale):
    with connection.owner():
        assert Expense.objects.count() > scale(400, 400_000)
    tracemalloc.start()
    call_command("backup", tmp_path / "all.backup", stdout=StringIO())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sys.stdout.write(f"{(tmp_path / 'all.backup').stat().st_size:,} bytes, {peak:,} bytes of memory\n")
    assert peak < 20_000_000
