"""Categories as the accounts of plain-text accounting, each with a path of its own, the same in every export."""

from collections.abc import Callable
from typing import NamedTuple

from expenses.exports.selection import Known
from expenses.models import Category
from ledgers.models import Ledger

EXPENSES, OTHER_SIDE = "Expenses", "Assets:Unknown"


class Account(NamedTuple):
    """``path`` is ``Expenses:Food``; ``name`` the category's own."""

    path: str
    name: str


def accounts(ledger: Ledger, part: Callable[[str], str]) -> Known:
    """The account of each category, by its id.

    ``part`` makes a category's name into what the format allows as a part of a path. Where that makes two alike,
    whatever their case, the later ones get a number: ``Expenses:Food-2``.
    """
    known, taken = Known(), set()
    for pk, name in Category.objects.in_ledger(ledger).values_list("pk", "name"):
        base = path = f"{EXPENSES}:{part(name)}"
        number = 1
        while path.casefold() in taken:
            number += 1
            path = f"{base}-{number}"
        taken.add(path.casefold())
        known[pk] = Account(path, name)
    return known
