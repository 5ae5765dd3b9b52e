"""Sure, and Maybe before it: in ``transactions.csv`` of the export plus is spent, and transfers are not marked.

The file that its import takes has other columns (``account``) and either sign; it is read as any spreadsheet.
"""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (
    ("date", "account_name", "amount", "name", "category", "tags", "notes", "currency"),
    ("date", "account_name", "ticker", "quantity", "price", "amount", "currency"),  # trades.csv beside it
)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    return replace(line, kind=Kind.INVESTMENT, payee=cells["ticker"]) if "ticker" in cells else line


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
    amend=amend,
)
