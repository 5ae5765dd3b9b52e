"""Actual: the export of an account, or of all of them."""

import re
from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("account", "date", "payee", "notes", "category", "amount", "cleared"),)
WHOLE = re.compile(r"^\(SPLIT INTO \d+\)")
PART = re.compile(r"^\(SPLIT \d+ OF \d+\)\s*")


def amend(line: Line, cells: Mapping[str, str]) -> Line | None:
    """A split is a row of its own with amount 0, followed by its parts: the parts are the lines.

    The export of an older version wrote "Group: Category", and then a column Reconciled.
    """
    if WHOLE.match(line.text):
        return None
    category = line.category.partition(": ")[2] if "reconciled" in cells else ""
    line = replace(line, text=PART.sub("", line.text), category=category or line.category)
    if line.category == "Starting Balances" or line.payee == "Starting Balance":
        return replace(line, kind=Kind.BALANCE, category="")
    return replace(line, kind=Kind.TRANSFER) if line.payee.startswith("Transfer:") else line


DIALECT = Dialect(
    name="Actual",
    columns={
        Role.DATE: ("Date",),
        Role.PAYEE: ("Payee",),
        Role.TEXT: ("Notes",),
        Role.AMOUNT: ("Amount",),
        Role.CATEGORY: ("Category",),
        Role.ACCOUNT: ("Account",),
    },
    sign=Sign.MINUS_IS_OUT,
    date_order="ymd",
    decimal="point",
    own_payees=True,
    amend=amend,
)
