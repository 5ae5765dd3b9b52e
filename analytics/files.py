"""Figures as files, CSV and XLSX: machine names for columns, dates and numbers that are some, harmless texts."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook

from analytics.dimensions import MAY_BE_MANY, OVERLAPPING
from analytics.figures import Breakdown, Change, Figure, Matrix, Part
from analytics.naming import Naming
from expenses.exports import ExportFile
from expenses.exports.xlsx import amount_cell, amount_style, day_cell, text_cell
from expenses.formulas import guard
from ledgers.models import Ledger
from ledgers.money import exact

TOTAL, REST = "total", "rest"
OVERLAP = "an expense counts in each of its tags and once in the total"


class Share(Decimal):
    """A percentage, which has one decimal in every currency."""


@dataclass(frozen=True)
class Table:
    """A first row of names and rows of cells: a date, a text, an amount, a share, a number or nothing.

    A name may be any cell: that of a column of a month is its first day.
    """

    names: list[Any]
    rows: list[list[Any]]


class Tables:
    """Makes tables of figures. A part is its first day, or its name."""

    def __init__(self, naming: Naming):
        self.naming = naming

    def breakdown(self, by: str, found: Breakdown) -> Table:
        """A row for each part, which may be the rest of them, and one for all of them."""
        names = (REST if part.hidden else self._name(by, part.key) for part in found.parts)
        rows = [
            self._figures(name, part.figure, part.percentage)
            for name, part in zip(names, found.parts, strict=True)
        ]
        rows.append(self._figures(TOTAL, found.whole, found.percentage))
        return Table([_first_name(by), TOTAL, "gross", "refunds", "percentage", "count"], rows)

    def matrix(self, rows: str, columns: str, found: Matrix, lines: list[Part]) -> Table:
        """A row for each of these lines, a column for each column, and the totals of both."""
        keys = [column.key for column in found.columns]
        written = [
            [self._name(rows, line.key), *self._cells(found, line.key, keys), line.figure.total]
            for line in lines
        ]
        written.append([TOTAL, *(column.figure.total for column in found.columns), found.whole.total])
        return Table(
            [_first_name(rows, columns), *(self._name(columns, key) for key in keys), TOTAL], written
        )

    def comparison(self, changes: list[Change]) -> Table:
        """A row for each category, and one for all of them."""
        now, before = ([getattr(change, when) for change in changes] for when in ("now", "before"))
        whole = Change(None, sum(now, Figure()), sum(before, Figure()))
        rows = [self._change(self._name("category", change.key), change) for change in changes]
        names = ["category", TOTAL, "earlier_total", "change", "change_percentage"]
        return Table(names, [*rows, self._change(TOTAL, whole)])

    def _name(self, dimension: str, key: Any) -> date | str:
        if isinstance(key, date):
            return key
        return key if dimension in MAY_BE_MANY else self.naming.name(dimension, key)

    def _cells(self, found: Matrix, row: Any, keys: list) -> Iterator[Decimal | None]:
        for key in keys:
            figure = found.cells.get((row, key))
            yield figure and figure.total

    def _figures(self, name: date | str, figure: Figure, percentage: Decimal) -> list:
        return [name, figure.total, figure.gross, figure.refunds, Share(percentage), figure.count]

    def _change(self, name: str, change: Change) -> list:
        share = None if change.percentage is None else Share(change.percentage)
        return [name, change.now.total, change.before.total, change.change, share]


def _first_name(rows: str, columns: str = "") -> str:
    """Of the first column: what the rows are, and that an expense may be in several parts of a total if so."""
    return rows if OVERLAPPING.isdisjoint((rows, columns)) else f"{rows} ({OVERLAP})"


def write_csv(file: ExportFile, table: Table, ledger: Ledger):
    """As every other CSV file of ours: amounts plain, dates ISO, UTF-8."""
    with file.as_text() as text:
        writer = csv.writer(text)
        for row in (table.names, *table.rows):
            writer.writerow([_plain(cell, ledger.decimals) for cell in row])


def write_xlsx(file: ExportFile, table: Table, ledger: Ledger):
    """One sheet, whose names of rows and columns stay in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Analytics")
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 24
    style = amount_style(ledger.decimals)
    for row in (table.names, *table.rows):
        sheet.append([_cell(sheet, cell, style) for cell in row])
    book.save(file)


WRITERS: dict[str, Callable[[ExportFile, Table, Ledger], None]] = {"csv": write_csv, "xlsx": write_xlsx}


def _plain(cell: Any, decimals: int) -> str:
    match cell:
        case Share() | int():
            return str(cell)
        case Decimal():
            return exact(cell, decimals)
        case date():
            return cell.isoformat()
        case None:
            return ""
    return guard(cell)


def _cell(sheet, cell: Any, style: str) -> Any:
    match cell:
        case Share():
            return amount_cell(sheet, cell, amount_style(1))
        case Decimal():
            return amount_cell(sheet, cell, style)
        case date():
            return day_cell(sheet, cell)
        case str():
            return text_cell(sheet, cell)
    return cell
