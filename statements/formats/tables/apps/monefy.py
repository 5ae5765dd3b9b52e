"""Monefy: signed amounts; transfers and opening balances are categories that name an account."""

import re
from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.apps.amending import transfer
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("date", "account", "category", "amount", "currency", "converted amount", "description"),)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    if re.fullmatch(r"(To|From) '.*'", line.category):
        return replace(transfer(line), category="")
    if re.fullmatch(r"Initial balance '.*'", line.category):
        return replace(line, kind=Kind.BALANCE, category="")
    return line


DIALECT = Dialect(
    name="Monefy",
    columns={
        Role.DATE: ("date",),
        Role.TEXT: ("description",),
        Role.AMOUNT: ("amount",),
        Role.CURRENCY: ("currency",),
        Role.CATEGORY: ("category",),
        Role.ACCOUNT: ("account",),
    },
    sign=Sign.MINUS_IS_OUT,
    amend=amend,
)
