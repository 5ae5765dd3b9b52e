"""From the bytes of a statement to staged lines, each with its state and what is to become of it."""

import json
import time
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from database.timeouts import take_longer_than_a_page
from expenses.accounts import key_of
from expenses.models import FIRST_DATE, LARGEST, LAST_DATE, Account, Expense
from ledgers.models import Ledger
from statements import formats
from statements.formats.limits import ROWS, SECONDS
from statements.formats.lines import Kind, Line, Message, Reading, Rejected, Unreadable, gettext_noop
from statements.identity import external_ids
from statements.models import Import, Profile, Statement, StatementLine
from statements.own import present
from statements.suggesting import Suggester, Suggestion
from statements.twins import find_twins
from statements.wording import kept, kept_question

LINES_AT_ONCE = 20_000
State, Plan = StatementLine.State, StatementLine.Plan
TOO_LONG = gettext_noop("Reading this file takes too long.")
TOO_MANY = gettext_noop("The file has more than %(most)s lines. Export a shorter range of dates.")
BAD_DATE = gettext_noop("The date must lie between 1900 and 2200.")
BAD_AMOUNT = gettext_noop("The amount %(amount)s is too large.")
BAD_DECIMALS = gettext_noop("The amount %(amount)s has more decimals than %(currency)s has.")
OTHER_CURRENCY = gettext_noop("The amount is in %(currency)s, the ledger in %(ledger)s.")
IN_OTHER_FILE = gettext_noop("Another file of this import has this line too.")
LEFT_OUT = gettext_noop("You left this line out before.")

INSERT = """
INSERT INTO statements_statementline (
    ledger_id, statement_id, number, source, kind, state, plan, date, amount, currency, payee, text,
    file_category, external_id, reason, payee_name, category_id, suggested_by, why,
    payee_by_hand, plan_by_hand
)
SELECT %(ledger)s, %(statement)s, n, source, kind,
       CASE WHEN known THEN 'known' ELSE state END, CASE WHEN known THEN 'skip' ELSE plan END,
       date, amount, currency, payee, text, file_category, line.id, reason, payee_name,
       category, suggested_by, why, false, false
FROM (
    SELECT said.*, expense.id IS NOT NULL AND state <> 'rejected' AS known
    FROM json_to_recordset(%(lines)s) AS said (
        n int, source text, kind text, state text, plan text, date date, amount numeric, currency text, payee text,
        text text, file_category text, id text, reason jsonb, payee_name text, category bigint, suggested_by text,
        why jsonb
    )
    LEFT JOIN expenses_expense AS expense
        ON expense.ledger_id = %(ledger)s AND expense.external_id = said.id AND expense.external_id <> ''
) AS line
ORDER BY n
"""


def read(statement: Statement) -> Statement:
    """Read a statement whose ``content`` is there and stage its lines, in place of those of an earlier reading.

    What stands against it, or is asked, is left in the statement; both are no error. Everything is written in one
    transaction. Lines are read before the database is touched.
    """
    ledger = statement.ledger
    try:
        reading, answers, profile = _open(statement)
        asked = [kept_question(question) for question in reading.questions]
        said = [] if asked else list(_within_limits(reading))
    except Unreadable as error:
        return _refuse(statement, error.message)
    if not asked and not said:
        return _refuse(statement, Message(gettext_noop("There is nothing to import in this file.")))
    statement.format, statement.dialect = reading.format, reading.dialect
    statement.signature, statement.is_ours = reading.signature, reading.is_ours
    statement.answers, statement.questions, statement.problem = answers, asked, None
    statement.warnings = [kept(warning) for warning in reading.warnings]
    statement.state = Statement.State.ASKING if asked else Statement.State.READ
    if not statement.account_key:
        statement.account_key = (
            profile.account_key if profile else key_of(f"{reading.format}{reading.signature}")
        )
    with transaction.atomic():
        take_longer_than_a_page()
        Import.objects.select_for_update(no_key=True).get(ledger=ledger, pk=statement.of_import_id)
        StatementLine.objects.filter(ledger=ledger, statement=statement).delete()
        if not asked:
            _stage(ledger, statement, said)
        statement.save()
    return statement


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
    StatementLine.objects.filter(ledger=statement.ledger_id, statement=statement).delete()
    statement.state, statement.problem = Statement.State.REFUSED, kept(message)
    statement.questions, statement.warnings, statement.accounts = [], [], []
    statement.save()
    return statement


def _within_limits(reading: Reading) -> Iterator[Line | Rejected]:
    until = time.monotonic() + SECONDS
    for count, line in enumerate(reading.lines):
        if count >= ROWS:
            raise Unreadable(TOO_MANY, most=ROWS)
        if count % 1000 == 0 and time.monotonic() > until:
            raise Unreadable(TOO_LONG)
        yield line


def _stage(ledger: Ledger, statement: Statement, said: list[Line | Rejected]):
    lines = [line for line in said if isinstance(line, Line)]
    accounts = _Accounts(ledger, statement)
    ids = _ids(statement, lines, accounts)
    there = present(ledger, lines) if statement.is_ours else set()
    elsewhere, decided = _in_other_files(statement), _decided(ledger)
    suggester = Suggester(ledger, lines)
    rows, position = [], 0
    for line in said:
        if isinstance(line, Rejected):
            rows.append(_rejected(line, line.reason))
            continue
        own_id, is_there, position = ids[position], position in there, position + 1
        if problem := _why_not(line, ledger):
            rows.append(_rejected(line, problem))
            continue
        row = _row(line, own_id, suggester.of(line))
        if is_there:
            row |= {"state": State.KNOWN, "plan": Plan.SKIP}
        elif own_id and own_id in elsewhere:
            row |= {"state": State.KNOWN, "plan": Plan.SKIP, "reason": kept(Message(IN_OTHER_FILE))}
        elif own_id and own_id in decided:
            row |= decided[own_id]
        rows.append(row)
    _insert(statement, rows)
    statement.accounts = accounts.found()
    find_twins(statement)


def _ids(statement: Statement, lines: list[Line], accounts: "_Accounts") -> list[str]:
    """The ``external_id`` of each line; of our own export what it says, because its rows are no lines of a bank."""
    if statement.is_ours:
        return [line.bank_id for line in lines]
    return list(external_ids(lines, statement.format, accounts.key))


class _Accounts:
    """Which account each line is of."""

    def __init__(self, ledger: Ledger, statement: Statement):
        self.statement = statement
        self.known = dict(Account.objects.in_ledger(ledger).values_list("key", "name"))
        self.keys: dict[str, str] = {}
        self.facts: dict[str, dict] = {}

    def key(self, number: str) -> str:
        """The key of what the file calls an account, or of the statement's own where it calls it nothing."""
        if number not in self.keys:
            self.keys[number] = key = key_of(number) if number else self.statement.account_key
            name = self.known.get(key) or (number or self.statement.account_name)[:100] or self._fallback()
            digits = "".join(filter(str.isalnum, number))[-4:] if any(map(str.isdigit, number)) else ""
            self.facts[key] = {"key": key, "name": name, "digits": digits if digits.isascii() else ""}
        return self.keys[number]

    def _fallback(self) -> str:
        return self.statement.dialect or self.statement.name.rsplit(".", 1)[0][:100] or self.statement.format

    def found(self) -> list[dict]:
        """``[{"key", "name", "digits"}]`` of the accounts that any line is of."""
        return list(self.facts.values())


def _in_other_files(statement: Statement) -> set[str]:
    others = (
        StatementLine.objects.of(statement.of_import).exclude(statement=statement).exclude(external_id="")
    )
    return set(others.values_list("external_id", flat=True))


def _decided(ledger: Ledger) -> dict[str, dict]:
    """By the ids of lines that somebody decided about before, in any import: what that makes of them now."""
    lines = StatementLine.objects.filter(
        ledger=ledger, plan__in=[Plan.SKIP, Plan.SAME], plan_by_hand=True
    ).exclude(external_id="")
    left_out = {"plan": Plan.SKIP, "reason": kept(Message(LEFT_OUT))}
    same = {"state": State.KNOWN, "plan": Plan.SKIP}
    is_there = Exists(Expense.objects.filter(ledger=OuterRef("ledger"), pk=OuterRef("twin")))
    found = dict.fromkeys(lines.filter(plan=Plan.SKIP).values_list("external_id", flat=True), left_out)
    kept_twins = lines.filter(is_there, plan=Plan.SAME).values_list("external_id", flat=True)
    return found | dict.fromkeys(kept_twins, same)


def _why_not(line: Line, ledger: Ledger) -> Message | None:
    """Why the ledger cannot hold such an expense."""
    if not FIRST_DATE <= line.date <= LAST_DATE:
        return Message(BAD_DATE)
    if line.currency and line.currency != ledger.currency:
        return Message(OTHER_CURRENCY, {"currency": line.currency, "ledger": ledger.currency})
    if abs(line.amount) > LARGEST:
        return Message(BAD_AMOUNT, {"amount": f"{line.amount:f}"})
    if round(line.amount, ledger.decimals) != line.amount:
        return Message(BAD_DECIMALS, {"amount": f"{line.amount:f}", "currency": ledger.currency})
    return None


def _rejected(line: Line | Rejected, reason: Message) -> dict:
    row = {"n": line.number, "source": _storable(line.source), "kind": "rejected", "state": State.REJECTED}
    row |= {"plan": Plan.SKIP, "currency": "", "payee": "", "text": "", "file_category": "", "id": ""}
    if isinstance(line, Line):
        row |= {"payee": _storable(line.payee)[:200], "text": _storable(line.text)[:1000], "kind": line.kind}
    return row | {"reason": kept(reason), "suggested_by": ""}


def _row(line: Line, own_id: str, suggestion: Suggestion) -> dict:
    state = _state(line)
    text = " ".join([line.text, *(f"#{tag}" for tag in line.tags)]) if line.tags else line.text
    return {
        "n": line.number,
        "source": _storable(line.source),
        "kind": line.kind,
        "state": state,
        "plan": Plan.ADD if state == State.NEW else Plan.SKIP,
        "date": line.date.isoformat(),
        "amount": f"{line.amount:f}",
        "currency": line.currency,
        "payee": _storable(line.payee)[:200],
        "text": _storable(text).strip()[:1000],
        "file_category": _storable(line.category)[:100],
        "id": own_id,
        "reason": None,
        "payee_name": suggestion.payee_name,
        "category": suggestion.category,
        "suggested_by": suggestion.suggested_by,
        "why": suggestion.why,
    }


def _state(line: Line) -> str:
    if line.kind == Kind.PENDING:
        return State.PENDING
    return State.NEW if line.kind == Kind.BOOKED and line.amount < 0 else State.ASIDE


def _storable(text: str) -> str:
    """Without what PostgreSQL does not take: NUL, and halves of characters."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _insert(statement: Statement, rows: Iterable[dict]):
    rows = iter(rows)
    facts = {"ledger": statement.ledger_id, "statement": statement.pk}
    while chunk := list(islice(rows, LINES_AT_ONCE)):
        with connection.cursor() as cursor:
            cursor.execute(INSERT, facts | {"lines": json.dumps(chunk)})
