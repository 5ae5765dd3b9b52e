"""Our own export, which is read back exactly as it was written."""

from collections.abc import Sequence

from expenses.formulas import unguard
from statements.formats.tables.dialects import Dialect, Role, Sign

COLUMNS = ("date", "amount", "category", "notes", "payee")
DIALECT = Dialect(
    name="",
    columns={
        Role.DATE: ("date",),
        Role.AMOUNT: ("amount",),
        Role.CATEGORY: ("category",),
        Role.TEXT: ("notes",),
        Role.PAYEE: ("payee",),
    },
    sign=Sign.PLUS_IS_OUT,
    date_order="ymd",
    decimal="point",
    is_ours=True,
)


def recognise(header: Sequence[str]) -> Dialect | None:
    """Our dialect, if these are exactly our columns."""
    return DIALECT if tuple(header) == COLUMNS else None


def restore(text: str) -> str:
    """The text as it was before it was made harmless for spreadsheets. PostgreSQL cannot hold U+0000."""
    return unguard(text.replace("\x00", ""))
