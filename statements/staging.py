"""From the bytes of a statement to staged lines, each with its state and what is to become of it."""

import json
import time
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice

from django.db import connection, transaction
from django.db.models import F

from database.timeouts import take_longer_than_a_page
from expenses.accounts import key_of
from statements import formats
from statements.formats.limits import SECONDS
from statements.formats.lines import TOO_LONG, Line, Message, Reading, Rejected, Unreadable, gettext_noop
from statements.models import Import, Profile, Statement, StatementLine
from statements.planning import Planner
from statements.twins import find_twins
from statements.wording import kept, kept_question

LINES_AT_ONCE = 5_000
NOTHING = gettext_noop("There is nothing to import in this file.")
# What reading a statement, and what was answered for it, changes: not its content, which is large.
SAID = (
    "state",
    "format",
    "dialect",
    "signature",
    "is_ours",
    "answers",
    "questions",
    "warnings",
    "problem",
    "accounts",
    "account_key",
    "account_name",
)

INSERT = """
INSERT INTO statements_statementline (
    ledger_id, statement_id, number, source, kind, state, plan, date, amount, currency, payee, text,
    file_category, external_id, reason, payee_name, category_id, suggested_by, why,
    payee_by_hand, plan_by_hand, spread_months, tags, receipt
)
SELECT %(ledger)s, %(statement)s, n, source, kind,
       CASE WHEN known THEN 'known' ELSE state END, CASE WHEN known THEN 'skip' ELSE plan END,
       date, amount, currency, payee, text, file_category, line.id, reason, payee_name,
       category, coalesce(suggested_by, ''), why, false, false, coalesce(spread_months, 1),
       coalesce(tags, '{}'), receipt
FROM (
    SELECT said.*, expense.id IS NOT NULL AND state <> 'rejected' AS known
    FROM json_to_recordset(%(lines)s) AS said (
        n int, source text, kind text, state text, plan text, date date, amount numeric, currency text, payee text,
        text text, file_category text, id text, reason jsonb, payee_name text, category bigint, suggested_by text,
        why jsonb, spread_months int, tags text[], receipt uuid
    )
    LEFT JOIN expenses_expense AS expense
        ON expense.ledger_id = %(ledger)s AND expense.external_id = said.id AND expense.external_id <> ''
) AS line
ORDER BY n
"""


@transaction.atomic
def read(statement: Statement) -> Statement:
    """Read a statement whose ``content`` is there and stage its lines, in place of those of an earlier reading.

    What stands against it, or is asked, is left in the statement; both are no error. Nobody waits for a lock while the
    file is read.
    """
    take_longer_than_a_page()
    until = time.monotonic() + SECONDS
    try:
        reading, answers, profile = _open(statement)
        asked = [kept_question(question) for question in reading.questions]
        said = [] if asked else list(_in_time(reading, until))
        if not asked and not said:
            raise Unreadable(NOTHING)
    except Unreadable as error:
        return _refuse(statement, error.message)
    statement.format, statement.dialect = reading.format, reading.dialect
    statement.signature, statement.is_ours = reading.signature, reading.is_ours
    statement.answers, statement.questions, statement.problem = answers, asked, None
    statement.warnings = [kept(warning) for warning in reading.warnings]
    statement.state = Statement.State.ASKING if asked else Statement.State.READ
    if not statement.account_key:
        statement.account_key = (
            profile.account_key if profile else key_of(f"{reading.format}{reading.signature}")
        )
    _begin_anew(statement)
    if not asked:
        planner = Planner(statement.ledger, statement, said)
        _insert(statement, planner.rows())
        statement.accounts = planner.accounts.found()
        find_twins(statement)
    statement.save(update_fields=SAID)
    return statement


def _begin_anew(statement: Statement):
    """The import is another one from here on, and the statement has no lines."""
    Import.objects.filter(ledger=statement.ledger_id, pk=statement.of_import_id).update(
        decisions=F("decisions") + 1
    )
    StatementLine.objects.filter(ledger=statement.ledger_id, statement=statement).delete()


def _open(statement: Statement) -> tuple[Reading, dict, Profile | None]:
    """The file with the answers given for it, or else those given for another of the same columns."""
    content = bytes(statement.content)
    reading = formats.read(BytesIO(content), statement.name, statement.answers)
    profile = _profile(statement, reading.signature)
    if reading.questions and profile and profile.answers:
        answers = profile.answers | statement.answers
        return formats.read(BytesIO(content), statement.name, answers), answers, profile
    return reading, statement.answers, profile


def _profile(statement: Statement, signature: str) -> Profile | None:
    if not signature:
        return None
    return Profile.objects.filter(ledger=statement.ledger_id, signature=signature).first()


def _refuse(statement: Statement, message: Message) -> Statement:
    _begin_anew(statement)
    statement.state, statement.problem = Statement.State.REFUSED, kept(message)
    statement.questions, statement.warnings, statement.accounts = [], [], []
    statement.save(update_fields=SAID)
    return statement


def _in_time(reading: Reading, until: float) -> Iterator[Line | Rejected]:
    """The lines. Opening the file counts too: it is looked at the clock before the first of them."""
    for count, line in enumerate(reading.lines):
        if count % 1000 == 0 and time.monotonic() > until:
            raise Unreadable(TOO_LONG)
        yield line


def _insert(statement: Statement, rows: Iterable[dict]):
    """In a pipeline: PostgreSQL writes some lines while the next are made."""
    rows = iter(rows)
    facts = {"ledger": statement.ledger_id, "statement": statement.pk}
    connection.ensure_connection()
    with connection.cursor() as cursor, connection.wrap_database_errors, connection.connection.pipeline():
        while chunk := list(islice(rows, LINES_AT_ONCE)):
            cursor.execute(INSERT, facts | {"lines": json.dumps(chunk)})
