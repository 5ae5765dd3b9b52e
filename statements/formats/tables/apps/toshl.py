"""Toshl: expense and income in two columns, transfers and corrections as categories."""

from statements.formats.lines import Kind
from statements.formats.tables.dialects import Dialect, Role

HEADERS = (("date", "category", "tags", "expense amount", "income amount", "currency"),)

DIALECT = Dialect(
    name="Toshl",
    columns={
        Role.DATE: ("Date",),
        Role.TEXT: ("Description",),
        Role.DEBIT: ("Expense amount",),
        Role.CREDIT: ("Income amount",),
        Role.CURRENCY: ("Currency",),  # of the amount; "In main currency" is Toshl's own conversion
        Role.KIND: ("Category",),
        Role.CATEGORY: ("Category",),
        Role.ACCOUNT: ("Account",),
        Role.TAGS: ("Tags",),
    },
    words={"transfer": Kind.TRANSFER, "reconciliation": Kind.BALANCE},
)
