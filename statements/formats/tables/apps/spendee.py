"""Spendee: the type decides, also where the amount is signed."""

from collections.abc import Mapping

from statements.formats.lines import Kind, Line
from statements.formats.tables.apps.amending import transfer
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("date", "wallet", "type", "category name", "amount", "currency"),)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    if line.kind == Kind.TRANSFER:
        return transfer(line, out=cells["type"].strip().lower().startswith("outgoing"))
    return line


DIALECT = Dialect(
    name="Spendee",
    columns={
        Role.DATE: ("Date",),
        Role.TEXT: ("Note",),
        Role.AMOUNT: ("Amount",),
        Role.CURRENCY: ("Currency",),
        Role.KIND: ("Type",),
        Role.CATEGORY: ("Category name",),
        Role.ACCOUNT: ("Wallet",),
        Role.TAGS: ("Labels",),
    },
    words={
        "expense": Sign.ALL_OUT,
        "income": Sign.ALL_IN,
        "outgoing transfer": Kind.TRANSFER,
        "incoming transfer": Kind.TRANSFER,
    },
    sign=Sign.MINUS_IS_OUT,
    amend=amend,
)
