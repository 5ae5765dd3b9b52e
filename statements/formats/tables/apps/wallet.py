"""Wallet by BudgetBakers: signed amounts, both halves of a transfer marked as such."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Line
from statements.formats.tables.apps.amending import transfer
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("account", "category", "currency", "amount", "ref_currency_amount", "type", "date"),)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    if cells.get("transfer", "").strip().lower() == "true" or line.category.upper() == "TRANSFER":
        return replace(transfer(line), category="")
    return line


DIALECT = Dialect(
    name="Wallet",
    columns={
        Role.DATE: ("date",),
        Role.PAYEE: ("payee",),
        Role.TEXT: ("note",),
        Role.AMOUNT: ("amount",),
        Role.CURRENCY: ("currency",),
        Role.CATEGORY: ("category",),
        Role.ACCOUNT: ("account",),
        Role.TAGS: ("labels",),
    },
    sign=Sign.MINUS_IS_OUT,
    date_order="ymd",
    tag_separator=",|",
    amend=amend,
)
