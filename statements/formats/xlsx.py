"""XLSX workbooks: the cells of visible sheets, as the tabular core takes them. Hidden rows are rows like others."""

import re
import warnings as python_warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel

from statements.formats import limits
from statements.formats.archive import has_too_many_entries
from statements.formats.lines import Line, Message, Reading, Rejected, Unreadable, gettext_noop
from statements.formats.tables.reading import read_rows
from statements.formats.tables.rows import Cell, Row, in_time

python_warnings.filterwarnings(
    "ignore", module="openpyxl"
)  # of styles and extensions, which nobody here needs
SHEET_ROWS = 1_048_576  # Excel's own limit
# What XML cannot hold, and line breaks it would lose (ECMA-376, part 1, 22.9.2.19); no NUL and no half of a character.
ESCAPED = re.compile("_x(?!0000|[Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
SERIALS = range(36526, 73051)  # 2000 to 2099, counted from 1900
NO_VALUE = gettext_noop(
    "There is a formula whose value is not in the file; open and save it in a spreadsheet program."
)
EXACT = 15  # digits that a spreadsheet shows of a number


def recognise(head: bytes, name: str) -> bool:
    return head.startswith(b"PK\x03\x04") and (b"[Content_Types].xml" in head or b"xl/" in head)


def read(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading:
    with_formulas = _check(file)
    file.seek(0)
    try:
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        written = load_workbook(file, read_only=True, keep_links=False) if with_formulas else None
    except Exception as error:  # openpyxl lets through whatever its many parts raise
        raise _damaged() from error
    return _joined(
        *_readings(workbook, written, answers), [s.title for s in workbook.worksheets if not _visible(s)]
    )


def _check(file: BinaryIO) -> bool:
    """Refuses what would unpack to too much; says whether there are formulas in the sheets."""
    if has_too_many_entries(file):
        raise _too_much()
    try:
        archive = ZipFile(file)
        parts = archive.infolist()
        sheets = [part for part in parts if "worksheets/" in part.filename]
        others = [part for part in parts if part.filename.endswith((".xml", ".rels")) and part not in sheets]
        if not any(part.filename.endswith("workbook.xml") for part in others):
            raise Unreadable(
                gettext_noop("This file is no spreadsheet that can be read; save it as .xlsx or CSV.")
            )
        if _is_bomb(sheets, limits.WORKBOOK) or _is_bomb(others, limits.BYTES):
            raise _too_much()
        return any(_has_formulas(archive, sheet) for sheet in sheets)
    except (BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise _damaged() from error


def _is_bomb(parts: list[ZipInfo], most: int) -> bool:
    unpacked, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
    return unpacked > most or unpacked > max(1_000_000, limits.RATIO * packed)


def _has_formulas(archive: ZipFile, sheet: ZipInfo) -> bool:
    with archive.open(sheet) as xml:
        end = b""
        while block := xml.read(1 << 20):
            if b"<f>" in (seen := end + block) or b"<f " in seen:
                return True
            end = block[-2:]
    return False


def _too_much() -> Unreadable:
    return Unreadable(gettext_noop("This spreadsheet unpacks to too much: refused."))


def _damaged() -> Unreadable:
    return Unreadable(
        gettext_noop("This spreadsheet is damaged or protected; save it again as .xlsx or CSV.")
    )


def _visible(sheet) -> bool:
    return sheet.sheet_state == "visible"


def _readings(workbook, written, answers: Mapping[str, str]) -> tuple[list[tuple[str, Reading]], Unreadable]:
    """What can be read of the visible sheets, each with its name, and why the first of the others cannot."""
    found, problem = [], None
    for sheet in filter(_visible, workbook.worksheets):
        rows = list(in_time(_rows(sheet, written[sheet.title] if written else None)))
        try:
            if rows:
                found.append((sheet.title, _table(rows, answers)))
        except Unreadable as error:
            problem = problem or error
    return found, problem or Unreadable(gettext_noop("The sheet has no rows."))


def _table(rows: list[Row], answers: Mapping[str, str]) -> Reading:
    """The rows as a table. Where there are no dates, whole numbers of a whole column may be days without a format."""
    try:
        return read_rows(rows, answers, "xlsx")
    except Unreadable:
        numbers = _serial_days(rows)
        if not numbers:
            raise
        return read_rows([_with_days(row, numbers) for row in rows], answers, "xlsx")


def _serial_days(rows: list[Row]) -> set[int]:
    """The columns that hold no other numbers than days of this century, as spreadsheets count them."""
    days, others = set(), set()
    for row in rows:
        for index, cell in enumerate(row.cells):
            if isinstance(cell, Decimal):
                (days if int(cell) == cell and int(cell) in SERIALS else others).add(index)
    return days - others


def _with_days(row: Row, columns: set[int]) -> Row:
    return row._replace(
        cells=[
            from_excel(int(cell)).date() if index in columns and isinstance(cell, Decimal) else cell
            for index, cell in enumerate(row.cells)
        ]
    )


def _rows(sheet, written) -> Iterator[Row]:
    """The rows that hold anything."""
    kept, numeric = 0, set()  # columns that numbers were seen in
    for number, (values, formulas) in enumerate(_pairs(sheet, written), 1):
        cells = [_cell(value) for value in values]
        unknown = [
            index for index, formula in enumerate(formulas) if formula is not None and values[index] is None
        ]
        for index in unknown:
            cells[index] = str(getattr(formulas[index], "text", formulas[index]))
        numeric.update(index for index, cell in enumerate(cells) if isinstance(cell, Decimal))
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            kept += 1
            reason = NO_VALUE if numeric.intersection(unknown) else ""
            yield Row(number, "\t".join(map(str, cells)), cells, reason)
        if len(cells) > limits.COLUMNS or kept > limits.ROWS or number > SHEET_ROWS:
            raise Unreadable(gettext_noop("The sheet “%(sheet)s” is too large."), sheet=sheet.title)


def _pairs(sheet, written) -> Iterable[tuple[tuple, tuple]]:
    # The size a sheet claims may be too small or a million rows.
    sheet.reset_dimensions()
    if written:
        written.reset_dimensions()
    formulas = written.iter_rows(values_only=True) if written else repeat(())
    try:
        yield from zip(sheet.iter_rows(values_only=True), formulas, strict=False)
    except Exception as error:  # as above
        raise _damaged() from error


def _cell(value) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    return value if isinstance(value, date) else str(value)


def _number(value: float) -> Cell:
    """As a spreadsheet shows it: 0.1 + 0.2 is 0.3."""
    text = repr(value)
    number = Decimal(text)
    return number if len(number.as_tuple().digits) <= EXACT else Decimal(f"{value:.{EXACT}g}")


def _joined(found: list[tuple[str, Reading]], problem: Unreadable, hidden: list[str]) -> Reading:
    """The first table, and those of other sheets with the same columns; the others are named in a warning."""
    if not found:
        raise problem
    (_, first), *others = found
    same = [reading for _, reading in others if reading.signature == first.signature]
    template = gettext_noop("The sheet “%(sheet)s” was not read: it has other columns than the first.")
    unread = [Message(template, {"sheet": name}) for name, reading in others if reading not in same]
    template = gettext_noop("The hidden sheet “%(sheet)s” was not read.")
    unread += [Message(template, {"sheet": name}) for name in hidden]
    questions = {question.key: question for reading in (first, *same) for question in reading.questions}
    first.questions = tuple(questions.values())
    first.warnings += unread
    if same:
        first.lines = _together(first.lines, first.warnings, same)
    return first


def _together(
    first: Iterator[Line | Rejected], warnings: list[Message], same: list[Reading]
) -> Iterator[Line | Rejected]:
    """The lines of several sheets, without a sheet that only repeats what was read before it."""
    seen: Counter = Counter()
    for line in first:
        seen[_told(line)] += 1
        yield line
    for reading in same:
        lines = list(reading.lines)
        told = Counter(_told(line) for line in lines)
        if told - seen:
            seen += told
            warnings += reading.warnings
            yield from lines


def _told(line: Line | Rejected) -> tuple:
    if isinstance(line, Rejected):
        return ("rejected", line.source)
    return line.date, line.amount, line.currency, line.payee, line.text
