"""ezBookkeeping, CSV or TSV: the type decides the sign, and a negative expense is a refund."""

from collections.abc import Mapping

from statements.formats.lines import Kind, Line
from statements.formats.tables.apps.amending import leaf, transfer
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("time", "timezone", "type", "category", "sub category", "account", "amount", "account2"),)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    """A transfer is one row: it leaves Account, and Account2 says where it went."""
    line = leaf(line, cells, "sub category", "category")
    return transfer(line, out=True) if line.kind == Kind.TRANSFER else line


DIALECT = Dialect(
    name="ezBookkeeping",
    columns={
        Role.DATE: ("Time",),  # as it was where it happened; Timezone is left alone
        Role.TEXT: ("Description",),
        Role.AMOUNT: ("Amount",),
        Role.CURRENCY: ("Account Currency",),
        Role.KIND: ("Type",),
        Role.ACCOUNT: ("Account",),
        Role.TAGS: ("Tags",),
    },
    words={
        "income": Sign.MINUS_IS_OUT,
        "expense": Sign.PLUS_IS_OUT,
        "transfer": Kind.TRANSFER,
        "balance modification": Kind.BALANCE,
    },
    sign=Sign.MINUS_IS_OUT,
    date_order="ymd",
    decimal="point",
    tag_separator=";",
    amend=amend,
)
