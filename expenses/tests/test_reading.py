from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from expenses.reading import LARGEST_FILE, LONGEST_LINE, FileRow, read_expenses

RECEIPT = "12345678-1234-5678-1234-567812345678"
HEADER = "date,amount,category,notes\n"
GOOD = "2024-08-01,12.50,Food,Bread\n"


def read(text, decimals=2):
    return read_expenses(text if isinstance(text, bytes) else text.encode(), decimals)


def problem(text, decimals=2):
    (found,) = read(text, decimals).problems
    return str(found)


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_reads_rows_however_the_lines_end(bom, end):
    reading = read((bom + HEADER + GOOD).replace("\n", end))
    assert reading.problems == []
    assert reading.rows == [FileRow(2, date(2024, 8, 1), Decimal("12.50"), "Food", "", "Bread")]


def test_columns_in_any_order_and_a_payee():
    (row,) = read(' Payee,notes,CATEGORY,amount,date\n"Smith, Ltd.", two  words ,Food,-3,2024-08-01').rows
    assert (row.payee, row.notes, row.category) == ("Smith, Ltd.", "two  words", "Food")
    assert (row.amount, row.date) == (-3, date(2024, 8, 1))


def test_over_how_many_months_is_1_where_nothing_is_said():
    reading = read("date,amount,category,notes,spread_months\n2024-08-01,1,Food,,12\n2024-08-01,1,Food,,\n")
    assert ([row.spread_months for row in reading.rows], reading.problems) == ([12, 1], [])


@pytest.mark.parametrize("months", ["0", "121", "-1", "twelve", "1.5", "１２", "1_2"])
def test_other_months_are_refused(months):
    found = problem(f"date,amount,category,notes,spread_months\n2024-08-01,1,Food,,{months}")
    assert found == f"Line 2: “{months}”: An expense can be spread over 1 to 120 months."


def test_tags_and_the_receipt_where_they_are_said():
    header = "date,amount,category,notes,tags,receipt\n"
    reading = read(f"{header}2024-08-01,1,Food,,Work #größe work,{RECEIPT}\n2024-08-01,1,Food,,,\n")
    assert [(row.tags, row.receipt) for row in reading.rows] == [
        (["größe", "work"], UUID(RECEIPT)),
        ([], None),
    ]


@pytest.mark.parametrize(
    ("column", "said", "reason"),
    [
        ("tags", "work a.b", "“a.b” cannot be a tag."),
        ("tags", " ".join(f"t{n}" for n in range(21)), "Write at most 20 tags."),
        ("receipt", "7", "The id of a receipt is a UUID."),
    ],
)
def test_other_tags_and_receipts_are_refused(column, said, reason):
    found = problem(f"date,amount,category,notes,{column}\n2024-08-01,1,Food,,{said}")
    assert found == f"Line 2: “{said[:40]}”: {reason}"


def test_line_numbers_count_lines_of_the_file():
    text = HEADER + GOOD + '\n2024-08-01,1,Food,"two\nlines"\n' + "2024-08-01,x,Food,\n"
    reading = read(text)
    assert [row.line for row in reading.rows] == [2, 4]
    assert [found.line for found in reading.problems] == [6]


def test_every_bad_line_is_named_with_all_its_reasons():
    reading = read(HEADER + "2024-13-01,1e3,,\n" + GOOD + "2024-08-01,1\n" + "1899-12-31,1,Food,\n")
    assert [str(found) for found in reading.problems] == [
        "Line 2: “2024-13-01”: Write a date as YYYY-MM-DD. “1e3”: Write an amount such as 1234.50. "
        "The category is missing.",
        "Line 4: It has 2 values, where the first line names 4 columns.",
        "Line 5: “1899-12-31”: The date must lie between 1900 and 2200.",
    ]


@pytest.mark.parametrize(
    "day",
    ["", "2024-8-1", "20240801", "2024-W31-4", "01.08.2024", "2023-02-29", "٢٠٢٤-٠٨-٠١", "2024-08-01T00"],
)
def test_other_dates_are_refused(day):
    assert "Write a date as YYYY-MM-DD." in problem(f"{HEADER}{day},1,Food,")


@pytest.mark.parametrize("day", ["1899-12-31", "2201-01-01"])
def test_dates_far_away_are_refused(day):
    assert "between 1900 and 2200" in problem(f"{HEADER}{day},1,Food,")


@pytest.mark.parametrize("amount", ["", "1e3", "1_000", "NaN", "１２", '"1,50"', "+1", "1.", ".5", "--1"])
def test_other_amounts_are_refused(amount):
    assert "Write an amount such as" in problem(f"{HEADER}2024-08-01,{amount},Food,")


@pytest.mark.parametrize(("amount", "decimals"), [("1.5", 0), ("1.505", 2), ("1.5055", 3)])
def test_decimals_are_those_of_the_currency(amount, decimals):
    text = f"{HEADER}2024-08-01,{amount},Food,"
    assert "decimals" in problem(text, decimals)
    assert read(text, decimals + 1).rows


def test_largest_amount():
    assert read(f"{HEADER}2024-08-01,{'9' * 12}.99,Food,").rows
    assert "12 digits" in problem(f"{HEADER}2024-08-01,1{'0' * 12},Food,")


def test_zero_rows_are_counted_but_not_unseen():
    reading = read(HEADER + "2024-08-01,0,Food,\n2024-08-01,-0.00,Food,\n" + GOOD)
    assert (reading.zeros, len(reading.rows), reading.problems) == (2, 1, [])
    assert "Write a date" in problem(HEADER + "x,0,Food,\n")


@pytest.mark.parametrize(
    ("row", "name"),
    [("2024-08-01,1,{},", "category"), ("2024-08-01,1,Food,{}", "notes")],
)
def test_long_texts_are_refused(row, name):
    most = {"category": 100, "notes": 1000}[name]
    assert read(HEADER + row.format("x" * most)).rows
    assert f"{name} has more than {most} characters" in problem(HEADER + row.format("x" * (most + 1)))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("date,amount,notes", "missing: category."),
        ("2024-08-01,1,Food,", "missing: date, amount, category, notes."),
        ("date,amount,category,notes,colour", "remove: colour."),
        ("date,amount,category,notes,", "remove: “”."),
        ("date,amount,category,notes,Date", "named twice: date."),
    ],
)
def test_other_columns_are_refused(header, reason):
    assert problem(f"{header}\n{GOOD}").startswith("Line 1: ")
    assert reason in problem(f"{header}\n{GOOD}")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\n"])
def test_empty_file(content):
    assert problem(content) == "The file is empty."


@pytest.mark.parametrize("text", [HEADER, HEADER + "\n,,,\n"])
def test_header_alone(text):
    assert "has no expense" in problem(text)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "Line 3: It holds a NUL byte"),
        ((HEADER + GOOD).encode("utf-16"), "Line 1: It holds a NUL byte"),
        (HEADER.encode() + b"2024-08-01,1,Food,Caf\xe9", "Line 2: This is not text in UTF-8"),
        (HEADER + GOOD + '2024-08-02,1,Food,"never\nclosed', "Line 3: A quotation mark is opened here"),
        (HEADER + '2024-08-02,1,Food,"' + "ends\n" * 50_000, "Line 2: A quotation mark is opened here"),
        (HEADER + '2024-08-02,1,Food,"a" b', "Line 2: Something follows a closing quotation mark"),
        (HEADER + GOOD + "x" * (LONGEST_LINE + 1), "Line 3: It is longer than 131072 characters"),
        (b"x" * (LARGEST_FILE + 1), "larger than 100 MB"),
    ],
    ids=["binary", "utf-16", "latin-1", "unclosed", "unclosed long", "stray", "long line", "large"],
)
@pytest.mark.catalogue(34, 35, 36)
def test_unreadable_files(content, reason):
    assert problem(content).startswith(reason) or reason in problem(content)


def test_what_was_wrong_before_an_unclosed_quotation_mark_is_named_too():
    reading = read(HEADER + '2024-08-02,x,Food,\n2024-08-02,1,Food,"never')
    assert [found.line for found in reading.problems] == [2, 3]


def test_a_file_with_semicolons_is_told_so():
    assert "Semicolons separate the columns of this file. Use commas." in problem(
        "date;amount;category;notes\n2024-08-01;1;Food;"
    )
