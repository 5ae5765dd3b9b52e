"""Firefly III, transactions: one row a journal, so that the parts of a split are rows of their own."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("type", "amount", "date", "source_name", "destination_name"),)
CASH = "Cash account"  # where Firefly was not told who was paid


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    """Money goes from the source to the destination: which is ours and which the payee depends on the type."""
    source, destination = cells["source_name"], cells["destination_name"]
    if cells["type"].strip().lower() == "deposit":
        return replace(line, account=destination, payee="" if cells.get("source_type") == CASH else source)
    return replace(line, account=source, payee="" if cells.get("destination_type") == CASH else destination)


DIALECT = Dialect(
    name="Firefly III",
    columns={
        Role.DATE: ("date",),
        Role.TEXT: ("description", "notes"),
        Role.AMOUNT: ("amount",),
        Role.CURRENCY: ("currency_code",),
        Role.KIND: ("type",),
        Role.CATEGORY: ("category",),
        Role.TAGS: ("tags",),
        Role.ID: ("journal_id",),
    },
    words={
        "withdrawal": Sign.ALL_OUT,
        "deposit": Sign.ALL_IN,
        "transfer": Kind.TRANSFER,
        "opening balance": Kind.BALANCE,
        "liability credit": Kind.BALANCE,
        "reconciliation": Kind.BALANCE,
    },
    sign=Sign.MINUS_IS_OUT,
    date_order="ymd",
    decimal="point",
    amend=amend,
)
