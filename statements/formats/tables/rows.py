"""A row of a table as a reader of bytes gives it to the tabular core."""

import time
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from statements.formats.limits import SECONDS
from statements.formats.lines import TOO_LONG, Unreadable

Cell = (
    str | date | Decimal
)  # a typed cell of a spreadsheet is a date or a Decimal; all else is text, "" if empty


class Row(NamedTuple):
    """``number`` is the line it begins on, from 1; ``source`` its untouched text.

    ``reason`` is "" or the template of a message that says why the row as such is broken; such a row is rejected.
    """

    number: int
    source: str
    cells: list[Cell] | tuple[Cell, ...]
    reason: str = ""


def in_time(rows: Iterable[Row]) -> Iterator[Row]:
    """Each row. Raises Unreadable where all of them, which are held before the first line, take too long."""
    until = time.monotonic() + SECONDS
    for count, row in enumerate(rows, 1):
        if count % 10_000 == 0 and time.monotonic() > until:
            raise Unreadable(TOO_LONG)
        yield row
