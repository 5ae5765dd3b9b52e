"""What the dialects of several applications do to a line in the same way."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line


def first(cells: Mapping[str, str], *names: str) -> str:
    """The first of these columns in which something stands."""
    return next((cells[name] for name in names if cells.get(name)), "")


def leaf(line: Line, cells: Mapping[str, str], *names: str) -> Line:
    """With the category that stands deepest: ``names`` are the columns of its levels, the deepest first.

    The ledger's categories have one level, and people know theirs by its own name ("Groceries", not "Everyday:
    Groceries"). Two groups that have a category of the same name therefore come together in one: their lines can be
    told apart by the untouched row, and mapped by hand.
    """
    return replace(line, category=first(cells, *names))


def transfer(line: Line, out: bool | None = None) -> Line:
    """As a transfer between own accounts, which leaves (``out``) or reaches the account, whatever sign was written."""
    amount = line.amount if out is None else -abs(line.amount) if out else abs(line.amount)
    return replace(line, kind=Kind.TRANSFER, amount=amount)
