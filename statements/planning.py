"""What is to become of each line of a statement, as far as that can be said without a person."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from expenses.accounts import key_of
from expenses.models import (
    FIRST_DATE,
    LARGEST,
    LAST_DATE,
    MOST_SPREAD_MONTHS,
    MOST_WORDS,
    Account,
    Expense,
    in_order,
)
from expenses.tags import normal_tag
from ledgers.models import Ledger
from statements.formats.lines import Kind, Line, Message, Rejected, gettext_noop
from statements.formats.values import storable
from statements.identity import external_ids
from statements.models import Statement, StatementLine
from statements.own import present, staged_beside
from statements.suggesting import Suggester
from statements.wording import kept

State, Plan = StatementLine.State, StatementLine.Plan
BAD_DATE = gettext_noop("The date must lie between 1900 and 2200.")
BAD_AMOUNT = gettext_noop("The amount %(amount)s is too large.")
BAD_DECIMALS = gettext_noop("The amount %(amount)s has more decimals than %(currency)s has.")
BAD_MONTHS = gettext_noop("An expense can be spread over 1 to 120 months.")
BAD_TAGS = gettext_noop("An expense has at most 20 tags, each a word: not “%(tags)s”.")
BAD_RECEIPT = gettext_noop("The id of a receipt is a UUID.")
OTHER_CURRENCY = gettext_noop("The amount is in %(currency)s, the ledger in %(ledger)s.")
IN_OTHER_FILE = gettext_noop("Another file of this import has this line too.")
NUMBER = 5  # digits from which the name of an account is its number
TWICE = gettext_noop("An expense before it in this file has the same “external_id”.")
LEFT_OUT = gettext_noop("You left this line out before.")


class Planner:
    """Makes of each line, or what could not be read, a row for ``staging.INSERT``, as a dict without its nulls.

    Costs a constant number of queries.
    """

    def __init__(self, ledger: Ledger, statement: Statement, said: Sequence[Line | Rejected]):
        self.ledger, self.statement, self.said = ledger, statement, said
        self.accounts = Accounts(ledger, statement)
        self.suggester = Suggester(ledger, self._lines())
        self.decided = _decided(ledger) | _in_other_files(statement)
        self.there = ()
        if statement.is_ours:
            self.there = present(ledger, list(self._lines()), staged_beside(statement))

    def rows(self) -> Iterator[dict]:
        ids, own_ids = self._ids(), set()
        position = 0
        for line in self.said:
            if isinstance(line, Rejected):
                yield _rejected(line, line.reason)
                continue
            own_id, is_there = next(ids), position in self.there
            position += 1
            if problem := self._why_not(line) or (Message(TWICE) if own_id in own_ids else None):
                yield _rejected(line, problem)
            else:
                own_ids |= {own_id} - {""}
                yield self._row(line, own_id, is_there)

    def _lines(self) -> Iterator[Line]:
        return (line for line in self.said if isinstance(line, Line))

    def _ids(self) -> Iterator[str]:
        """The ``external_id`` of each line; of our own export what it says: its rows are no lines of a bank."""
        if self.statement.is_ours:
            return (line.bank_id for line in self._lines())
        return external_ids(self._lines(), self.statement.format, self.accounts.key)

    def _why_not(self, line: Line) -> Message | None:
        """Why the ledger cannot hold such an expense."""
        currency, amount = self.ledger.currency, line.amount
        if not FIRST_DATE <= line.date <= LAST_DATE:
            return Message(BAD_DATE)
        if line.currency and line.currency != currency:
            return Message(OTHER_CURRENCY, {"currency": line.currency, "ledger": currency})
        if not -LARGEST <= amount <= LARGEST:
            return Message(BAD_AMOUNT, {"amount": f"{amount:f}"})
        if not 1 <= line.spread_months <= MOST_SPREAD_MONTHS:
            return Message(BAD_MONTHS)
        if self.statement.is_ours and (others := _tags(line)[1]):
            return Message(BAD_TAGS, {"tags": storable(" ".join(others))[:40]})
        if line.receipt and not _is_uuid(line.receipt):
            return Message(BAD_RECEIPT)
        if round(amount, self.ledger.decimals) != amount:
            return Message(BAD_DECIMALS, {"amount": f"{amount:f}", "currency": currency})
        return None

    def _row(self, line: Line, own_id: str, is_there: bool) -> dict:
        state = first_state(line.kind, line.amount, self.statement.is_ours)
        tags, others = _tags(line)
        row = {
            "n": line.number,
            "source": storable(line.source),
            "kind": line.kind,
            "state": state,
            "plan": first_plan(state),
            "date": line.date.isoformat(),
            "amount": f"{line.amount:f}",
            "currency": line.currency,
            "payee": storable(line.payee)[:200],
            "text": storable(_text(line.text, others))[:1000],
            "file_category": storable(line.category if line.category.strip() else "")[:100],
            "spread_months": line.spread_months,
            "tags": tags,
            "receipt": str(UUID(line.receipt)) if line.receipt else None,
            "id": own_id,
        }
        row |= self.suggester.of(line)
        row |= self.decided.get(own_id, {})
        if is_there:
            row |= {"state": State.KNOWN, "plan": Plan.SKIP}
        return row


def _named(account: str) -> tuple[str, str]:
    """The name of an account as it is kept, and its last digits: of a number no more than these."""
    plain = "".join(filter(str.isalnum, account))
    if sum(map(str.isdigit, plain)) < NUMBER:
        return account[:100], ""
    return gettext("Account"), plain[-4:] if plain[-4:].isascii() else ""


class Accounts:
    """Which account each line of a statement is of."""

    def __init__(self, ledger: Ledger, statement: Statement):
        self.statement = statement
        self.known = dict(Account.objects.in_ledger(ledger).values_list("key", "name"))
        self.keys: dict[str, str] = {}
        self.facts: dict[str, dict] = {}

    def key(self, number: str) -> str:
        """The key of what the file calls an account, or of the statement's own where it calls it nothing."""
        if number not in self.keys:
            self.keys[number] = key = key_of(number) if number.strip() else self.statement.account_key
            name, digits = _named(number or self.statement.account_name)
            self.facts[key] = {
                "key": key,
                "name": self.known.get(key) or name or self._fallback(),
                "digits": digits,
            }
        return self.keys[number]

    def _fallback(self) -> str:
        return self.statement.dialect or self.statement.name.rsplit(".", 1)[0][:100] or self.statement.format

    def found(self) -> list[dict]:
        """``[{"key", "name", "digits"}]`` of the accounts that any line is of."""
        return list(self.facts.values())


def _in_other_files(statement: Statement) -> dict[str, dict]:
    others = (
        StatementLine.objects.of(statement.of_import).exclude(statement=statement).exclude(external_id="")
    )
    known = {"state": State.KNOWN, "plan": Plan.SKIP, "reason": kept(Message(IN_OTHER_FILE))}
    return dict.fromkeys(others.values_list("external_id", flat=True), known)


def _decided(ledger: Ledger) -> dict[str, dict]:
    """By the ids of lines that somebody decided about before: what that makes of them now.

    A decision counts once its import was added to the ledger; what is only being looked at decides nothing.
    """
    lines = StatementLine.objects.filter(
        ledger=ledger,
        plan__in=[Plan.SKIP, Plan.SAME],
        plan_by_hand=True,
        statement__of_import__change_set__isnull=False,
    ).exclude(external_id="")
    left_out = {"plan": Plan.SKIP, "reason": kept(Message(LEFT_OUT))}
    same = {"state": State.KNOWN, "plan": Plan.SKIP}
    is_there = Exists(Expense.objects.filter(ledger=OuterRef("ledger"), pk=OuterRef("twin")))
    found = dict.fromkeys(lines.filter(plan=Plan.SKIP).values_list("external_id", flat=True), left_out)
    kept_twins = lines.filter(is_there, plan=Plan.SAME).values_list("external_id", flat=True)
    return found | dict.fromkeys(kept_twins, same)


def _rejected(line: Line | Rejected, reason: Message) -> dict:
    row = {"n": line.number, "source": storable(line.source), "kind": "rejected", "state": State.REJECTED}
    row |= {"plan": Plan.SKIP, "currency": "", "payee": "", "text": "", "file_category": "", "id": ""}
    if isinstance(line, Line):
        row |= {"payee": storable(line.payee)[:200], "text": storable(line.text)[:1000], "kind": line.kind}
    return row | {"reason": kept(reason)}


def _tags(line: Line) -> tuple[list[str], list[str]]:
    """The tags of a line as an expense keeps them; and the words that are too many, or cannot be tags."""
    tags, others = set(), []
    for word in line.tags:
        tag = normal_tag(word.removeprefix("#"))
        if tag is None or len(tags | {tag}) > MOST_WORDS:
            others.append(word)
        else:
            tags.add(tag)
    return in_order(tags), others


def _text(text: str, words: list[str]) -> str:
    return " ".join([text, *(f"#{word}" for word in words)]).strip() if words else text


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def first_state(kind: str, amount: Decimal, is_ours: bool) -> str:
    """The state of a line that the ledger does not have. A refund that was in a ledger goes into one."""
    if is_ours and amount:
        return State.NEW
    if kind == Kind.PENDING:
        return State.PENDING
    return State.NEW if kind == Kind.BOOKED and amount < 0 else State.ASIDE


def first_plan(state: str) -> str:
    """What becomes of a line of this state as long as nobody decides."""
    return Plan.ADD if state == State.NEW else Plan.SKIP
