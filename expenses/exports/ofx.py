"""OFX 2.1.1, the XML one: https://financialdataexchange.org/FDX/About/OFX-Work-Group.aspx

The ledger is an account that begins at zero; what was spent went out of it. OFX knows no categories: the memo
ends with them. A name has 32 characters there, so what it cuts off stands in the memo as well.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date
from decimal import Decimal
from xml.sax.saxutils import escape

from django.db.models import Max, Min
from django.utils import timezone

from expenses.exports.seats import ExportFile
from expenses.exports.selection import Selection
from ledgers.money import exact

FIELDS = ("id", "date", "amount", "category__name", "payee", "notes")
LONGEST_NAME = 32
UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufffe\uffff]+")  # XML cannot hold some of them
HEAD = """\
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><DTSERVER>{now}</DTSERVER>\
<LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>0</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><STMTRS>
<CURDEF>{currency}</CURDEF><BANKACCTFROM><BANKID>0</BANKID><ACCTID>{account}</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE>\
</BANKACCTFROM>
<BANKTRANLIST><DTSTART>{start:%Y%m%d}</DTSTART><DTEND>{end:%Y%m%d}</DTEND>
"""
TAIL = """\
</BANKTRANLIST><LEDGERBAL><BALAMT>{balance}</BALAMT><DTASOF>{end:%Y%m%d}</DTASOF></LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1>
</OFX>
"""


def write(file: ExportFile, selection: Selection) -> int:
    """One statement, with a transaction for each expense and the balance after all of them."""
    decimals, count, balance = selection.ledger.decimals, 0, Decimal(0)
    facts = _facts(selection)
    with file.as_text() as text:
        text.write(HEAD.format_map(facts))
        for pk, day, amount, *texts in selection.rows(*FIELDS):
            text.writelines(_transaction(pk, day, exact(-amount, decimals), *texts))
            balance -= amount
            count += 1
        text.write(TAIL.format_map(facts | {"balance": exact(balance, decimals)}))
    return count


def _facts(selection: Selection) -> dict:
    """What the head says. An account without expenses has a statement of today."""
    days = selection.expenses.order_by().aggregate(start=Min("date"), end=Max("date"))
    now, ledger = timezone.now().astimezone(UTC), selection.ledger
    return {
        "now": f"{now:%Y%m%d%H%M%S}",
        "currency": ledger.currency,
        "account": ledger.pk,
        "start": days["start"] or now,
        "end": days["end"] or now,
    }


def _transaction(pk: int, day: date, amount: str, category: str, payee: str, notes: str) -> Iterator[str]:
    category, payee, notes = _plain(category), _plain(payee), _plain(notes)
    name = payee or notes or category
    name = name[:LONGEST_NAME].rstrip()
    memo = [text for text in (payee, notes) if text and text != name] + [category]
    kind = "DEBIT" if amount.startswith("-") else "CREDIT"
    # Noon, so that no time zone makes another day of it.
    yield f"<STMTTRN><TRNTYPE>{kind}</TRNTYPE><DTPOSTED>{day:%Y%m%d}120000</DTPOSTED><TRNAMT>{amount}</TRNAMT>"
    yield f"<FITID>{pk}</FITID><NAME>{_xml(name)}</NAME><MEMO>{_xml('; '.join(memo))}</MEMO></STMTTRN>\n"


def _xml(text: str) -> str:
    """In ASCII, because some readers take every OFX file for that."""
    return escape(text).encode("ascii", "xmlcharrefreplace").decode()


def _plain(text: str) -> str:
    return UNSEEN.sub(" ", text).strip()
