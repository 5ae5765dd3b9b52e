"""What a statement file holds, as figures: read without touching the database."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext

from statements import formats
from statements.formats.lines import Kind, Line, Message, Question, Reading, Rejected, Unreadable

TEXT = 90  # characters of a row's text that are shown


def said(message: Message) -> str:
    """The sentence in the language of whoever reads it."""
    return gettext(message.template) % message.values if message.values else gettext(message.template)


def text_of(line: Line) -> str:
    """Payee and text as one, short enough for a table."""
    return f"{line.payee} {line.text}".strip()[:TEXT].strip()


@dataclass(slots=True)
class Figures:
    """How many lines, and how much money out and in, both zero or more, in the file's own precision."""

    count: int = 0
    outflow: Decimal = Decimal(0)
    inflow: Decimal = Decimal(0)

    def add(self, amount: Decimal):
        self.count += 1
        if amount < 0:
            self.outflow -= amount
        else:
            self.inflow += amount

    def as_json(self) -> dict:
        return {"count": self.count, "outflow": f"{self.outflow:f}", "inflow": f"{self.inflow:f}"}


@dataclass(slots=True)
class Summary:
    """The figures of one file, or of all files of an archive together."""

    files: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    groups: dict[Kind, Figures] = field(default_factory=lambda: {Kind.BOOKED: Figures()})
    currencies: dict[str, Figures] = field(default_factory=dict)
    days: tuple = ()  # first and last
    first: Line | None = None
    last: Line | None = None
    rejected: list[dict] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    warnings: list[Message] = field(default_factory=list)
    refused: list[Message] = field(default_factory=list)  # files that could not be read

    def add(self, line: Line | Rejected):
        if isinstance(line, Rejected):
            self.rejected.append({"line": line.number, "reason": said(line.reason)})
            return
        self.groups.setdefault(line.kind, Figures()).add(line.amount)
        if line.kind == Kind.BOOKED:
            self.currencies.setdefault(line.currency, Figures()).add(line.amount)
            low, high = self.days or (line.date, line.date)
            self.days = min(low, line.date), max(high, line.date)
            self.first, self.last = self.first or line, line

    def finish(self, reading: Reading):
        self.formats.append(reading.format)
        self.questions |= {question.key: question for question in reading.questions}
        self.warnings += reading.warnings

    @property
    def outcome(self) -> str:
        """In the words of the corpus; see its MANIFEST.json."""
        booked = self.groups[Kind.BOOKED].count
        if not self.formats:
            return "reject"
        if self.questions:
            return "ask_user"
        if self.rejected or self.refused:
            return "partial" if booked else "reject_rows"
        if not booked:
            return "nothing_to_import"
        return "ok_with_warnings" if self.warnings else "ok"

    @property
    def currency(self) -> str | None:
        """The one of all booked lines; None where they are several, or not stated."""
        return next(iter(self.currencies)) or None if len(self.currencies) == 1 else None

    def as_json(self) -> dict:
        found = {
            "outcome": self.outcome,
            "format": ", ".join(dict.fromkeys(self.formats)) or None,
            **self.groups[Kind.BOOKED].as_json(),
            "currency": self.currency,
            "date_min": self.days[0].isoformat() if self.days else None,
            "date_max": self.days[1].isoformat() if self.days else None,
            "first_row": _row(self.first),
            "last_row": _row(self.last),
            "rejected": self.rejected,
            "questions": [_question(question) for question in self.questions.values()],
            "message": " ".join(self._sentences()) or None,
        }
        found |= {kind.value: f.as_json() for kind, f in self.groups.items() if kind != Kind.BOOKED}
        if len(self.currencies) > 1:
            found["by_currency"] = {code: f.as_json() for code, f in self.currencies.items()}
        return found | ({"files": self.files} if len(self.files) > 1 else {})

    def _sentences(self) -> Iterable[str]:
        yield from map(said, self.refused)
        yield from (said(question.text) for question in self.questions.values())
        yield from map(said, self.warnings)


def summarise(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Summary:
    """Read a file, or every file of an archive. Never raises for what is in it."""
    whole = Summary()
    try:
        for member, content in formats.unpack(file, name):
            whole = _with(whole, content, member, answers)
    except Unreadable as error:
        whole.refused.append(error.message)
    return whole


def _with(before: Summary, file: BinaryIO, name: str, answers: Mapping[str, str]) -> Summary:
    """Both together. A file that turns out to be unreadable on the way adds nothing to the figures."""
    before.files.append(name)
    whole = deepcopy(before)
    try:
        reading = formats.read(file, name, answers)
        for line in reading.lines:
            whole.add(line)
    except Unreadable as error:
        before.refused.append(error.message)
        return before
    whole.finish(reading)
    return whole


def _row(line: Line | None) -> dict | None:
    if line is None:
        return None
    return {
        "date": line.date.isoformat(),
        "amount": f"{line.amount:f}",
        "currency": line.currency or None,
        "text": text_of(line),
    }


def _question(question: Question) -> dict:
    choices = [{"value": choice.value, "example": choice.example} for choice in question.choices]
    return {"key": question.key, "text": said(question.text), "choices": choices}
