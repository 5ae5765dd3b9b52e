import gzip
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from statements.formats import limits, read, unpack
from statements.formats.lines import Unreadable

QIF = b"!Type:Bank\nD13/01/2024\nT-1\n^\n"


def packed(*files: tuple[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def unpacked(data: bytes, name: str = "upload.zip") -> list[tuple[str, bytes]]:
    return [(member, file.read()) for member, file in unpack(BytesIO(data), name)]


def test_each_file_comes_out_under_its_bare_name():
    data = packed(
        ("2024/", b""),
        ("2024/jan.qif", QIF),
        ("..\\..\\feb.qif", QIF),
        ("__MACOSX/jan.qif", b"x"),
        (".DS_Store", b"x"),
    )
    assert unpacked(data) == [("jan.qif", QIF), ("feb.qif", QIF)]


def test_a_file_that_is_no_archive_comes_out_as_it_is():
    assert unpacked(QIF, "jan.qif") == [("jan.qif", QIF)]


def test_gzip_is_unpacked():
    assert unpacked(gzip.compress(QIF), "jan.qif.gz") == [("jan.qif", QIF)]


def test_a_spreadsheet_is_no_archive():
    data = packed(("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x"))
    assert unpacked(data, "book.xlsx") == [("book.xlsx", data)]


def test_an_archive_inside_an_archive_is_not_read():
    ((name, file),) = unpack(BytesIO(packed(("inner.zip", packed(("jan.qif", QIF))))), "outer.zip")
    with pytest.raises(Unreadable) as error:
        read(file, name, {})
    assert str(error.value) == "This is an archive inside an archive; unpack it first."


@pytest.mark.parametrize("first", ["a.qif", "[Content_Types].xml"])
def test_a_directory_of_very_many_entries_is_not_listed(first, monkeypatch):
    data = bytearray(packed((first, QIF), *((f"{n}/", b"") for n in range(30))))
    end = data.index(b"PK\x05\x06")
    data[end + 8 : end + 12] = b"\1\0\1\0"  # as if there were one
    monkeypatch.setattr(limits, "ENTRIES", 30)
    monkeypatch.setattr("zipfile.ZipFile._RealGetContents", lambda archive: pytest.fail("listed"))
    with pytest.raises(Unreadable):
        [read(file, name, {}) for name, file in unpack(BytesIO(data), "a.zip")]


def locked() -> bytes:
    data = bytearray(packed(("jan.qif", QIF)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (packed(), "There are no files in this archive."),
        (packed(("folder/", b"")), "There are no files in this archive."),
        (
            packed(*((f"{n}.qif", QIF) for n in range(limits.FILES + 1))),
            "There are more than 50 files in this archive.",
        ),
        (packed(("a.qif", b"0" * 2_000_000)), "This archive unpacks to more than 25 MB: refused."),
        (packed(("a.qif", QIF))[:40], "This archive is damaged; unpack it first."),
        (locked(), "This archive is locked with a password; unpack it first."),
        (gzip.compress(QIF)[:-9], "This archive is damaged; unpack it first."),
        (gzip.compress(b"0" * (limits.BYTES + 1)), "This archive unpacks to more than 25 MB: refused."),
    ],
    ids=range(8),
)
def test_an_archive_beyond_the_bounds_is_refused_in_a_sentence(data, says):
    with pytest.raises(Unreadable) as error:
        unpacked(data)
    assert str(error.value) == says
