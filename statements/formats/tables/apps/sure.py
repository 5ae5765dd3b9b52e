"""Sure, and Maybe before it: in ``transactions.csv`` of the export plus is spent, and transfers are not marked.

The file that its import takes has other columns (``account``) and either sign; it is read as any spreadsheet.
"""

from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("date", "account_name", "amount", "name", "category", "tags", "notes", "currency"),)

DIALECT = Dialect(
    name="Sure",
    columns={
        Role.DATE: ("date",),
        Role.PAYEE: ("name",),
        Role.TEXT: ("notes",),
        Role.AMOUNT: ("amount",),
        Role.CURRENCY: ("currency",),
        Role.CATEGORY: ("category",),
        Role.ACCOUNT: ("account_name",),
        Role.TAGS: ("tags",),
    },
    sign=Sign.PLUS_IS_OUT,
    date_order="ymd",
    decimal="point",
)
