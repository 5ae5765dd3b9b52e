"""Every migration of ours, back and forth over rows: what the tables can keep is kept, and the schema is the same."""

import json
from collections import Counter
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from analytics.models import Rollup
from api.models import IdempotencyKey, Submission
from expense_tracker.tests.backups.databases import fill, new_database, schema, working_with
from expenses.models import Category, Expense, Favourite, Rule
from expenses.tests.factories import make_account, make_expense, make_favourite, make_rule, share
from history.models import TRACKED, ChangeSet
from history.tests.verifying.corrupting import found_by
from history.undoing import undo
from ledgers.models import Ledger, Membership
from statements.models import Import, Profile, Statement, StatementLine
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)

OURS = ("users", "ledgers", "api", "expenses", "history", "statements", "analytics")
# To the last release; with these, what depends on them in the other apps goes.
RELEASED = (("history", "0002_rows_before_history"), ("expenses", "0003_history"))
STAGED = {f"statements_{name}" for name in ("import", "statement", "statementline", "profile")}
SPREAD = {"expenses_expense", "history_expenseevent"}  # where it says over how many months
NEW_EVENTS = {"history_accountevent", "history_ruleevent"}
TAGGED_EVENTS = {"history_categoryevent", "history_expenseevent", "history_favouriteevent"}
# Where there are tags, receipts, favourites, and two levels of categories.
TAGGED = {"expenses_category", "expenses_expense", "expenses_favourite"} | TAGGED_EVENTS
# Those since then, and the tables that are not the same after going back over them and forth. What had a history
# that went gets a new one.
LOST = {
    ("statements", "0001_initial"): STAGED,
    ("statements", "0004_receipt"): {"statements_statementline"},
    ("statements", "0003_tags"): {"statements_statementline"},
    ("users", "0002_tour"): {"users_user"},
    ("history", "0007_tags_and_levels"): TAGGED_EVENTS | {"history_changeset"},
    ("expenses", "0008_tags_and_levels"): TAGGED,
    ("history", "0004_joining_is_cheaper"): STAGED | SPREAD | TAGGED,
    ("history", "0005_accounts_before_history"): STAGED | SPREAD | TAGGED,
    ("expenses", "0005_history_of_accounts"): STAGED | SPREAD | TAGGED,
    ("history", "0003_accounts_and_rules"): STAGED | SPREAD | TAGGED | NEW_EVENTS | {"history_changeset"},
}
# The others since the release go back and forth in the test of what the last release wrote.
FEW = [("history", "0003_accounts_and_rules")]
# Without the totals, which are made anew and compared with the rows by `verify`; and only those of our apps: after any
# migration Django adds the content types and permissions that are missing, and which ones are depends on whether the
# database was emptied before.
TABLES = f"""
SELECT relname::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname ~ '^({"|".join(OURS)})_'
  AND relname <> 'analytics_rollup' ORDER BY 1
"""
# Of both of two tables.
COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid IN (to_regclass(%s), to_regclass(%s)) AND attnum > 0
AND NOT attisdropped GROUP BY attname HAVING count(*) = 2 ORDER BY attname
"""
CHANGES = """
UPDATE expenses_expense SET amount = -amount WHERE id % 10 = 0; -- in range whichever row this is
DELETE FROM expenses_expense WHERE id % 10 = 1;
CREATE TEMPORARY TABLE again AS SELECT * FROM expenses_expense WHERE id % 10 = 2;
DELETE FROM expenses_expense WHERE id % 10 = 2;
UPDATE again SET version = 1, notes = 'the same number and version, another expense';
INSERT INTO expenses_expense SELECT * FROM again;
INSERT INTO expenses_expense (ledger_id, date, amount, category_id)
SELECT ledger_id, '2024-08-01', 5, id FROM expenses_category;
UPDATE expenses_category SET position = position + 1; -- no new version
DELETE FROM expenses_category WHERE NOT EXISTS (SELECT FROM expenses_expense WHERE category_id = expenses_category.id);
DELETE FROM ledgers_membership WHERE role = 'viewer';
UPDATE ledgers_ledger SET name = name || ', renamed'
"""
# Each event beside the one before it, and each row beside the last of its events.
BROKEN = """
WITH event AS (
    SELECT *, lag(pgh_label) OVER line AS before, lead(pgh_id) OVER line IS NULL AS is_last
    FROM {events} WINDOW line AS (PARTITION BY ledger_id, id ORDER BY pgh_id)
)
SELECT 'order', id FROM event WHERE (pgh_label = 'insert') <> (coalesce(before, 'delete') = 'delete')
UNION ALL
SELECT 'row', coalesce(last.id, present.id)
FROM (SELECT * FROM event WHERE is_last AND pgh_label <> 'delete') AS last
FULL JOIN {table} AS present ON present.id = last.id
WHERE ({last}) IS DISTINCT FROM ({present})
"""


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """The name of a database with a thousand expenses, and rows in every other table of ours."""
    with django_db_blocker.unblock():
        # A database that is copied must have no visitors.
        connection.close()
        connection.close_pool()
        with new_database("filled", connection.settings_dict["NAME"]) as name:
            with working_with(name), connection.owner():
                fill(1000)
                fill_more()
            yield name


@contextmanager
def copy_of(filled):
    """Inside the block Django works with a copy of this database, as the owner."""
    with new_database("migrating", filled) as name, working_with(name), connection.owner():
        yield


@pytest.fixture
def database(filled):
    with copy_of(filled):
        yield


def fill_more():
    """Rows and changes that ``fill`` leaves out. Each statement is a change set of its own."""
    alice, bob = User.objects.order_by("pk")
    carol = User.objects.create_user("carol")
    ledger = Ledger.objects.for_user(alice).get()
    IdempotencyKey.objects.create(ledger=ledger, user=alice, key="k", fingerprint="f", status=201, body="{}")
    Submission.objects.update(answer="/")
    share(ledger, carol, Membership.Role.VIEWER).delete()
    Membership.objects.filter(ledger=ledger, user=bob).update(role=Membership.Role.VIEWER)
    Category.objects.create(ledger=ledger, name="Unused", position=9)
    Category.objects.filter(ledger=ledger, name="Rent").update(name="Rent and heating", position=7)
    Expense.objects.filter(ledger=ledger, payee="Payee 9").delete()
    account = make_account(ledger)
    make_expense(ledger, external_id=f"{account.key}:1")
    rule = make_rule(ledger)
    Rule.objects.filter(pk=rule.pk).update(payee="Bakery")
    make_rule(ledger, "Gone").delete()
    make_favourite(ledger, "Gone").delete()
    Favourite.objects.filter(ledger=ledger).update(notes="changed")
    Expense.objects.filter(ledger=ledger, payee="Payee 11").update(tags=["home"])
    User.objects.filter(pk=bob.pk).update(toured_at=timezone.now())
    of_import = Import.objects.create(ledger=ledger, created_by=alice)
    statement = Statement.objects.create(ledger=ledger, of_import=of_import, name="a.csv", digest="d")
    line = {"number": 2, "source": "2024-08-01;5", "kind": "booked", "state": "new", "plan": "add"}
    line |= {"tags": ["work"], "receipt": "12345678-1234-5678-1234-567812345678"}
    StatementLine.objects.create(ledger=ledger, statement=statement, date="2024-08-01", amount=-5, **line)
    Profile.objects.create(ledger=ledger, signature="date;amount")
    for _undo_and_redo in range(2):
        assert undo(ledger, ChangeSet.objects.in_ledger(ledger).newest_first()[0])


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else None


def rows() -> dict[str, list[dict]]:
    """By table of ours, what is in it."""
    tables = [table for (table,) in run(TABLES)]
    lines = {table: run(f'SELECT to_jsonb(line)::text FROM "{table}" AS line ORDER BY 1') for table in tables}
    return {table: [json.loads(line, parse_float=str) for (line,) in found] for table, found in lines.items()}


def kept(state, other) -> dict[str, list[str]]:
    """By table, what the one state has in tables and columns that the other has too."""
    found = {}
    for table in state.keys() & other.keys():
        columns = sorted(set(*state[table][:1]).intersection(*other[table][:1]))
        found[table] = sorted(str([row[column] for column in columns]) for row in state[table])
    return found


def rules() -> set[tuple]:
    """The schema without the tables' privileges: a copy has those of the role of the database it was copied from."""
    return {row[:3] if row[0] == "table" else row for row in schema()}


def broken_histories() -> dict[str, list]:
    """By kind that is there, events that do not follow from each other, and rows not as the last of them says."""
    found = {}
    for tracked in TRACKED:
        tables = {"events": tracked.events._meta.db_table, "table": tracked.model._meta.db_table}
        columns = [column for (column,) in run(COLUMNS, *tables.values())]
        if not columns:
            continue
        sides = {name: ", ".join(f"{name}.{column}" for column in columns) for name in ("last", "present")}
        found[tracked.name] = run(BROKEN.format(**tables, **sides))
    return {kind: broken for kind, broken in found.items() if broken}


def migrate():
    call_command("migrate", verbosity=0)


def go_back_to(*migrations: tuple[str, str | None]):
    """Take back what came after each of these. In one go: for each, Django would draw up every model that ever was."""
    MigrationExecutor(connection).migrate(list(migrations))


def all_of_ours() -> list[tuple[str, str]]:
    """Every migration of ours, the newest first."""
    graph = MigrationLoader(None).graph
    plan = dict.fromkeys(key for leaf in sorted(graph.leaf_nodes()) for key in graph.forwards_plan(leaf))
    return [(app, name) for app, name in reversed(plan) if app in OURS]


def before(migration: tuple[str, str]) -> str | None:
    """The name of the one of the same app that comes before it."""
    parents = MigrationLoader(None).graph.node_map[migration].parents
    return next((parent.key[1] for parent in parents if parent.key[0] == migration[0]), None)


@pytest.mark.torture
def test_each_migration_goes_back_and_forth_over_rows(filled, scale):
    for migration in scale(FEW, all_of_ours()):
        with copy_of(filled):
            go_back_and_forth(migration)


def go_back_and_forth(migration: tuple[str, str]):
    target = before(migration)
    if target is None:
        # Then knox goes back too, and its way is closed to tokens: it would cut off their keys, which is refused.
        run("DELETE FROM api_token")
    first, first_rules = rows(), rules()
    go_back_to((migration[0], target))
    left = rows()
    assert kept(left, first) == kept(first, left), migration
    migrate()
    again = rows()
    assert rules() == first_rules, migration
    stays, stayed = kept(first, left), kept(again, left)
    assert [table for table in stays if Counter(stays[table]) - Counter(stayed[table])] == [], migration
    assert (broken_histories(), found_by("totals")) == ({}, []), migration
    if migration in LOST:
        assert {table for table in first if again[table] != first[table]} == LOST[migration]


def test_the_history_of_the_last_release_goes_on(database):
    first, first_rules = rows(), rules()
    go_back_to(*RELEASED)
    left = rows()
    since = {"expenses_account", "expenses_rule", "expenses_favourite", "history_favouriteevent"}
    assert set(first) - set(left) == {*STAGED, *NEW_EVENTS, *since}
    assert kept(left, first) == kept(first, left)
    run(CHANGES)
    changed = rows()
    migrate()
    assert rules() == first_rules
    assert kept(rows(), changed) == kept(changed, rows())
    assert (broken_histories(), found_by("totals")) == ({}, [])
    assert Rollup.objects.exists()


def test_what_was_spread_while_history_did_not_tell_it_is_told_afterwards(database):
    go_back_to(("history", "0005_accounts_before_history"))
    run("UPDATE expenses_expense SET spread_months = 12 WHERE id % 10 = 0")
    migrate()
    assert (broken_histories(), found_by("totals")) == ({}, [])
    assert Rollup.objects.filter(basis="spread").exists()


def test_what_was_changed_while_no_trigger_watched_is_in_the_history_afterwards(database):
    go_back_to(("expenses", "0002_row_security"), ("ledgers", "0002_row_security"))
    run(CHANGES)
    assert broken_histories().keys() == {"ledger", "membership", "category", "expense"}
    migrate()
    assert broken_histories() == {}
