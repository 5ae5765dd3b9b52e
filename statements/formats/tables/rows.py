"""A row of a table as a reader of bytes gives it to the tabular core."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

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
