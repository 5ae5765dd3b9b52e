"""Alice's ledger full of secrets, everybody who may come near it, and the same world as if it had never been.

Ids are chosen here, so that requests can be made up before there is a database. What may be seen by whom is told
by markers: every text of a kind begins with the same made-up letters, which nothing else in the product has.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client

from api.models import IdempotencyKey, Submission, Token
from database.tests.every_ledger import every_ledger
from expenses.models import Account, Category, Expense, Favourite, Rule
from ledgers.models import Ledger, Membership
from statements.models import Import, Statement, StatementLine
from users.models import Invitation, User

DAY = "2019-03-07"
ROWS, PEOPLE, TOKENS, INVITATIONS = b"zyxr", b"zyxp", b"zyxt", b"zyxi"
UNSENT = 740022  # an expense of Alice's whose id no request names
SUBMISSION = "5ec2e7aa-0b57-4d6e-9c11-7400417400aa"
AMOUNTS = ("98765.43", "98,765.43", "98.765,43", "98765,43", "98,765", "98.765", "98766.54", "98,766.54")
SECRETS = (ROWS, b"#a1b2c3", str(UNSENT).encode(), SUBMISSION.encode(), *(text.encode() for text in AMOUNTS))

# Whatever refers to another stands before it: apps are layers, and in one a model refers to those above it.
OF_A_LEDGER = [
    model
    for app in apps.get_app_configs()
    for model in reversed(list(app.get_models()))
    if hasattr(model, "ledger_id") and model._meta.managed
]
# What editors write: every table of a ledger but who shares it.
RECORD = [model._meta.db_table for model in OF_A_LEDGER if model is not Membership]
# The web's role could not make one: row security takes them from triggers only.
MAKE_CHANGE_SET = """
CREATE OR REPLACE FUNCTION make_change_set(number bigint, ledger bigint, who text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO history_changeset (id, ledger_id, at, who, via, act)
    VALUES (number, ledger, now(), who, 'page', 'day')
$$
"""
CHANGE_SET = """
SELECT make_change_set(%(number)s, %(ledger)s, %(who)s);
SELECT set_config('expense_tracker.change_sets', ' ' || %(ledger)s || ':' || %(number)s || ' ', true);
"""
# Triggers included, and what was undone since.
WRITES = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
SIGN_IN = "id, username, email, password, is_staff, is_superuser"
STAFF = ("viewer", "editor", "owner", "staff", "clerk")


@dataclass(frozen=True)
class Ids:
    """The rows that a request names."""

    ledger: int
    category: int
    spare: int  # a category without expenses
    expense: int
    membership: int
    token: int
    change_set: int  # in which the expense was added
    account: int
    rule: int
    of_import: int
    statement: int  # of that import, read
    line: int  # of that statement, to be added
    unread: int  # an import whose file waits
    unread_file: int  # that asks something as well
    added: int  # an import that the expense was added by
    favourite: int


ALICES = Ids(
    740001,
    740011,
    740012,
    740021,
    740034,
    740051,
    740061,
    740071,
    740081,
    740091,
    740101,
    740111,
    740092,
    740102,
    740093,
    740121,
)
CHARLIES = Ids(
    760001,
    760011,
    760012,
    760021,
    760034,
    760051,
    760061,
    760071,
    760081,
    760091,
    760101,
    760111,
    760092,
    760102,
    760093,
    760121,
)
OTHER_LEDGER, INVITATION, GROUP, AUTHENTICATOR, USER_SESSION, EMAIL = range(780001, 780007)
USERS = {
    role: 790001 + number
    for number, role in enumerate(("owner", "viewer", "editor", "member", "stranger", "staff", "clerk"))
}


@dataclass
class World:
    """What makes a request somebody's: the keys of their sessions by role, and their tokens by name."""

    sessions: dict[str, str]
    tokens: dict[str, str]
    _at_rest: tuple[dict[str, str], dict[str, str]] | None = None

    def at_rest(self) -> tuple[dict[str, str], dict[str, str]]:
        """Alice's and Charlie's ledgers while no request is under way: it is undone before the next one."""
        self._at_rest = self._at_rest or (self.state(), self.state(CHARLIES))
        return self._at_rest

    def writes(self) -> int:
        """How many rows were written in this transaction so far, however and by whomever."""
        with connection.cursor() as cursor:
            cursor.execute(WRITES)
            return int(cursor.fetchone()[0])

    def state(self, ids: Ids = ALICES) -> dict[str, str]:
        """A digest of the rows of a ledger by table; what a member may end of their own is kept apart."""
        members = Membership._meta.db_table
        leaving = {f"membership of {role}": f"user_id = {USERS[role]}" for role in ("viewer", "editor")}
        others = f"user_id NOT IN ({USERS['viewer']}, {USERS['editor']})"
        parts = [
            _digest("ledger", Ledger._meta.db_table, f"id = {ids.ledger}"),
            _digest("tokens", Token._meta.db_table, f"only_ledger_id = {ids.ledger}"),
            _digest("account", f"(SELECT {SIGN_IN} FROM {User._meta.db_table})", f"id = {USERS['member']}"),
            _digest("address", EmailAddress._meta.db_table, f"user_id = {USERS['member']}"),
            _digest("second step", Authenticator._meta.db_table, f"user_id = {USERS['member']}"),
            *(_digest(name, members, f"ledger_id = {ids.ledger} AND {who}") for name, who in leaving.items()),
            _digest("memberships", members, f"ledger_id = {ids.ledger} AND {others}"),
            *(_digest(table, table, f"ledger_id = {ids.ledger}") for table in RECORD),
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts))
            return dict(cursor.fetchall())

    @contextmanager
    def without_alices_ledger(self) -> Iterator[None]:
        """Inside the block nothing of Alice's ledger has ever been."""
        before, self._at_rest = transaction.savepoint(), None
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {Token._meta.db_table} WHERE only_ledger_id = {ALICES.ledger}")
            for model in OF_A_LEDGER:
                cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE ledger_id = {ALICES.ledger}")
            cursor.execute(f"DELETE FROM {Ledger._meta.db_table} WHERE id = {ALICES.ledger}")
        connection.check_constraints()  # now, or else again after each request
        try:
            yield
        finally:
            transaction.savepoint_rollback(before)
            self._at_rest = None


def _digest(name: str, table: str, which: str) -> str:
    rows = f"SELECT to_jsonb(r) - 'last_used_at' AS row FROM {table} r WHERE {which}"
    digest = "md5(coalesce(string_agg(row::text, ',' ORDER BY row::text), ''))"
    return f"(SELECT '{name}', {digest} FROM ({rows}) q)"


@contextmanager
def open_world() -> Iterator[World]:
    """A world inside a transaction that leaves nothing behind."""
    with _maker_of_change_sets(), every_ledger(), transaction.atomic():
        people = {role: _person(role) for role in USERS}
        sessions = {role: _session(person) for role, person in people.items() if role != "member"}
        tokens = _ledgers(people)
        connection.check_constraints()  # now, or else again after each request
        yield World(sessions, tokens)
        transaction.set_rollback(True)


@contextmanager
def _maker_of_change_sets() -> Iterator[None]:
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute(MAKE_CHANGE_SET)
    yield
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION make_change_set(bigint, bigint, text)")


def _person(role: str) -> User:
    """Members of Alice's ledger have names that nobody else may learn."""
    member = role in ("owner", "viewer", "editor", "member")
    name = f"zyxp{role}" if member else role
    values = {"username": name, "email": f"{name}@example.org", "is_staff": role in STAFF}
    person = User.objects.create(pk=USERS[role], password="!", **values)
    if person.is_staff:
        person.user_permissions.set(Permission.objects.all())
    return person


def _session(person: User) -> str:
    """The key of a session of a person who has just given their password."""
    client = Client()
    client.force_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session.save()
    return session.session_key


def _ledgers(people: dict[str, User]) -> dict[str, str]:
    alice, charlie = people["owner"], people["stranger"]
    members = {"owner": "owner", "viewer": "viewer", "editor": "editor", "member": "viewer"}
    roles = {people[name]: role for name, role in members.items()}
    _ledger(ALICES, roles, "zyxr", "98765.43", "#a1b2c3")
    _ledger(CHARLIES, {charlie: "owner", people["clerk"]: "owner"}, "own", "5", "#111111")
    Ledger.objects.create(pk=OTHER_LEDGER, name="Other", currency="EUR")
    Membership.objects.create(ledger_id=OTHER_LEDGER, user=alice, role="owner")
    _expense(ALICES, UNSENT, "1.11", "zyxr")
    Submission.objects.create(ledger_id=ALICES.ledger, user=alice, key=UUID(SUBMISSION))
    answered = {"fingerprint": "", "status": 201, "body": '{"notes": "zyxrnotes"}'}
    IdempotencyKey.objects.create(ledger_id=ALICES.ledger, user=alice, key=SUBMISSION, **answered)
    _of_nobodys_ledger(people)
    token = Token.objects.create
    token(alice, id=ALICES.token, name="zyxtmine", only_ledger_id=ALICES.ledger, can_write=True)
    token(charlie, id=CHARLIES.token, name="own", only_ledger_id=CHARLIES.ledger, can_write=True)
    return {
        "stranger's token": token(charlie, name="all", can_write=True)[1],
        "token for another ledger": token(alice, name="zyxto", only_ledger_id=OTHER_LEDGER, can_write=True)[
            1
        ],
        "token that reads": token(alice, name="zyxtr", can_write=False)[1],
        "token that writes": token(alice, name="zyxtw", can_write=True)[1],
    }


def _ledger(ids: Ids, roles: dict[User, str], word: str, amount: str, colour: str):
    Ledger.objects.create(pk=ids.ledger, name=f"{word}ledger", currency="EUR")
    for number, (user, role) in enumerate(roles.items(), start=1 if len(roles) == 4 else 3):
        Membership.objects.create(pk=ids.ledger + 29 + number, ledger_id=ids.ledger, user=user, role=role)
    for position, (pk, name) in enumerate({ids.category: "rent", ids.spare: "spare"}.items()):
        values = {"name": f"{word}{name}", "colour": colour, "position": position}
        Category.objects.create(pk=pk, ledger_id=ids.ledger, **values)
    account = {"name": f"{word}account", "currency": "EUR", "digits": "1234", "key": f"{ids.account:016x}"}
    Account.objects.create(pk=ids.account, ledger_id=ids.ledger, **account)
    rule = {"pattern": f"{word}pattern", "payee": f"{word}payee", "category_id": ids.category}
    Rule.objects.create(pk=ids.rule, ledger_id=ids.ledger, **rule)
    Rule.objects.create(ledger_id=ids.ledger, position=1, **rule | {"pattern": f"{word}second"})
    favourite = {"name": f"{word}favourite", "category_id": ids.category, "payee": f"{word}payee"}
    Favourite.objects.create(pk=ids.favourite, ledger_id=ids.ledger, amount=amount, **favourite)
    Favourite.objects.create(ledger_id=ids.ledger, position=1, **favourite)
    _import(ids, word)
    with _change_set(ids, "zyxpmaker" if ids == ALICES else "maker"):
        _expense(ids, ids.expense, amount, word)


def _import(ids: Ids, word: str):
    """One line that is to be added, of a file that can be read again."""
    Import.objects.create(pk=ids.of_import, ledger_id=ids.ledger)
    content = f"Date;Payee;Debit;Credit\n{DAY};{word}shop;7;\n".encode()
    facts = {
        "content": content,
        "state": "read",
        "answers": {"key": "value"},
        "account_key": f"{ids.account:016x}",
    }
    Statement.objects.create(
        pk=ids.statement, ledger_id=ids.ledger, of_import_id=ids.of_import, name=f"{word}file", **facts
    )
    text = {"template": f"{word}question", "values": {}}
    choice = {"value": "value", "label": text, "example": f"{word}example"}
    facts |= {"state": "waiting", "questions": [{"key": "key", "text": text, "choices": [choice]}]}
    Import.objects.create(pk=ids.unread, ledger_id=ids.ledger)
    Statement.objects.create(
        pk=ids.unread_file, ledger_id=ids.ledger, of_import_id=ids.unread, name=f"{word}file", **facts
    )
    Import.objects.create(pk=ids.added, ledger_id=ids.ledger, change_set_id=ids.change_set)
    facts = {"number": 2, "kind": "booked", "state": "new", "plan": "add", "date": DAY, "amount": "-7"}
    StatementLine.objects.create(
        pk=ids.line, ledger_id=ids.ledger, statement_id=ids.statement, payee=f"{word}shop", **facts
    )


@contextmanager
def _change_set(ids: Ids, who: str) -> Iterator[None]:
    """What is written inside the block is in the change set of that number."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGE_SET, {"ledger": ids.ledger, "number": ids.change_set, "who": who})
        yield
        cursor.execute("SELECT set_config('expense_tracker.change_sets', '', true)")


def _expense(ids: Ids, pk: int, amount: str, word: str):
    texts = {"payee": f"{word}landlord", "notes": f"{word}notes", "tags": [f"{word}tag"]}
    Expense.objects.create(
        pk=pk,
        ledger_id=ids.ledger,
        category_id=ids.category,
        date=date.fromisoformat(DAY),
        amount=amount,
        **texts,
    )


def _of_nobodys_ledger(people: dict[str, User]):
    """What the admin has beside ledgers, and its log, which names rows of them."""
    member = people["member"]
    Invitation.objects.create(pk=INVITATION, note="zyxinote", created_by=people["owner"])
    Group.objects.create(pk=GROUP, name="group")
    Authenticator.objects.create(pk=AUTHENTICATOR, user=member, type="totp", data={"secret": ""})
    EmailAddress.objects.create(pk=EMAIL, user=member, email=member.email)
    UserSession.objects.create(
        pk=USER_SESSION, user=member, ip="192.0.2.1", user_agent="", session_key="none"
    )
    for model, pk in {Expense: ALICES.expense, Category: ALICES.category, Ledger: ALICES.ledger}.items():
        LogEntry.objects.create(
            user=people["owner"],
            content_type=ContentType.objects.get_for_model(model),
            object_id=str(pk),
            object_repr="zyxrlogged",
            action_flag=CHANGE,
            change_message="zyxrlogged",
        )
