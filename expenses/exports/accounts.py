"""Categories as the accounts of plain-text accounting, each with a name of its own, the same in every export."""

from collections.abc import Callable

from expenses.exports.selection import Known
from expenses.models import Category
from ledgers.models import Ledger

EXPENSES, OTHER_SIDE = "Expenses", "Assets:Unknown"


def accounts(ledger: Ledger, part: Callable[[str], str]) -> Known:
    """``Expenses:Food`` by the id of each category.

    ``part`` makes a category's name into what the format allows as a part of an account. Where that makes two alike,
    whatever their case, the later ones get a number: ``Expenses:Food-2``.
    """
    known, taken = Known(), set()
    for pk, name in Category.objects.in_ledger(ledger).values_list("pk", "name"):
        base = account = f"{EXPENSES}:{part(name)}"
        number = 1
        while account.casefold() in taken:
            number += 1
            account = f"{base}-{number}"
        taken.add(account.casefold())
        known[pk] = account
    return known
