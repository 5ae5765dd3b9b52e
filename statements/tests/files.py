"""Statement files that are made up, and imports of them, for tests."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import NamedTuple

from ledgers.models import Ledger
from statements.models import Import, Statement, StatementLine
from statements.staging import read
from statements.uploading import begin_import


class Booked(NamedTuple):
    """What really happened on an account; minus is money out."""

    day: date
    amount: Decimal
    payee: str
    bank_id: str = ""


def booked(day: str, amount: str, payee: str = "Coffee", bank_id: str = "") -> Booked:
    return Booked(date.fromisoformat(f"2024-{day}"), Decimal(amount), payee, bank_id)


def csv(lines: Iterable[Booked]) -> bytes:
    """A file that leaves no question open and has no ids of a bank."""
    amounts = [(f"{-line.amount};" if line.amount < 0 else f";{line.amount}", line) for line in lines]
    rows = [f"{line.day};{line.payee};{amount}" for amount, line in amounts]
    return "\n".join(["Date;Payee;Debit;Credit", *rows, ""]).encode()


def ofx(lines: Iterable[Booked], account: str = "DE99300") -> bytes:
    entries = "".join(
        f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{line.day:%Y%m%d}<TRNAMT>{line.amount}<FITID>{line.bank_id}"
        f"<NAME>{line.payee}</STMTTRN>\n"
        for line in lines
    )
    head = (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UTF-8\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>"
    )
    account = f"<CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>"
    return f"{head}{account}<BANKTRANLIST>\n{entries}</BANKTRANLIST></STMTRS></OFX>".encode()


def staged(ledger: Ledger, *contents: bytes, user=None) -> Import:
    """An import of these files, read."""
    of_import = begin_import(
        ledger, user, [(f"{n}.csv", BytesIO(content)) for n, content in enumerate(contents)]
    )
    for statement in of_import.statements.filter(state=Statement.State.WAITING):
        read(statement)
    of_import.refresh_from_db()
    return of_import


def lines_of(of_import: Import) -> list[tuple[str, str, str]]:
    """State, plan and amount of each line, as they were read."""
    found = StatementLine.objects.of(of_import).order_by("pk")
    return [
        (line.state, line.plan, "" if line.amount is None else f"{line.amount.normalize():f}")
        for line in found
    ]
