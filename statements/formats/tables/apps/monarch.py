"""Monarch: signed amounts, transfers known by their category."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("date", "merchant", "category", "account", "original statement", "notes", "amount"),)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    return replace(line, category="") if line.category.lower() == "uncategorized" else line


DIALECT = Dialect(
    name="Monarch",
    columns={
        Role.DATE: ("Date",),
        Role.PAYEE: ("Merchant",),
        Role.TEXT: ("Original Statement", "Notes"),
        Role.AMOUNT: ("Amount",),
        Role.KIND: ("Category",),
        Role.CATEGORY: ("Category",),
        Role.ACCOUNT: ("Account",),
        Role.TAGS: ("Tags",),
        Role.ID: ("Id",),
    },
    # Its group "Transfers", which its own reports leave out.
    words={
        "transfer": Kind.TRANSFER,
        "credit card payment": Kind.TRANSFER,
        "balance adjustments": Kind.BALANCE,
    },
    sign=Sign.MINUS_IS_OUT,
    amend=amend,
)
