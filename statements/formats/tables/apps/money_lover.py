"""Money Lover: signed amounts; transfers and corrections as categories. Its ID is a running number of the file."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (
    ("note", "amount", "category", "account", "currency", "date", "exclude report"),
    ("note", "amount", "category", "wallet", "currency", "date", "exclude report"),
)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    excluded = line.kind == Kind.BOOKED and cells["exclude report"].strip().lower() in {"true", "yes", "1"}
    return replace(line, kind=Kind.NEUTRAL) if excluded else line


DIALECT = Dialect(
    name="Money Lover",
    columns={
        Role.DATE: ("Date",),
        Role.TEXT: ("Note",),
        Role.AMOUNT: ("Amount",),
        Role.CURRENCY: ("Currency",),
        Role.KIND: ("Category",),
        Role.CATEGORY: ("Category",),
        Role.ACCOUNT: ("Account", "Wallet"),
        Role.TAGS: ("Event",),
    },
    words={
        "outgoing transfer": Kind.TRANSFER,
        "incoming transfer": Kind.TRANSFER,
        "adjust balance": Kind.BALANCE,
        "initial balance": Kind.BALANCE,
    },
    sign=Sign.MINUS_IS_OUT,
    amend=amend,
)
