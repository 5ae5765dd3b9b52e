"""WYGIWYH: the table of its transactions as it is stored; a transfer is two of them and not marked."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("account", "category", "tags", "entities", "amount", "id", "type", "is_paid", "date"),)
YES = {"1", "true"}


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    if cells.get("deleted", "").lower() in YES:
        return replace(line, kind=Kind.CLOSED)
    return line if cells["is_paid"].lower() in YES else replace(line, kind=Kind.PENDING)


DIALECT = Dialect(
    name="WYGIWYH",
    columns={
        Role.DATE: ("date",),
        Role.PAYEE: ("entities",),
        Role.TEXT: ("description", "notes"),
        Role.AMOUNT: ("amount",),
        Role.DIRECTION: ("type",),
        Role.CATEGORY: ("category",),
        Role.ACCOUNT: ("account",),
        Role.TAGS: ("tags",),
        Role.ID: ("id",),
    },
    words={"ex": Sign.PLUS_IS_OUT, "in": Sign.MINUS_IS_OUT},
    date_order="ymd",
    amend=amend,
)
