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
WIDTHS = {"A": 12, "B": 14, "C": 22, "D": 44, "E": 28, "F": 16, "G": 22, "H": 38}  # characters
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
    style = amount_style(selection.ledger.decimals)
    count = 0
    for day, amount, *texts, months, tags, receipt in selection.rows(*FIELDS):
        written = [text_cell(sheet, text) for text in texts]
        words = [text_cell(sheet, text) for text in (" ".join(tags), str(receipt or ""))]
        sheet.append([day_cell(sheet, day), amount_cell(sheet, amount, style), *written, months, *words])
        count += 1
        if count == ROWS_AT_ONCE:
            file.take_seat()  # openpyxl keeps the rows in a file of its own until the end
    book.save(file)
    return count


def _heading(sheet, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def day_cell(sheet, day: date) -> WriteOnlyCell:
    """A real date; a text where spreadsheets do not know it."""
    if day < FIRST_DAY:
        return text_cell(sheet, day.isoformat())
    cell = WriteOnlyCell(sheet, day)
    cell.number_format = "yyyy-mm-dd"
    return cell


def amount_style(decimals: int) -> str:
    """How a spreadsheet shows a number with so many decimals: ``0.00``."""
    return f"0.{'0' * decimals}".rstrip(".")


def amount_cell(sheet, amount: Decimal, style: str) -> WriteOnlyCell:
    """A number, shown as the style of ``amount_style`` says."""
    cell = WriteOnlyCell(sheet, amount)
    cell.number_format = style
    return cell


def text_cell(sheet, text: str) -> WriteOnlyCell:
    """A text, which stays one."""
    cell = WriteOnlyCell(sheet, UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", guard(text)))
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    return cell
