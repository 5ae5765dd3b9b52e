"""Which reader gets a file, and which files none gets."""

from io import BytesIO

import pytest

from statements.formats import FORMATS, limits, read
from statements.formats.lines import Unreadable
from statements.tests.formats.made import everything, reading

CSV = "Date,Text,Amount\n2024-01-13,Shop,-1.00\n"
QIF = "!Type:Bank\nD13/01/2024\nT-1\n^\n"
OFX = (
    "<OFX><STMTRS><BANKTRANLIST><STMTTRN><DTPOSTED>20240113<TRNAMT>-1<FITID>1</STMTTRN></BANKTRANLIST></OFX>"
)
CAMT = (
    "<Document><BkToCstmrStmt><Stmt><Ntry><Amt>1</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
    "<BookgDt><Dt>2024-01-13</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>"
)
MT940 = ":20:X\n:25:1\n:60F:C240101EUR1,\n:61:240113D1,NTRF\n:62F:C240113EUR0,\n"


@pytest.mark.parametrize(
    ("content", "format"),
    [(CSV, "csv"), (QIF, "qif"), (OFX, "ofx1-sgml"), (CAMT, "camt.053"), (MT940, "mt940")],
)
@pytest.mark.parametrize("name", ["statement.csv", "statement.xlsx", "", "Ümsätze 100%.OFX"])
def test_the_content_decides_and_not_the_name(content, format, name):
    read = reading(content, name=name)
    assert (read.format, len(list(read.lines))) == (format, 1)


@pytest.mark.parametrize("content", [CSV, QIF, OFX, CAMT, MT940])
def test_only_one_special_reader_wants_a_file(content):
    *special, _table = FORMATS
    assert sum(format.recognise(content.encode(), "") for format in special) == (content != CSV)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b" \r\n\0\n", "The file is empty."),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(50),
            "This is an image, not a text file. Download the statement as CSV, OFX or CAMT.",
        ),
        (
            b"%PDF-1.4",
            "This is a PDF, which is made to be looked at. Download the statement as CSV, OFX or CAMT.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "This is an Excel file of the old kind (.xls); save it as .xlsx or CSV in a spreadsheet program.",
        ),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "This spreadsheet is locked with a password; save it without one.",
        ),
        (b"Rar!\x1a\x07\x00", "This kind of archive cannot be read; unpack it first."),
        (bytes(range(1, 32)) * 9, "This is not a text file."),
        (
            b'<?xml version="1.0"?><Document><pain/></Document>',
            "This XML file is no statement: neither CAMT nor OFX.",
        ),
        (
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "This is an OpenDocument file (.ods); save it as .xlsx or CSV.",
        ),
    ],
    ids=range(10),
)
def test_what_is_no_statement_is_refused_in_a_sentence(content, says):
    with pytest.raises(Unreadable) as error:
        everything(content, name="statement.csv")
    assert str(error.value) == says


def test_a_file_that_is_too_large_is_not_even_read(monkeypatch):
    monkeypatch.setattr(limits, "BYTES", 100)
    with pytest.raises(Unreadable) as error:
        read(BytesIO(QIF.encode() * 10), "", {})
    assert str(error.value).startswith("The file is larger than")


def test_more_rows_than_the_limit_end_the_reading(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 2)
    with pytest.raises(Unreadable) as error:
        everything("!Type:Bank\n" + "D13/01/2024\nT-1\n^\n" * 3)
    assert str(error.value) == "There are more than 2 rows in this file."


def test_an_endless_entry_is_rejected(monkeypatch):
    monkeypatch.setattr(limits, "LINE", 50)
    (rejected,) = everything(QIF.replace("^", "M" + "x" * 100 + "\n^"))
    assert str(rejected.reason) == "This entry is longer than 50 characters."
