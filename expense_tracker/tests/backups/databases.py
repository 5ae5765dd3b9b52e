"""Databases of a test's own, with real commits; and what is in one, by SQL that owes nothing to the code tested."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections, transaction
from django.utils import timezone
from psycopg import sql

from api.models import Submission
from database.roles import drop_web_role
from expenses.models import Category, Expense
from expenses.tests.factories import (
    make_account,
    make_expense,
    make_favourite,
    make_ledger,
    make_rule,
    make_token,
    make_user,
    share,
)
from ledgers.models import Ledger
from users.models import Invitation

NOT_SAVED = ("cache", "django_session", "usersessions_usersession")
TABLES = """
SELECT relname::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL (%s) ORDER BY 1
"""
# What keeps rows right and apart, as text.
SCHEMA = """
SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger
WHERE NOT tgisinternal
UNION ALL SELECT 'policy', tablename, policyname, concat(cmd, qual, with_check) FROM pg_policies
UNION ALL SELECT 'table', relname, relrowsecurity::text, (
    SELECT string_agg(privilege_type, ' ' ORDER BY privilege_type) FROM aclexplode(relacl)
    WHERE grantee <> relowner
) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')
UNION ALL SELECT 'column', table_name, column_name, concat(data_type, column_default, is_nullable, is_identity)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1, 2, 3, 4
"""
# A database that is copied must have no visitors; the server of the browser's tests keeps its connections.
SEND_AWAY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid() AND pg_has_role(current_user, usesysid, 'MEMBER')
"""
MANY = """
INSERT INTO expenses_expense (ledger_id, date, amount, category_id, payee, notes, created_by_id)
SELECT ledger_id, date '2020-01-01' + mod(number, 2000), mod(number, 10000) + 1.25, id, 'Payee ' || mod(number, 1000),
       'What the expense number ' || number || ' was for', NULL
FROM (SELECT * FROM expenses_category ORDER BY id LIMIT 5) AS categories, generate_series(1, %s / 5) AS number
"""


@contextmanager
def working_with(name: str, **settings):
    """Inside the block Django's connection is to this database. ``settings``: where that is, if elsewhere."""
    ours = connections["default"]
    theirs = ours.copy()
    theirs.settings_dict |= {"NAME": name} | settings
    theirs.is_pooled = False
    connections["default"] = theirs
    try:
        yield
    finally:
        theirs.close()
        connections["default"] = ours


@contextmanager
def new_database(suffix: str, template: str = "template1"):
    """A database on the tests' server until the block ends. Gives its name."""
    name = f"{connection.settings_dict['NAME']}_{suffix}"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with connection._nodb_cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(SEND_AWAY, [template])
        cursor.execute(make)
    try:
        yield name
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(drop)
            drop_web_role(cursor, connection.settings_dict | {"NAME": name})


def fill(expenses: int):
    """Rows of every kind, and their history, in the database that Django works with. As the owner."""
    alice, bob = make_user("alice", is_superuser=True), make_user("bob")
    household, yen = make_ledger(alice), make_ledger(bob, "日本", currency="JPY", month_start_day=25)
    share(household, bob, "editor")
    odd = "tab\there, line\nbreak, back\\slash, \\N, “quotes”, 'single', €, 🍜"
    make_expense(household, "-12.34", notes=odd, payee="\\.", created_by=bob)
    make_expense(yen, "999999999999", day="2200-12-31", spread_months=7)
    account, _rule = (
        make_account(household, "Kärtchen", currency="EUR"),
        make_rule(household, "b(ä|ae)cker\\b"),
    )
    make_expense(household, external_id=f"{account.key}:1")
    fill_tags_and_favourites(household, odd)
    with connection.cursor() as cursor:
        cursor.execute(MANY, [expenses])
    Expense.objects.filter(payee="Payee 7").update(amount=Decimal("7.77"))
    Expense.objects.filter(payee="Payee 8").delete()
    make_token(alice)
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True)
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "JBSWY3DP", "π": [1.5, None]})
    Submission.objects.create(ledger=household, user=alice, rows={"0": [1, 1]})
    Invitation.objects.create(note="for Charlie", created_by=alice)
    Invitation.objects.filter(note="for Charlie").update(created_at=timezone.now() - timedelta(days=20))
    SessionStore().create()
    Ledger.objects.filter(pk=household.pk).update(name="Home")


def fill_tags_and_favourites(ledger: Ledger, odd: str):
    """In one change set, of which expenses are left where a migration takes the favourites away."""
    with transaction.atomic():
        food = Category.objects.get(ledger=ledger, name="Food")
        names = {"name": "Sweets", "aliases": ["größe 3", "schoki"]}
        Category.objects.create(ledger=ledger, parent=food, position=9, **names)
        receipt = {"receipt": "12345678-1234-5678-1234-567812345678", "payee": "Market"}
        make_expense(ledger, "7", "Sweets", tags=["größe", "日本"], **receipt)
        make_expense(ledger, "8", **receipt)
        make_favourite(ledger, "Market", notes=odd, tags=["work"])
        make_favourite(ledger, "Market", amount=None, category="Sweets")


def fingerprint() -> dict[str, tuple[int, str]]:
    """By table, the number of rows and a hash of them all."""
    found = {}
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute("SET TimeZone = 'UTC'")
        cursor.execute(TABLES, [list(NOT_SAVED)])
        for (table,) in cursor.fetchall():
            rows = "count(*), md5(coalesce(string_agg(line::text, E'\\n' ORDER BY line::text COLLATE \"C\"), ''))"
            cursor.execute(f'SELECT {rows} FROM "{table}" AS line')
            found[table] = cursor.fetchone()
    return found


def sequences() -> list[tuple]:
    """Where each counter stands."""
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'public'"
            " AND sequencename <> 'usersessions_usersession_id_seq' ORDER BY 1"
        )
        return cursor.fetchall()


def schema() -> list[tuple]:
    """Every column, constraint, index, trigger, policy, function and privilege."""
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        return cursor.fetchall()
