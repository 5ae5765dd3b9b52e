"""Toshl: expense and income in two columns, transfers and corrections as categories."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.dialects import Dialect, Role

HEADERS = (("date", "category", "tags", "expense amount", "income amount", "currency"),)
KINDS = {"transfer": Kind.TRANSFER, "reconciliation": Kind.BALANCE}


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    return replace(line, kind=KINDS.get(line.category.lower(), line.kind))


DIALECT = Dialect(
    name="Toshl",
    columns={
        Role.DATE: ("Date",),
        Role.TEXT: ("Description",),
        Role.DEBIT: ("Expense amount",),
        Role.CREDIT: ("Income amount",),
        Role.CURRENCY: ("Currency",),  # of the amount; "In main currency" is Toshl's own conversion
        Role.CATEGORY: ("Category",),
        Role.ACCOUNT: ("Account",),
        Role.TAGS: ("Tags",),
    },
    amend=amend,
)
