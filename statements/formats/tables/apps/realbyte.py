"""Money Manager by Realbyte: unsigned amounts and a word; the category of a transfer is the other account."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.apps.amending import leaf, transfer
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("category", "subcategory", "note", "income/expense", "description", "amount"),)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    if line.kind == Kind.TRANSFER:
        return replace(transfer(line, out="in" not in cells["income/expense"].lower()), category="")
    if cells["category"].lower().startswith("modified bal"):
        return replace(line, kind=Kind.BALANCE, category="")
    return leaf(line, cells, "subcategory", "category")


DIALECT = Dialect(
    name="Money Manager",
    columns={
        Role.DATE: ("Date", "Period"),
        Role.TEXT: ("Note", "Description"),
        Role.AMOUNT: ("Amount",),
        Role.CURRENCY: ("Currency",),
        Role.KIND: ("Income/Expense",),
        Role.ACCOUNT: ("Account", "Accounts"),
    },
    words={
        "expense": Sign.PLUS_IS_OUT,
        "exp.": Sign.PLUS_IS_OUT,
        "income": Sign.MINUS_IS_OUT,
        "transfer": Kind.TRANSFER,
        "transfer-out": Kind.TRANSFER,
        "transfer-in": Kind.TRANSFER,
        "income balance": Kind.BALANCE,
        "expense balance": Kind.BALANCE,
    },
    sign=Sign.MINUS_IS_OUT,
    amend=amend,
)
