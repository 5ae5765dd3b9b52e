"""Tables of any origin (CSV, spreadsheets, HTML, pasted cells) as lines of a statement."""

from statements.formats.tables.reading import check, read_rows
from statements.formats.tables.rows import Cell, Row

__all__ = ["Cell", "Row", "check", "read_rows"]
