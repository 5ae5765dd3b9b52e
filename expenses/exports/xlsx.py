"""A workbook with one sheet that has the columns of the CSV file: real dates, real numbers, and texts that stay texts.

Texts are guarded as in CSV: a text cell is not calculated, but it would be once somebody saves the sheet as CSV. What
XML cannot hold is written as ``_x001F_``, which spreadsheets read back (ECMA-376, part 1, 22.9.2.19).
"""

import re
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from expenses.exports.csv import COLUMNS, FIELDS
from expenses.exports.seats import ExportFile
from expenses.exports.selection import ROWS_AT_ONCE, Selection
from expenses.formulas import guard

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"A": 12, "B": 14, "C": 22, "D": 44, "E": 28}  # characters
# Line breaks but \n are lost when XML is read; what looks like an escape would be taken for one.
UNWRITABLE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
FIRST_DAY = date(1900, 3, 1)  # before it, spreadsheets do not agree which number a day is


def write(file: ExportFile, selection: Selection) -> int:
    """The names of the columns, which stay in sight, and a row for each expense."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Expenses")
    sheet.freeze_panes = "A2"
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.append([_heading(sheet, name) for name in COLUMNS])
    style = f"0.{'0' * selection.ledger.decimals}".rstrip(".")
    count = 0
    for day, amount, *texts in selection.rows(*FIELDS):
        sheet.append(
            [_day(sheet, day), _amount(sheet, amount, style), *(_text(sheet, text) for text in texts)]
        )
        count += 1
        if count == ROWS_AT_ONCE:
            file.take_seat()  # openpyxl keeps the rows in a file of its own until the end
    book.save(file)
    return count


def _heading(sheet, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _day(sheet, day: date) -> WriteOnlyCell:
    if day < FIRST_DAY:
        return _text(sheet, day.isoformat())
    cell = WriteOnlyCell(sheet, day)
    cell.number_format = "yyyy-mm-dd"
    return cell


def _amount(sheet, amount: Decimal, style: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, amount)
    cell.number_format = style
    return cell


def _text(sheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", guard(text)))
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    return cell
