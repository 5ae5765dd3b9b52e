"""ExpenseOwl since version 4: minus is spent."""

from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("id", "name", "category", "amount", "currency", "date", "tags"),)

DIALECT = Dialect(
    name="ExpenseOwl",
    columns={
        Role.DATE: ("Date",),
        Role.PAYEE: ("Name",),
        Role.AMOUNT: ("Amount",),
        Role.CURRENCY: ("Currency",),
        Role.CATEGORY: ("Category",),
        Role.TAGS: ("Tags",),
        Role.ID: ("ID",),
    },
    sign=Sign.MINUS_IS_OUT,
    date_order="ymd",
    decimal="point",
)
