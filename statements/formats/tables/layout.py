"""Where in a file the table is: what stands before it, its names of columns, its rows."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from statements.formats.lines import Unreadable, gettext_noop
from statements.formats.tables.dates import is_date
from statements.formats.tables.dialects import Role
from statements.formats.tables.headers import meaning
from statements.formats.tables.numbers import parts
from statements.formats.tables.rows import Cell, Row
from statements.formats.tables.texts import clean

SEARCHED = 120  # rows in which the names of the columns are looked for
MONEY = {Role.AMOUNT, Role.DEBIT, Role.CREDIT}


class Layout(NamedTuple):
    """``header`` has the names of the columns, without outer blanks; it is empty where the file has none."""

    preamble: Sequence[Row]
    header: tuple[str, ...]
    body: Sequence[Row]


def text_of(cell: Cell) -> str:
    """The cell as text: of a typed one, as ISO 8601 and plain decimals have it."""
    return (
        cell
        if isinstance(cell, str)
        else format(cell, "f")
        if isinstance(cell, Decimal)
        else cell.isoformat()
    )


def holds_date(cell: Cell) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and is_date(cell))


def holds_number(cell: Cell) -> bool:
    return isinstance(cell, Decimal) or (isinstance(cell, str) and bool(cell) and parts(cell) is not None)


def find(rows: Sequence[Row]) -> Layout:
    """Find the table. Raises Unreadable where no row has a date and an amount, nor names for such columns."""
    first = rows[:SEARCHED]
    scores = [_score(row) for row in first]
    best = max(scores, default=0)
    if best >= 4:
        at = scores.index(best)
        return Layout(rows[:at], _names(rows[at]), rows[at + 1 :])
    at = _first_movement(first)
    if at is None:
        raise Unreadable(
            gettext_noop(
                "No table with dates and amounts is found in this file. Is it a list of transactions?"
            )
        )
    if at and _is_named_by(rows[at - 1], rows[at]):
        return Layout(rows[: at - 1], _names(rows[at - 1]), rows[at:])
    return Layout(rows[:at], (), rows[at:])


def _names(row: Row) -> tuple[str, ...]:
    return tuple(clean(text_of(cell)) for cell in row.cells)


def _score(row: Row) -> int:
    """How much of a row is names of columns: those of dates and amounts count most, and no other can do without."""
    if any(not isinstance(cell, str) or is_date(cell) for cell in row.cells):
        return 0
    roles = [found.role for cell in row.cells if cell and (found := meaning(clean(cell)))]
    found = set(roles)
    if (Role.DATE not in found and not found & MONEY) or len(found) < 2:
        return 0
    return len(found) + 2 * (Role.DATE in found) + 2 * bool(found & MONEY)


def _first_movement(rows: Sequence[Row]) -> int | None:
    """The first row with an amount and its dates where most have them: one before it may have a date and a balance."""
    places = {
        at: tuple(place for place, cell in enumerate(row.cells) if holds_date(cell))
        for at, row in enumerate(rows)
        if _is_movement(row)
    }
    usual = Counter(places.values()).most_common(1)
    return next((at for at, found in places.items() if found == usual[0][0]), None)


def _is_movement(row: Row) -> bool:
    dates = [cell for cell in row.cells if holds_date(cell)]
    numbers = [cell for cell in row.cells if holds_number(cell) and not holds_date(cell)]
    return bool(dates and numbers)


def _is_named_by(names: Row, row: Row) -> bool:
    """Whether the row before the first movement has names of columns in words we do not know."""
    filled = [cell for cell in names.cells if cell]
    if len(filled) < 3 or len(filled) < sum(1 for cell in row.cells if cell) - 1:
        return False
    return not any(holds_date(cell) or holds_number(cell) for cell in filled)
