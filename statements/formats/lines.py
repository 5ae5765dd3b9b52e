"""What every reader of statement files gives out, whatever the format. Pure Python, without Django."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import BinaryIO, Protocol


def gettext_noop(text: str) -> str:
    """Marks a text for translation; the reader itself stays in English."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for a person: a text that was marked with ``gettext_noop`` and what is filled into it.

    The page shows ``gettext(template) % values``; ``str()`` gives the English.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self):
        return self.template % self.values if self.values else self.template


class Unreadable(Exception):
    """The file as a whole cannot be read. Its message is one clear sentence that says why, and what to do."""

    def __init__(self, template: str, **values):
        self.message = Message(template, values)
        super().__init__(str(self.message))


class Kind(StrEnum):
    """What a line is. Only those that are booked moved money from or to others, and are counted."""

    BOOKED = "booked"
    PENDING = "pending"  # not booked yet
    TRANSFER = "transfer"  # between the owner's own accounts, where the file itself says so
    BALANCE = "balance"  # opening, closing, turnover, reconciliation
    NEUTRAL = "neutral"  # the source itself calls it neither income nor expense
    CLOSED = "closed"  # did not happen: closed, declined, reversed before it was booked
    SETTLEMENT = "settlement"  # a payment between people who share costs
    INVESTMENT = "investment"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement.

    ``number`` is the line of the file it begins on, from 1 (for files without lines: the running number of the entry);
    ``source`` is the untouched text of it, which overlapping files of the same account have in common. ``amount`` is
    signed: minus is money out. ``currency`` is an ISO 4217 code, "" where the file does not state one. ``bank_id`` is
    the bank's own id of the entry. ``account`` is the account's number or name as the file has it; ``category`` and
    ``tags`` are those of another application's export. ``payee`` is who was paid, ``text`` everything else that was
    said about it, both with blanks collapsed. ``spread_months`` is over how many months our own export spreads an
    expense, 0 where that is no number; ``receipt`` the id that parts of one payment have in common there.
    """

    number: int
    source: str
    date: date
    amount: Decimal
    currency: str = ""
    payee: str = ""
    text: str = ""
    bank_id: str = ""
    kind: Kind = Kind.BOOKED
    account: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    spread_months: int = 1
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that cannot be read, and why. The others are offered all the same."""

    number: int
    source: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question. ``example`` is a real row of the file as this answer would read it."""

    value: str
    label: Message
    example: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a file leaves open. ``key`` and the ``value`` of a choice are the answer given to ``read``."""

    key: str
    text: Message
    choices: tuple[Choice, ...]


@dataclass(slots=True)
class Reading:
    """A file that is being read.

    ``lines`` is used up once, lazily; while it is, ``warnings`` grows. While there are ``questions``, ``lines`` are
    those of the likeliest reading, and nobody may take them before the questions are answered. ``format`` is the name
    the corpus uses: csv, ofx1-sgml, ofx2-xml, qif, camt.052, camt.053, camt.054, mt940, xlsx. ``dialect`` names what
    the file was recognised as ("Mint", "YNAB"; "" for a plain one). ``signature`` is the same for every file of the
    same columns: answers are remembered for it; "" where a format never asks. ``is_ours`` is true for our own export.
    """

    format: str
    lines: Iterator[Line | Rejected]
    questions: tuple[Question, ...] = ()
    warnings: list[Message] = field(default_factory=list)
    dialect: str = ""
    signature: str = ""
    is_ours: bool = False


class Format(Protocol):
    """What each module in this folder offers.

    ``recognise`` looks at the first ``HEAD`` bytes and the file's name (which may lie: content decides) and says
    whether ``read`` should be tried. ``read`` takes a seekable binary file at its begin and the answers given so far,
    by question; it raises Unreadable, at once or while ``lines`` is used up.
    """

    def recognise(self, head: bytes, name: str) -> bool: ...

    def read(self, file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading: ...


TOO_LONG = gettext_noop("Reading this file takes too long.")
HEAD = 64 * 1024
