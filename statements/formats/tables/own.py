"""Our own export, which is read back exactly as it was written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from expenses.formulas import unguard
from statements.formats.lines import Line
from statements.formats.tables.dialects import Dialect, Role, Sign

BEFORE_SPREAD = ("date", "amount", "category", "notes", "payee")  # as it was up to 1.3
MONTHS = "spread_months"
BEFORE_TAGS = (*BEFORE_SPREAD, MONTHS)  # up to 1.4
COLUMNS = (*BEFORE_TAGS, "tags", "receipt")


def _with_more(line: Line, cells: Mapping[str, str]) -> Line:
    said = cells.get(MONTHS) or "1"
    months = int(said) if re.fullmatch("[0-9]{1,3}", said) else 0
    return replace(line, spread_months=months, receipt=cells.get("receipt", ""))


DIALECT = Dialect(
    name="",
    columns={
        Role.DATE: ("date",),
        Role.AMOUNT: ("amount",),
        Role.CATEGORY: ("category",),
        Role.TEXT: ("notes",),
        Role.PAYEE: ("payee",),
        Role.TAGS: ("tags",),
    },
    sign=Sign.PLUS_IS_OUT,
    date_order="ymd",
    decimal="point",
    tag_separator=" ",
    is_ours=True,
    amend=_with_more,
)


def recognise(header: Sequence[str]) -> Dialect | None:
    """Our dialect, if these are exactly our columns."""
    return DIALECT if tuple(header) in (COLUMNS, BEFORE_TAGS, BEFORE_SPREAD) else None


def restore(text: str) -> str:
    """The text as it was before it was made harmless for spreadsheets. PostgreSQL cannot hold U+0000."""
    return unguard(text.replace("\x00", ""))
