"""OFX and QFX: the SGML of version 1.x and the XML of 2.x, as banks really write them.

One tolerant reader for both: end tags of fields may be missing in "XML" and present in SGML, the header may be missing
or lie about the encoding, fields may be empty or unknown. What makes an entry is in OFX 2.3, section 11.4.4.1.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from statements.formats.decoding import ascii_of, decoded
from statements.formats.lines import Kind, Line, Message, Reading, Rejected, Unreadable, gettext_noop
from statements.formats.values import BadValue, amount_of, currency_of, day_of, words

_TAG = re.compile(r"<(/?)(?:\w{1,9}:)?([A-Za-z][\w.\-]*)(?:\s[^<>]*?)?(/?)>")
_OPENING = re.compile(r"<(?:\w{1,9}:)?OFX[\s>]", re.IGNORECASE)
_STATEMENT = re.compile(r"<(?:\w{1,9}:)?(?:CC|INV)?STMTRS>", re.IGNORECASE)
_ERROR = re.compile(
    r"<CODE>\s*([1-9]\d*)(?:[^<]*<(?!/STATUS)/?[^>]*>){0,4}?[^<]*<MESSAGE>([^<]*)", re.IGNORECASE
)
_CODE = re.compile(r"<CODE>\s*([1-9]\d*)", re.IGNORECASE)
_CHARSET = re.compile(r"(?:CHARSET|ENCODING)\s*[:=]\s*[\"']?([\w\-]+)", re.IGNORECASE)

ENTRIES = {"STMTTRN": Kind.BOOKED, "STMTTRNP": Kind.PENDING}
LISTS = {
    "BANKTRANLIST",
    "BANKTRANLISTP",
    "INVTRANLIST",
    "STMTRS",
    "CCSTMTRS",
    "INVSTMTRS",
    "INVBANKTRAN",
    "OFX",
}
ACCOUNTS = {"BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"}


def recognise(head: bytes, name: str) -> bool:
    text = ascii_of(head)
    return "OFXHEADER" in text[:2000].upper() or _OPENING.search(text) is not None


def read(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading:
    raw = file.read()
    text = _without_cdata(decoded(raw, _declared(raw)))
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise Unreadable(
            gettext_noop("This file defines XML entities of its own, which no statement needs: refused.")
        )
    if not _STATEMENT.search(text) and "<STMTTRN>" not in text.upper():
        raise _no_statement(text)
    is_xml = re.search(r"<\?OFX|<\?xml", text[:2000]) is not None
    reading = Reading(format="ofx2-xml" if is_xml else "ofx1-sgml", lines=iter(()))
    reading.lines = _lines(text, reading.warnings)
    return reading


def _declared(raw: bytes) -> Iterator[str]:
    """The encodings a header names: CHARSET:1252, CHARSET:8859-1, ENCODING:UTF-8, <?xml encoding="…"?>."""
    for name in _CHARSET.findall(ascii_of(raw[:2000]).partition("<OFX>")[0]):
        if name.isdigit():
            yield f"cp{name}"
        elif name.upper() not in ("NONE", "USASCII", "US-ASCII", "UNICODE"):
            yield f"iso-{name}" if name.startswith("8859") else name


def _no_statement(text: str) -> Unreadable:
    error = _ERROR.search(text) or _CODE.search(text)
    if not error:
        return Unreadable(gettext_noop("There is no statement in this OFX file."))
    said = words(html.unescape(error[2])) if error.lastindex == 2 else ""
    return Unreadable(
        gettext_noop(
            "This is the bank server's error answer (code %(code)s) instead of a statement. "
            "Download the statement again. %(said)s"
        ),
        code=error[1],
        said=said,
    )


def _without_cdata(text: str) -> str:
    """``<![CDATA[AT & T]]>`` as ``AT &amp; T``."""
    begin, *parts = text.split("<![CDATA[")
    for index, part in enumerate(parts):
        inner, end, rest = part.partition("]]>")
        parts[index] = html.escape(inner, quote=False) + rest if end else part
    return "".join([begin, *parts])


def _tokens(text: str) -> Iterator[tuple[str, str, str, int]]:
    """Each tag as (mark, name, what follows it, position); mark is "/" for an end tag and for an empty one."""
    last = None
    for match in _TAG.finditer(text):
        if last:
            yield last[1] or last[3], last[2].upper(), text[last.end() : match.start()], last.start()
        last = match
    if last:
        yield last[1] or last[3], last[2].upper(), text[last.end() :], last.start()


@dataclass(slots=True)
class _Entry:
    """A transaction while its fields come in. The first field of a name counts."""

    tag: str
    start: int
    number: int
    fields: dict[str, str] = field(default_factory=dict)
    in_original: bool = False  # inside ORIGCURRENCY, whose currency is not that of the amount

    def take(self, mark: str, name: str, value: str):
        if name == "ORIGCURRENCY":
            self.in_original = not mark
        elif not mark and value and not (name == "CURSYM" and self.in_original):
            self.fields.setdefault("CURSYM" if name == "CURRENCY" else name, value)


class _Context:
    """What a file has said so far that holds for the entries to come."""

    def __init__(self):
        self.currency = self.account = ""
        self.inside = ""

    def take(self, mark: str, name: str, value: str):
        if name in ACCOUNTS:
            self.inside = "" if mark else name
            self.account = self.account if mark else ""
        elif name == "ACCTID" and self.inside and not mark:
            self.account = value
        elif name == "CURDEF" and not mark:
            self.currency, self.account = value, ""


def _lines(text: str, warnings: list[Message]) -> Iterator[Line | Rejected]:
    context, ids = _Context(), _Ids(warnings)
    entry, number, counted = None, 1, 0
    for mark, name, value, at in _tokens(text):
        if entry and (name in ENTRIES or name in LISTS):
            yield ids.seen(_line(entry, text[entry.start : at], context))
            entry = None
        if name in ENTRIES and not mark:
            number += text.count("\n", counted, at)
            counted = at
            entry = _Entry(name, at, number)
        elif entry:
            entry.take(mark, name, _plain(value))
        else:
            context.take(mark, name, _plain(value))
    if entry:
        reason = Message(gettext_noop("The file ends inside this entry; it is incomplete."))
        yield Rejected(entry.number, text[entry.start :], reason)
    ids.warn()


def _plain(value: str) -> str:
    """Without entities: many banks escape twice, and some not at all."""
    return words(html.unescape(html.unescape(value)) if "&" in value else value)


def _line(entry: _Entry, source: str, context: _Context) -> Line | Rejected:
    get = entry.fields.get
    try:
        return Line(
            number=entry.number,
            source=source.strip(),
            date=day_of(get("DTPOSTED") or get("DTTRAN") or ""),
            amount=amount_of(get("TRNAMT") or ""),
            currency=currency_of(get("CURSYM")) or currency_of(context.currency),
            payee=get("NAME") or get("PAYEE") or "",
            text=words(get("EXTDNAME"), get("MEMO")),
            bank_id=get("FITID") or "",
            kind=ENTRIES[entry.tag],
            account=context.account,
        )
    except BadValue as error:
        return Rejected(entry.number, source.strip(), error.reason)


class _Ids:
    """Warns of entries that their bank gave no id, or one id for two of them. All are kept."""

    def __init__(self, warnings: list[Message]):
        self.warnings = warnings
        self.known: set[tuple[str, str]] = set()
        self.twice: set[str] = set()
        self.without = 0

    def seen(self, line: Line | Rejected) -> Line | Rejected:
        if isinstance(line, Line):
            key = (line.account, line.bank_id)
            if not line.bank_id:
                self.without += 1
            elif key in self.known:
                self.twice.add(line.bank_id)
            self.known.add(key)
        return line

    def warn(self):
        if self.without:
            template = gettext_noop("%(count)s entries have no id of the bank.")
            self.warnings.append(Message(template, {"count": self.without}))
        if self.twice:
            template = gettext_noop("The bank gave one id to several entries (%(id)s): all of them are kept.")
            self.warnings.append(Message(template, {"id": ", ".join(sorted(self.twice)[:3])}))
