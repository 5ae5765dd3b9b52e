"""Mint (closed in 2024; its export lives on): unsigned amounts and a word, transfers known by their category."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (
    ("date", "description", "original description", "amount", "transaction type", "category", "account name"),
)
# The categories of Mint's group "Transfer", which its own reports leave out.
TRANSFERS = {"transfer", "credit card payment", "transfer for cash spending"}


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    if line.category.lower() in TRANSFERS:
        return replace(line, kind=Kind.TRANSFER)
    return replace(line, category="") if line.category.lower() == "uncategorized" else line


DIALECT = Dialect(
    name="Mint",
    columns={
        Role.DATE: ("Date",),
        Role.PAYEE: ("Description",),
        Role.TEXT: ("Original Description", "Notes"),
        Role.AMOUNT: ("Amount",),
        Role.DIRECTION: ("Transaction Type",),
        Role.CATEGORY: ("Category",),
        Role.ACCOUNT: ("Account Name",),
        Role.TAGS: ("Labels",),
    },
    words={"debit": Sign.PLUS_IS_OUT, "credit": Sign.MINUS_IS_OUT},
    date_order="mdy",
    amend=amend,
)
