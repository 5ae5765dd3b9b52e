"""MT940 and MT942, SWIFT's customer statements, as banks really write them.

An entry is field :61: with the :86: after it (SWIFT Standards MT, category 9). Read here and not by a library: those
known give up the whole file for one bad entry, and take a reversed credit (RC) for money in.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from statements.formats.decoding import ascii_of, decoded
from statements.formats.lines import HEAD, Kind, Line, Message, Reading, Rejected, gettext_noop
from statements.formats.mt940_information import information
from statements.formats.values import BadValue, amount_of, day, shown, words

_FIELD = re.compile(r":(\d\d[A-Z]?):(.*)")
_ENVELOPE = re.compile(r"^\{1:.*\{4:\s*|^\{[1-5]:[^}]*\}$")
_KNOWN = re.compile(r"^(?:\{1:[^\n]*\{4:)?\s*:(20|25|28C?|60[FM]|61|62[FM]|34F):", re.MULTILINE)
_OPENING = re.compile(r":60[FM]:[CD]\d{6}([A-Z]{3})")
_END = re.compile(r"-(?:XXX|\}.*)?")
_BALANCE = re.compile(r"[CD]?\d{6}([A-Z]{3})")
_LIMIT = re.compile(r"([A-Z]{3})[CD]?[\d,.]+")  # :34F: of an MT942
_ENTRY = re.compile(
    r"(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:\d{4})?\s*(?P<mark>RC|RD|EC|ED|C|D)[A-Z]?\s*"
    r"(?P<amount>[\d.,]+)(?![a-z$])\s*(?:[A-Z][A-Z0-9]{3})?(?P<own>[^\n]*?)(?://(?P<bank>[^\n]*))?(?:\n(?P<more>.*))?\Z",
    re.DOTALL,
)
OUT = {"D", "RC", "ED"}
EXPECTED = {"EC", "ED"}  # announced, not booked
ALPHABETS = {
    **dict.fromkeys(("PLN", "CZK", "HUF", "RON"), "cp1250"),
    **dict.fromkeys(("RUB", "UAH", "BGN", "BYN", "KZT"), "cp1251"),
    "TRY": "cp1254",
    "ILS": "cp1255",
}
NO_REFERENCE = {"", "NONREF", "NOREF", "NOTPROVIDED"}


def recognise(head: bytes, name: str) -> bool:
    return len(set(_KNOWN.findall(ascii_of(head).replace("\r", "\n")))) > 2


def read(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading:
    raw = file.read()
    reading = Reading(format="mt940", lines=iter(()))
    reading.lines = _lines(decoded(raw, _alphabets(raw)), reading.warnings)
    return reading


def _alphabets(raw: bytes) -> Iterator[str]:
    """What the currency says of the alphabet; the format has no place for that."""
    currency = _OPENING.search(ascii_of(raw[:HEAD]))
    if currency and currency[1] in ALPHABETS:
        yield ALPHABETS[currency[1]]


@dataclass(slots=True)
class _Field:
    tag: str
    number: int
    value: str = ""  # its lines, joined by "\n"
    is_cut: bool = False  # the file ends in the middle of its last line


def _fields(text: str) -> Iterator[_Field]:
    """The fields in order; the end of a message ("-") as a field without a tag."""
    field, lines = None, []
    for number, raw in enumerate(text.split("\n"), 1):
        line = _ENVELOPE.sub("", raw) if raw.startswith("{") else raw
        match = _FIELD.match(line)
        if match or _END.fullmatch(line.rstrip()):
            if field:
                field.value = "\n".join(lines)
                yield field
            field = _Field(match[1] if match else "", number)
            lines = [match[2]] if match else []
        elif field:
            lines.append(line)
    if field:
        field.is_cut = not text.endswith("\n")
        field.value = "\n".join(lines).rstrip("\n")
        yield field


class _Statement:
    """What the fields so far have said about the entries to come."""

    def __init__(self, warnings: list[Message]):
        self.warnings = warnings
        self.account = self.currency = ""
        self.is_open = False  # an opening balance, and no closing one yet

    def take(self, field: _Field, after_entry: bool):
        if field.tag == "25" and not after_entry:
            self.account = words(field.value).removeprefix("/")
        elif field.tag == "25":
            template = gettext_noop(
                "Line %(line)s names an account in the middle of the entries; it was ignored."
            )
            self.warnings.append(Message(template, {"line": field.number}))
        elif field.tag in ("60F", "60M", "62F", "62M"):
            balance = _BALANCE.match(field.value)
            self.currency = balance[1] if balance else self.currency
            self.is_open = field.tag.startswith("60")
        elif field.tag == "34F" and (limit := _LIMIT.match(field.value)):
            self.currency = limit[1]


def _lines(text: str, warnings: list[Message]) -> Iterator[Line | Rejected]:
    statement = _Statement(warnings)
    entry = last = None
    for field in _fields(text):
        if entry and field.tag == "86":
            yield _line(entry, field, statement)
            entry = None
        elif field.tag != "86":
            if entry:
                yield _line(entry, None, statement)
            statement.take(field, after_entry=entry is not None)
            entry = field if field.tag == "61" else None
        last = field
    if entry and not entry.is_cut:
        yield _line(entry, None, statement)
    yield from _cut(entry, last, statement)


def _cut(entry: _Field | None, last: _Field | None, statement: _Statement) -> Iterator[Rejected]:
    """Whatever the file ends in the middle of: an entry, a statement, or the amount of its closing balance."""
    if entry and entry.is_cut:
        yield Rejected(
            entry.number,
            f":61:{entry.value}",
            Message(gettext_noop("The file ends inside this entry; it is incomplete.")),
        )
    elif last and (statement.is_open or (last.is_cut and last.value.endswith(","))):
        reason = Message(gettext_noop("The file ends before the closing balance; it is incomplete."))
        yield Rejected(last.number, f":{last.tag}:{last.value}", reason)


def _line(entry: _Field, about: _Field | None, statement: _Statement) -> Line | Rejected:
    source = f":61:{entry.value}" + (f"\n:86:{about.value}" if about else "")
    match = _ENTRY.match(entry.value)
    try:
        if not match:
            raise BadValue(
                gettext_noop("“%(entry)s” is not an entry of a statement."), entry=shown(entry.value)
            )
        when = _day(match, entry, statement.warnings)
        amount = amount_of(match["amount"])
    except BadValue as error:
        return Rejected(entry.number, source, error.reason)
    payee, text = information(about.value) if about else ("", "")
    reference = words(match["bank"])
    return Line(
        number=entry.number,
        source=source,
        date=when,
        amount=-amount if match["mark"] in OUT and amount else amount,
        currency=statement.currency,
        payee=payee,
        text=text or ("" if payee else words(match["more"]) or _own(match["own"])),
        bank_id="" if reference in NO_REFERENCE else reference,
        kind=Kind.PENDING if match["mark"] in EXPECTED else Kind.BOOKED,
        account=statement.account,
    )


def _own(reference: str) -> str:
    return "" if words(reference) in NO_REFERENCE else words(reference)


def _day(match: re.Match, entry: _Field, warnings: list[Message]) -> date:
    """The value date. A 30 February of months of thirty days is the last day of February, and said so."""
    year, month, number = int(match["year"]), int(match["month"]), int(match["day"])
    year += 2000 if year < 80 else 1900  # where SWIFT draws the line
    if month == 2 and 28 < number <= 30:
        last = calendar.monthrange(year, 2)[1]
        if number > last:
            template = gettext_noop(
                "Line %(line)s is dated %(day)s February; it is taken as the last day of that month."
            )
            warnings.append(Message(template, {"line": entry.number, "day": number}))
            number = last
    return day(year, month, number, entry.value[:6])
