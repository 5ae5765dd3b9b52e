"""Our own export, which is read back exactly as it was written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from expenses.formulas import unguard
from statements.formats.lines import Line
from statements.formats.tables.dialects import Dialect, Role, Sign

BEFORE_SPREAD = ("date", "amount", "category", "notes", "payee")  # as it was up to 1.3
MONTHS = "spread_months"
COLUMNS = (*BEFORE_SPREAD, MONTHS)


def _with_months(line: Line, cells: Mapping[str, str]) -> Line:
    said = cells.get(MONTHS) or "1"
    return replace(line, spread_months=int(said) if re.fullmatch("[0-9]{1,3}", said) else 0)


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
    amend=_with_months,
)


def recognise(header: Sequence[str]) -> Dialect | None:
    """Our dialect, if these are exactly our columns."""
    return DIALECT if tuple(header) in (COLUMNS, BEFORE_SPREAD) else None


def restore(text: str) -> str:
    """The text as it was before it was made harmless for spreadsheets. PostgreSQL cannot hold U+0000."""
    return unguard(text.replace("\x00", ""))
