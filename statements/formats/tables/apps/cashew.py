"""Cashew: a column says whether it is income; transfers and corrections share a category."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.apps.amending import leaf
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("account", "amount", "currency", "title", "note", "date", "income", "category name"),)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    """Of a transfer, Cashew writes two corrections of balances whose notes begin with "Transferred Balance"."""
    if cells["category name"].lower() == "balance correction":
        transferred = cells["note"].lower().startswith("transferred balance")
        return replace(line, kind=Kind.TRANSFER if transferred else Kind.BALANCE, category="")
    return leaf(line, cells, "subcategory name", "category name")


DIALECT = Dialect(
    name="Cashew",
    columns={
        Role.DATE: ("date",),
        Role.PAYEE: ("title",),
        Role.TEXT: ("note",),
        Role.AMOUNT: ("amount",),
        Role.CURRENCY: ("currency",),
        Role.DIRECTION: ("income",),
        Role.ACCOUNT: ("account",),
    },
    words={"true": Sign.ALL_IN, "false": Sign.ALL_OUT},
    amend=amend,
)
