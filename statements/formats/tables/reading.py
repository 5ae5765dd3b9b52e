"""Rows of any origin become the lines of a statement, or one precise question per open matter."""

from collections.abc import Iterable, Mapping

from statements.formats.lines import Reading
from statements.formats.tables.rows import Row


def read_rows(rows: Iterable[Row], answers: Mapping[str, str], format: str = "csv") -> Reading:
    """Read rows, the preamble and header among them, in file order.

    Raises Unreadable where no table with dates and amounts is found.
    """
    raise NotImplementedError
