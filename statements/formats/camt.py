"""CAMT.052, .053 and .054: ISO 20022 account reports, statements and notifications, of any version.

An entry (Ntry) is one line, whatever batch of transactions (TxDtls) it is made of: the account saw one amount. Its sign
is that of CdtDbtInd, also in a reversal, where RvslInd only says that the original went the other way.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from statements.formats.decoding import BOMS, ascii_of, decoded
from statements.formats.lines import Kind, Line, Message, Reading, Rejected, Unreadable, gettext_noop
from statements.formats.values import BadValue, amount_of, currency_of, day_of, words

_MESSAGE = re.compile(r"<(?:[\w.\-]+:)?BkToCstmr(AcctRpt|Stmt|DbtCdtNtfctn)[\s>/]")
_ENCODING = re.compile(r"<\?xml[^>]*encoding\s*=\s*[\"']([\w.\-]+)")
FORMATS = {"AcctRpt": "camt.052", "Stmt": "camt.053", "DbtCdtNtfctn": "camt.054"}
STATEMENTS = {"Rpt", "Stmt", "Ntfctn"}
HELD = {"Acct", "Ntry"}  # elements that are needed as a whole
DEPTH = 100  # elements inside each other
SIZE = 500_000  # elements of one entry
KINDS = {"PDNG": Kind.PENDING, "FUTR": Kind.PENDING, "INFO": Kind.NEUTRAL}  # BOOK and all others are booked


def recognise(head: bytes, name: str) -> bool:
    return _MESSAGE.search(ascii_of(head)) is not None


def read(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading:
    message = _MESSAGE.search(ascii_of(file.read(64 * 1024)))
    file.seek(0)
    return Reading(format=FORMATS[message[1]] if message else "camt.053", lines=_lines(file))


def _lines(file: BinaryIO) -> Iterator[Line | Rejected]:
    count, seen = 0, False
    account = owner = currency = ""
    try:
        for parent, element in _elements(_honest(file)):
            if element.tag in STATEMENTS:
                seen, account, owner, currency = True, "", "", ""
            elif element.tag == "Acct" and parent in STATEMENTS:
                account = _text(element, "Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id")
                owner, currency = _text(element, "Ownr/Nm"), currency_of(element.findtext("Ccy"))
            elif element.tag == "Ntry":
                seen, count = True, count + 1
                yield _line(element, count, account, owner, currency)
    except DefusedXmlException:
        raise Unreadable(
            gettext_noop("This file defines XML entities of its own, which no statement needs: refused.")
        ) from None
    except (ParseError, LookupError, ValueError) as error:
        if not count:
            raise Unreadable(gettext_noop("This XML file is damaged: %(why)s."), why=str(error)) from None
        yield Rejected(
            count + 1,
            "",
            Message(gettext_noop("The file is damaged from here on: %(why)s."), {"why": str(error)}),
        )
    if not seen:
        raise Unreadable(gettext_noop("There is no statement in this CAMT file."))


def _honest(file: BinaryIO) -> BinaryIO:
    """The file, made UTF-8 where it only claims to be."""
    raw = file.read()
    file.seek(0)
    declared = _ENCODING.search(ascii_of(raw[:200]))
    if raw.startswith(BOMS[1:]) or (declared and declared[1].lower() not in ("utf-8", "utf8")):
        return file
    try:
        raw.decode()
    except UnicodeDecodeError:
        return BytesIO(decoded(raw).encode())
    return file


def _elements(file: BinaryIO) -> Iterator[tuple[str, Element]]:
    """Each element at its end, without namespace, with the name above it; freed once it is no part of an entry."""
    above: list[Element] = []
    held, size = None, 0
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            element.tag = element.tag.rpartition("}")[2]
            above.append(element)
            size += 1
            if held is None and element.tag in HELD:
                held, size = element, 0
            if len(above) > DEPTH or size > SIZE:
                raise Unreadable(gettext_noop("This XML file is built like no statement: refused."))
            continue
        above.pop()
        if held is None or held is element:
            yield above[-1].tag if above else "", element
            held, size = None, 0
            if above:
                above[-1].remove(element)


def _text(element: Element, *paths: str) -> str:
    return next((found for path in paths if (found := words(element.findtext(path)))), "")


def _line(entry: Element, number: int, account: str, owner: str, currency: str) -> Line | Rejected:
    source = _source(entry)
    try:
        amount = _amount(entry)
        when = day_of(_text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"))
    except BadValue as error:
        return Rejected(number, source, error.reason)
    transactions = entry.findall("NtryDtls/TxDtls") or entry.findall("TxDtls")
    payees = _different(_party(transaction, entry, owner) for transaction in transactions)
    said = _different(_remittance(transaction) for transaction in transactions)
    return Line(
        number=number,
        source=source,
        date=when,
        amount=amount,
        currency=currency_of(entry.find("Amt").get("Ccy")) or currency,
        payee=payees[0] if len(payees) == 1 else "",
        text=words(*payees[: 0 if len(payees) == 1 else None], *said) or _text(entry, "AddtlNtryInf"),
        bank_id=_text(entry, "AcctSvcrRef") or _own_reference(transactions),
        kind=KINDS.get(_text(entry, "Sts/Cd", "Sts"), Kind.BOOKED),
        account=account,
    )


def _amount(entry: Element):
    amount = amount_of(entry.findtext("Amt") or "")
    mark = _text(entry, "CdtDbtInd").upper()
    if mark not in ("CRDT", "DBIT"):
        raise BadValue(gettext_noop("The entry does not say whether it is a credit or a debit."))
    return -amount if mark == "DBIT" and amount else amount


def _source(entry: Element) -> str:
    """The entry as text; blanks between elements, which another export may set differently, are left out."""
    entry.tail = None
    for element in entry.iter():
        if element.text and not element.text.strip():
            element.text = None
        element.tail = None
    return tostring(entry, "unicode")


def _party(transaction: Element, entry: Element, owner: str) -> str:
    """The other side: the creditor of what was paid, the debtor of what came in; the other way round in a reversal."""
    is_out = _text(entry, "CdtDbtInd").upper() == "DBIT"
    is_reversal = _text(entry, "RvslInd").lower() in ("true", "1")
    sides = ("Cdtr", "Dbtr") if is_out != is_reversal else ("Dbtr", "Cdtr")
    for side in sides:
        for name in (side, f"Ultmt{side}"):
            party = transaction.find(f"RltdPties/{name}")
            found = _text(party, ".//Nm") if party is not None else ""
            if found and found != owner:
                return found
    return ""


def _remittance(transaction: Element) -> str:
    information = transaction.find("RmtInf")
    parts = (
        []
        if information is None
        else [*information.findall("Ustrd"), *information.findall("Strd/AddtlRmtInf")]
    )
    if information is not None and not parts:
        parts = information.findall("Strd/CdtrRefInf/Ref")
    return words(*(part.text for part in parts)) or _text(transaction, "AddtlTxInf")


def _own_reference(transactions: list[Element]) -> str:
    return _text(transactions[0], "Refs/AcctSvcrRef") if len(transactions) == 1 else ""


def _different(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
