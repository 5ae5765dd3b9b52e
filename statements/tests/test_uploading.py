from io import BytesIO
from zipfile import ZipFile

import pytest

from statements import uploading
from statements.models import Import, Statement
from statements.tests.files import booked, csv
from statements.uploading import NotTaken, begin_import

pytestmark = pytest.mark.django_db
COFFEE, BREAD = csv([booked("03-01", "-2.50")]), csv([booked("03-02", "-4", "Bread")])


def begun(ledger, *files, pasted=""):
    """Name, state and content of each file of an import."""
    of_import = begin_import(ledger, None, [(name, BytesIO(content)) for name, content in files], pasted)
    rows = of_import.statements.order_by("pk").values_list("name", "state", "content")
    return [(name, state, content and bytes(content)) for name, state, content in rows]


def zipped(**members: bytes) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.csv", content)
    return packed.getvalue()


def test_files_wait_to_be_read(ledger):
    assert begun(ledger, ("a.csv", COFFEE), ("b.csv", BREAD)) == [
        ("a.csv", "waiting", COFFEE),
        ("b.csv", "waiting", BREAD),
    ]


def test_a_file_that_is_there_twice_is_taken_once(ledger):
    files = ("a.csv", COFFEE), ("copy of a.csv", COFFEE), ("both.zip", zipped(a=COFFEE, b=BREAD))
    assert [name for name, *_rest in begun(ledger, *files)] == ["a.csv", "b.csv"]


def test_pasted_cells_are_a_file(ledger):
    assert begun(ledger, pasted="Date\tAmount\r\n2024-03-01\t-2.50\r\n") == [
        ("pasted.csv", "waiting", b"Date\tAmount\n2024-03-01\t-2.50")
    ]


def test_a_file_that_cannot_be_taken_stays_with_the_reason(ledger):
    assert begun(ledger, ("a.csv", COFFEE), ("empty.csv", b" \n")) == [
        ("a.csv", "waiting", COFFEE),
        ("empty.csv", "refused", None),
    ]
    assert Statement.objects.get(name="empty.csv").problem["template"] == "The file is empty."


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("empty.csv", b"")], "“empty.csv”: The file is empty."),
        ([("bad.zip", b"PK\x03\x04 broken")], "“bad.zip”: This archive is damaged; unpack it first."),
        ([], "Choose a file, or paste some rows."),
    ],
)
def test_where_no_file_can_be_taken_nothing_is_written(ledger, files, said):
    with pytest.raises(NotTaken, match=said):
        begun(ledger, *files)
    assert not Import.objects.exists()


def test_one_file_is_bounded_and_so_are_all_together(ledger, monkeypatch):
    monkeypatch.setattr(uploading, "BYTES", 60)
    assert [state for _name, state, _content in begun(ledger, ("a", COFFEE), ("b", COFFEE + b" " * 60))] == [
        "waiting",
        "refused",
    ]
    monkeypatch.setattr(uploading, "ALL_BYTES", 60)
    with pytest.raises(NotTaken, match="At most 50 files"):
        begun(ledger, ("a", COFFEE), ("b", BREAD))


def test_more_files_than_can_be_looked_at_are_refused(ledger, monkeypatch):
    monkeypatch.setattr(uploading, "FILES", 1)
    with pytest.raises(NotTaken, match="At most 1 files"):
        begun(ledger, ("a", COFFEE), ("b", BREAD))


def test_files_that_are_refused_count_too(ledger, monkeypatch):
    monkeypatch.setattr(uploading, "FILES", 2)
    with pytest.raises(NotTaken, match="At most 2 files"):
        begun(ledger, ("a", COFFEE), ("b", b""), ("c", b" "))


@pytest.mark.parametrize(("name", "stored"), [("a\0b.csv", "ab.csv"), ("", "file"), ("x" * 300, "x" * 200)])
def test_a_name_that_cannot_be_stored_is_mended(ledger, name, stored):
    assert begun(ledger, (name, COFFEE))[0][0] == stored
