"""YNAB, the register of a budget: today's export and that of YNAB 4."""

import re
from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.apps.amending import first
from statements.formats.tables.dialects import Dialect, Role

HEADERS = (("date", "payee", "memo", "outflow", "inflow"),)
BALANCES = {"starting balance", "reconciliation balance adjustment", "manual balance adjustment"}
# Money that came in and waits to be assigned: a place in the budget, not a category.
INCOME = {"ready to assign", "to be budgeted", "available this month", "available next month"}
PART = re.compile(r"^\(?split \(?\d+/\d+\)?\)?\s*", re.IGNORECASE)  # "Split (1/2) what for"


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    """The parts of a split are rows of their own, and the whole is not in the file.

    A transfer that has a category is one to an account outside the budget (a loan, savings elsewhere): YNAB counts it
    as spent from that category, and so do we; its other half has none and is a transfer.
    """
    category = first(cells, "sub category", "category", "category group", "master category")
    line = replace(
        line, text=PART.sub("", line.text), category="" if category.lower() in INCOME else category
    )
    if line.payee.lower() in BALANCES:
        return replace(line, kind=Kind.BALANCE, category="")
    if re.match(r"transfer\s*:", line.payee, re.IGNORECASE) and not category:
        return replace(line, kind=Kind.TRANSFER)
    return line


DIALECT = Dialect(
    name="YNAB",
    columns={
        Role.DATE: ("Date",),
        Role.PAYEE: ("Payee",),
        Role.TEXT: ("Memo",),
        Role.DEBIT: ("Outflow",),
        Role.CREDIT: ("Inflow",),
        Role.ACCOUNT: ("Account",),
        Role.TAGS: ("Flag",),
    },
    amend=amend,
)
