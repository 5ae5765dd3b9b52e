"""QIF: lines that begin with the letter of their field, a record ends with "^".

Fields and sections as in Quicken's own description of the format. It says neither whether day or month comes first nor
what the decimal separator is; both are found out over all records, and asked for where all records leave them open.
A transaction is one line whatever its splits; its category is that of the largest split.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from statements.formats import limits
from statements.formats.decoding import ascii_of, decoded
from statements.formats.lines import (
    Choice,
    Kind,
    Line,
    Message,
    Question,
    Reading,
    Rejected,
    Unreadable,
    gettext_noop,
)
from statements.formats.tables.asking import ORDERS, SEPARATORS
from statements.formats.tables.reader import shown
from statements.formats.values import BadValue, amount_of, could_be_either, day, day_of, words

_HEADER = re.compile(r"^\s*!(?:Type|Account|Option|Clear)\b", re.IGNORECASE | re.MULTILINE)
_BARE = re.compile(
    r"\A\s*D[\t ]*[0-9]{1,4}[-/. ][^\n]{3,12}\r?[\n\r](?:[A-Z$][^\n]*\n){0,12}?\^", re.MULTILINE
)
_NUMBERS = re.compile(r"([0-9]{1,4})\s*[-/. ]\s*([0-9]{1,2})\s*([-/. '’])\s*([0-9]{2,4})")
MONEY = {"bank", "cash", "ccard", "oth a", "oth l"}
INVESTMENT = "invst"
LINES = 5_000  # of one record
PIVOT = 70  # years written with two digits are 1970 to 2069; after an apostrophe always 20…


def recognise(head: bytes, name: str) -> bool:
    text = ascii_of(head)
    return _HEADER.search(text) is not None or _BARE.search(text) is not None


def read(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading:
    warnings: list[Message] = []
    records = list(islice(_records(decoded(file.read()), warnings), limits.ROWS + 1))
    if len(records) > limits.ROWS:
        raise Unreadable(gettext_noop("There are more than %(most)s rows in this file."), most=limits.ROWS)
    if not records:
        raise Unreadable(gettext_noop("There are no transactions in this QIF file."))
    order, asked_order = _date_order(records, answers)
    decimal, asked_decimal = _decimal_separator(records, answers, order)
    lines = (_line(record, order, decimal) for record in records)
    questions = [*asked_order, *asked_decimal]
    return Reading("qif", lines, tuple(questions), warnings, signature="qif")


@dataclass(slots=True)
class _Record:
    number: int
    section: str
    account: str
    source: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    splits: list[dict[str, str]] = field(default_factory=list)

    def take(self, line: str):
        if len(self.source) > LINES:
            template = gettext_noop("The record in line %(line)s has no end: this is no QIF file.")
            raise Unreadable(template, line=self.number)
        self.source.append(line)
        code, value = line[0], line[1:].strip()
        if code == "S":
            self.splits.append({"S": value})
        elif self.splits and code not in "DTUPMNLC^":
            self.splits[-1].setdefault(code, value)
        else:
            self.fields.setdefault(code, value)

    @property
    def amount(self) -> str:
        return self.fields.get("T") or self.fields.get("U") or ""


def _records(text: str, warnings: list[Message]) -> Iterator[_Record]:
    """The records of the sections that hold transactions; lists of categories, prices, … are passed over."""
    section = "" if _HEADER.search(text) else "bank"
    account, record = "", None
    for number, line in enumerate(text.splitlines(), 1):
        mark = line.strip()
        if mark.startswith("!"):
            section, record = _section(mark, section), None
        elif mark == "^":
            if record and section == "account":
                account = record.fields.get("N", "")
            elif record and section in MONEY | {INVESTMENT}:
                yield record
            record = None
        elif mark and section:
            record = record or _Record(number, section, account)
            record.take(line.lstrip())
    if record and section in MONEY | {INVESTMENT}:
        template = gettext_noop("The last record (line %(line)s) has no end: the file may be incomplete.")
        warnings.append(Message(template, {"line": record.number}))
        yield record


def _section(mark: str, before: str) -> str:
    word, _, kind = mark[1:].partition(":")
    if word.lower() in ("option", "clear"):
        return before
    return kind.strip().lower() if word.lower() == "type" else word.strip().lower()


def _line(record: _Record, order: str, decimal: str) -> Line | Rejected:
    source = "\n".join(record.source)
    try:
        when = _day(record.fields.get("D", ""), order)
        is_investment = record.section == INVESTMENT
        amount = Decimal(0) if is_investment and not record.amount else amount_of(record.amount, decimal)
        category, *classes = _category(record, decimal)
        return Line(
            number=record.number,
            source=source,
            date=when,
            amount=amount,
            payee=words(record.fields.get("P")),
            text=words(record.fields.get("M")),
            kind=Kind.INVESTMENT if is_investment else _kind(record, amount),
            account=words(record.account),
            category="" if _is_account(category) else ": ".join(words(part) for part in category.split(":")),
            tags=tuple(words(name) for name in classes if name.strip()),
        )
    except BadValue as error:
        return Rejected(record.number, source, error.reason)


def _is_account(category: str) -> bool:
    return category.startswith("[")


def _kind(record: _Record, amount: Decimal) -> Kind:
    """A category in brackets is another account of the same person; for an opening balance it is this one."""
    if not amount or record.splits or not _is_account(record.fields.get("L", "")):
        return Kind.BOOKED
    return Kind.BALANCE if words(record.fields.get("P")).lower() == "opening balance" else Kind.TRANSFER


def _category(record: _Record, decimal: str) -> list[str]:
    """The category, and the classes after its slash; of the largest split that is no transfer, if there are any."""
    splits = [split for split in record.splits if not _is_account(split["S"])]
    largest = max(splits, key=lambda split: _size(split, decimal), default=None)
    return (largest["S"] if largest else record.fields.get("L", "")).split("/")


def _size(split: Mapping[str, str], decimal: str) -> Decimal:
    try:
        return abs(amount_of(split.get("$", ""), decimal))
    except BadValue:
        return Decimal(0)


def _day(text: str, order: str) -> date:
    match = _NUMBERS.match(text)
    if not match or len(match[1]) > 2:
        return day_of(text)
    first, second, mark, last = match.groups()
    year = int(last)
    if len(last) < 4:
        year += 2000 if year < PIVOT or mark in "'’" else 1900
    month, number = (first, second) if order == "mdy" else (second, first)
    return day(year, int(month), int(number), text)


def _date_order(records: list[_Record], answers: Mapping[str, str]) -> tuple[str, list[Question]]:
    """The order, dmy or mdy, that more dates can have; where both are possible, the person's, or else a question."""
    dates = {record.fields.get("D", "") for record in records}
    bad = {order: sum(_month(text, order) > 12 for text in dates) for order in ("dmy", "mdy")}
    doubtful = next((record for record in records if _is_doubtful(record.fields.get("D", ""))), None)
    if doubtful is None or bad["dmy"] != bad["mdy"]:
        return ("dmy" if bad["dmy"] <= bad["mdy"] else "mdy"), []
    if answers.get("date_order") in bad:
        return answers["date_order"], []
    text = gettext_noop("The dates can be read in more than one way. In which order are they written?")
    readings = {order: _line(doubtful, order, ".") for order in bad}
    return "dmy", [_question("date_order", text, ORDERS, readings)]


def _is_doubtful(text: str) -> bool:
    return len({_readable(text, "dmy"), _readable(text, "mdy"), None}) == 3


def _month(text: str, order: str) -> int:
    """What would be the month; also of a 31/02, which exists in no order and yet tells one."""
    match = _NUMBERS.match(text)
    return int(match[1 if order == "mdy" else 2]) if match and len(match[1]) < 3 else 0


def _readable(text: str, order: str) -> date | None:
    try:
        return _day(text, order)
    except BadValue:
        return None


def _decimal_separator(
    records: list[_Record], answers: Mapping[str, str], order: str
) -> tuple[str, list[Question]]:
    """A comma or point where amounts like "1,234" depend on it, told by the other amounts or asked for."""
    open_ones = [record for record in records if could_be_either(record.amount)]
    told = _told(record.amount for record in records)
    if not open_ones or told:
        return told, []
    separators = {"comma": ",", "point": "."}
    if answers.get("decimal") in separators:
        return separators[answers["decimal"]], []
    text = gettext_noop("The amounts can be read in more than one way. What separates their decimals?")
    readings = {value: _line(open_ones[0], order, separator) for value, separator in separators.items()}
    return ".", [_question("decimal", text, SEPARATORS, readings)]


def _question(
    key: str, text: str, labels: Mapping[str, str], readings: Mapping[str, Line | Rejected]
) -> Question:
    """The same questions as a table raises, so that a person knows them."""
    choices = (Choice(value, Message(labels[value]), shown(line)) for value, line in readings.items())
    return Question(key, Message(text), tuple(choices))


def _told(amounts: Iterable[str]) -> str:
    """The separator that stands last in more of the amounts that can be read in one way only."""
    votes = {",": 0, ".": 0}
    for amount in amounts:
        last = max(amount.rfind(","), amount.rfind("."))
        if last >= 0 and not could_be_either(amount):
            # Repeated, it separates thousands, so that the other one separates decimals.
            is_repeated = amount.count(amount[last]) > 1
            votes[{",": ".", ".": ","}[amount[last]] if is_repeated else amount[last]] += 1
    return "" if votes[","] == votes["."] else max(votes, key=votes.__getitem__)
