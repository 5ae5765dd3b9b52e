from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from statements.formats.lines import Rejected, Unreadable
from statements.tests.formats.made import everything, reading, rows

HEADER = ("Date", "Text", "Amount")
DAY = datetime.fromisoformat("2024-01-13T10:30")
ROW = (DAY, "Shop", -12.3)
READ = ("2024-01-13", "-12.3", "", "Shop")


def saved(workbook: Workbook) -> bytes:
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def book(*lines: tuple, change: Callable | None = None) -> bytes:
    workbook = Workbook()
    for line in lines:
        workbook.active.append(line)
    if change:
        change(workbook)
    return saved(workbook)


def sheets(**contents: list[tuple]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, lines in contents.items():
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return saved(workbook)


def warnings_of(data: bytes) -> list[str]:
    read = reading(data)
    list(read.lines)
    return [str(text) for text in read.warnings]


def test_typed_cells_are_taken_as_they_are():
    assert rows(book(HEADER, ROW, (date(2024, 1, 14), "Salary", 0.1 + 0.2))) == [
        READ,
        ("2024-01-14", "0.3", "", "Salary"),
    ]


def test_dates_and_amounts_may_be_text():
    lines = (("Datum", "Text", "Betrag"), ("13.01.2024", "Miete", "-1.234,50"))
    assert rows(book(*lines)) == [("2024-01-13", "-1234.50", "", "Miete")]


def test_days_without_a_format_are_days():
    assert rows(book(HEADER, (45304, "Shop", -12.3), (45305, "Bar", -3))) == [
        READ,
        ("2024-01-14", "-3", "", "Bar"),
    ]


def test_days_counted_from_1904_are_the_same_days():
    def from_1904(workbook):
        workbook.epoch = CALENDAR_MAC_1904

    assert rows(book(HEADER, ROW, change=from_1904)) == [READ]


def test_a_table_may_begin_below_a_title_and_end_above_a_total():
    def title(workbook):
        workbook.active.insert_rows(1, 8)
        workbook.active["B1"] = "My bank"
        workbook.active.merge_cells("B1:D1")

    assert rows(book(HEADER, ROW, ("Total", None, -12.3), change=title)) == [READ]


def test_hidden_rows_are_read():
    def hide(workbook):
        workbook.active.row_dimensions[2].hidden = True

    assert rows(book(HEADER, ROW, change=hide)) == [READ]


def test_a_hidden_sheet_is_not_read_and_said_so():
    def hide(workbook):
        workbook.create_sheet("Secret").sheet_state = "veryHidden"

    data = book(HEADER, ROW, change=hide)
    assert rows(data) == [READ]
    assert warnings_of(data) == ["The hidden sheet “Secret” was not read."]


def test_a_formula_without_a_value_costs_its_row_only():
    found = everything(
        book(HEADER, ROW, (DAY, "Sum", "=C2*2"), (DAY, '=HYPERLINK("http://192.0.2.3","x")', -1))
    )
    assert [(type(line) is Rejected, line.number) for line in found] == [(False, 2), (True, 3), (False, 4)]
    assert str(found[1].reason).startswith("There is a formula whose value is not in the file")
    assert found[2].text == '=HYPERLINK("http://192.0.2.3","x")'


def test_sheets_with_the_same_columns_are_read_together():
    assert rows(sheets(Jan=[HEADER, ROW], Feb=[HEADER, (*ROW[:2], -5)])) == [
        READ,
        (*READ[:1], "-5", *READ[2:]),
    ]


def test_a_sheet_that_repeats_another_adds_nothing():
    assert rows(sheets(All=[HEADER, ROW, (DAY, "Bar", -3)], Copy=[HEADER, ROW])) == [
        READ,
        ("2024-01-13", "-3", "", "Bar"),
    ]


def test_two_equal_rows_of_two_sheets_stay_two_where_the_sheet_has_more():
    assert len(rows(sheets(Jan=[HEADER, ROW], Feb=[HEADER, ROW, (DAY, "Bar", -3)]))) == 3


def test_another_table_is_left_out_and_said_so():
    data = sheets(
        Info=[("Made by my bank",)],
        Jan=[HEADER, ROW],
        Other=[("Day", "Payee", "Memo", "Amount"), (DAY, "A", "b", -1)],
    )
    assert rows(data) == [READ]
    assert warnings_of(data) == ["The sheet “Other” was not read: it has other columns than the first."]


def without_dimension(data: bytes) -> bytes:
    """As some programs write it: the sheet claims to be one cell."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'ref="A1:C2"', b'ref="A1"'))
    return out.getvalue()


def test_the_size_a_sheet_claims_is_not_believed():
    assert rows(without_dimension(book(HEADER, ROW))) == [READ]


def packed(**parts: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<x/>", **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (book(), "The sheet has no rows."),
        (
            book(HEADER, ROW)[:3000],
            "This spreadsheet is damaged or protected; save it again as .xlsx or CSV.",
        ),
        (
            packed(**{"word/document.xml": b"x"}),
            "This file is no spreadsheet that can be read; save it as .xlsx or CSV.",
        ),
        (
            packed(**{"xl/workbook.xml": b"x"}),
            "This spreadsheet is damaged or protected; save it again as .xlsx or CSV.",
        ),
        (
            packed(**{"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": b"0" * 2_000_000}),
            "This spreadsheet unpacks to too much: refused.",
        ),
        (book(HEADER + tuple("abcdefg") * 40, ROW + (1,) * 280), "The sheet “Sheet” is too large."),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data, says):
    with pytest.raises(Unreadable) as error:
        everything(data)
    assert str(error.value) == says
