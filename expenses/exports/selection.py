"""What is exported: the expenses of a ledger that a filter lets through, in the order they are written in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from expenses.models import ExpenseQuerySet
from ledgers.models import Ledger

ROWS_AT_ONCE = 2_000


class TryAgain(Exception):
    """Nothing could be exported just now. The argument is a sentence that says why."""


@dataclass(frozen=True)
class Selection:
    """These expenses, all of this ledger; ``whole`` if they are every one, and nothing was asked to be left out."""

    ledger: Ledger
    expenses: ExpenseQuerySet
    whole: bool = False

    def rows(self, *columns: str) -> Iterator[tuple]:
        """These columns of each expense, oldest first: loaded in this order, a file gives the same file again.

        To be called in a transaction: PostgreSQL keeps the rows, and gives them out as they are asked for.
        """
        rows = self.expenses.order_by("date", "id").values_list(*columns)
        return rows.iterator(chunk_size=ROWS_AT_ONCE)


class Known(dict):
    """What is written for each category, by its id. It was read before the expenses, in a query of its own."""

    def __missing__(self, category_id: int):
        raise TryAgain(_("Somebody changed the categories meanwhile. Try again in a few seconds."))
