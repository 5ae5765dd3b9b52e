"""Bytes become rows whatever the encoding, delimiter and quoting; nothing swallows a row of others."""

from io import BytesIO

import pytest

from statements.formats import csv, limits
from statements.formats.lines import Line, Rejected, Unreadable
from statements.tests.formats.made import everything, reading, rows

HEAD = "Date,Description,Amount\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Café 東京 🍏"),
        ("utf-8-sig", "Café"),
        ("utf-16", "Café"),
        ("utf-16-le", "Cafe"),
        ("cp1252", "Müller & Söhne, Straße"),
        ("cp932", "セブン－イレブン 東京"),
        ("euc_jp", "東京スーパー 山田"),
        ("gb18030", "北京餐厅 消费"),
        ("euc_kr", "스타벅스 강남"),
        ("big5", "全聯福利中心"),
        ("cp1251", "Магазин Пятёрочка"),
    ],
)
def test_the_encoding_is_found(encoding, text):
    content = f"Date;Description;Amount\n2024-01-15;{text};-1.00\n".encode(encoding)
    assert rows(content) == [("2024-01-15", "-1.00", "", text)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_ends_of_lines_do_not_matter(delimiter, end):
    lines = ["Date,Description,Amount", "2024-01-15,Shop,-1.50", "", "2024-01-16,Bar,-2.50", ""]
    assert rows(end.join(lines).replace(",", delimiter)) == [
        ("2024-01-15", "-1.50", "", "Shop"),
        ("2024-01-16", "-2.50", "", "Bar"),
    ]


def test_an_accent_before_a_delimiter_is_no_half_of_a_character():
    content = "Date|Description|Amount\n2024-01-15|Shop ä|-1.00".encode("cp1250")
    assert rows(content) == [("2024-01-15", "-1.00", "", "Shop ä")]


def test_the_delimiter_may_be_declared():
    assert rows("sep=#\nDate#Text#Amount\n2024-01-15#a;b#-1,5\n") == [("2024-01-15", "-1.5", "", "a;b")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"Shop, the other"', "Shop, the other"),
        ('"Shop ""Mitte"""', 'Shop "Mitte"'),
        ('Shop "Mitte"', 'Shop "Mitte"'),
        (r'"Shop \"Mitte\""', 'Shop "Mitte"'),
        ('"Shop\\"', "Shop\\"),
        ('"Shop"\t\t', "Shop"),
        ('"Shop\nMitte"', "Shop Mitte"),
        ('24" screen', '24" screen'),
    ],
)
def test_quotes_are_read_as_they_are_written(cell, text):
    found = rows(f"{HEAD}2024-01-15,{cell},-1.00\n2024-01-16,Bar,-2.00\n")
    assert found == [("2024-01-15", "-1.00", "", text), ("2024-01-16", "-2.00", "", "Bar")]


def test_a_quote_that_is_never_closed_costs_only_its_own_line():
    found = everything(f'{HEAD}2024-01-15,"Shop,-1.00\n2024-01-16,Bar,-2.00\n2024-01-17,"Inn",-3.00\n')
    assert [(type(line), line.number) for line in found] == [(Rejected, 2), (Line, 3), (Line, 4)]
    assert str(found[0].reason) == "A quotation mark is opened and never closed."


def test_a_line_keeps_its_number_and_untouched_text():
    source = '2024-01-15,"Two\nlines",-1.00'
    (line,) = everything(f"\n{HEAD}\n{source}\n")
    assert (line.number, line.source) == (4, source)


def test_characters_that_cannot_be_stored_are_removed_with_a_warning():
    read = reading(f"{HEAD}2024-01-15,Sh\x00op,-1.00\n".encode())
    assert [line.text for line in read.lines] == ["Shop"]
    assert list(map(str, read.warnings)) == ["Characters U+0000 were removed from the file."]


def test_a_line_in_another_encoding_is_read_and_named():
    read = reading(
        HEAD.encode() + "2024-01-15,Café,-1.00\n".encode() + "2024-01-16,Zoë,-2.00\n".encode("cp1252")
    )
    assert [line.text for line in read.lines] == ["Café", "Zoë"]
    assert list(map(str, read.warnings)) == ["Line 3 is not in UTF-8."]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n", "The file is empty."),
        (b"Date,Amount\n2024-01-15," + b"1" * (limits.LINE + 1), "A line has more than 1000000 characters."),
        (b"Date,Amount" + b",x" * limits.COLUMNS + b"\n", "The table has more than 200 columns."),
        (b"x" * (limits.BYTES + 1), "The file is larger than 25 MB. Please split it."),
        (
            b"Hello,\nthis is a letter, and no table.\n",
            "No table with dates and amounts is found in this file. Is it a list of transactions?",
        ),
    ],
    ids=["empty", "blank", "long line", "many columns", "large", "letter"],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content, says):
    with pytest.raises(Unreadable) as refused:
        csv.read(BytesIO(content), "", {})
    assert str(refused.value) == says


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 3)
    with pytest.raises(Unreadable, match=r"more than 3 rows"):
        csv.read(BytesIO((HEAD + "2024-01-15,a,-1\n" * 3).encode()), "", {})
