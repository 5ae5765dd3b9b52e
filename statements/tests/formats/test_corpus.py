"""Every file of the open corpus gives what its manifest expects."""

import gzip
import json
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from conftest import SHARED
from statements.formats import read, unpack
from statements.formats.lines import Kind, Line, Reading, Rejected, Unreadable

MANIFEST = SHARED / "corpus" / "MANIFEST.json"
ENTRIES = json.loads(MANIFEST.read_text())["files"] if MANIFEST.exists() else [{"file": "none"}]
EITHER = {"ok_or_reject": {"ok", "reject"}, "reject_or_partial": {"reject", "partial", "reject_rows"}}
# Expected on its entry date; the very same line of mt940/dresdner-sepa-de.sta is expected on its value date.
ON_ANOTHER_DATE = {"hostile/mt940-missing-86.sta"}

pytestmark = pytest.mark.shared


def opened(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def outcome(reading: Reading, lines: list[Line | Rejected]) -> str:
    booked = [line for line in lines if isinstance(line, Line) and line.kind is Kind.BOOKED]
    rejected = [line for line in lines if isinstance(line, Rejected)]
    if reading.questions:
        return "ask_user"
    if not booked:
        return "reject_rows" if rejected else "nothing_to_import"
    return "partial" if rejected else "ok_with_warnings" if reading.warnings else "ok"


def sums(lines: Iterable[Line]) -> tuple[Decimal, Decimal]:
    amounts = [line.amount for line in lines]
    return sum((-a for a in amounts if a < 0), Decimal(0)), sum((a for a in amounts if a > 0), Decimal(0))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_the_file_gives_what_is_expected(shared, entry):
    expected, path = entry["expected"], shared / "corpus" / entry["file"]
    try:
        # An archive is read as what it holds; each of these files holds one.
        readings = [read(file, name, {}) for name, file in unpack(BytesIO(opened(path)), path.name)]
        found = [(reading, list(reading.lines)) for reading in readings]
    except Unreadable:
        assert "reject" in EITHER.get(expected["outcome"], {expected["outcome"]})
        return
    (reading, lines), *others = found
    assert not others
    assert outcome(reading, lines) in EITHER.get(expected["outcome"], {expected["outcome"]})
    _check(
        expected,
        [line for line in lines if isinstance(line, Line)],
        bool(reading.questions) or entry["file"] in ON_ANOTHER_DATE,
    )


def _check(expected: dict, lines: list[Line], is_date_open: bool):
    booked = [line for line in lines if line.kind is Kind.BOOKED]
    _check_sums(expected, booked)
    dates = sorted(line.date.isoformat() for line in booked)
    if not is_date_open and _is_date(expected.get("date_min")):
        assert (dates[0], dates[-1]) == (expected["date_min"], expected["date_max"])
    if expected.get("currency"):  # where the file itself does not state one, "" is right
        assert {line.currency for line in booked} <= {expected["currency"], ""}
    for row, line in ((expected.get("first_row"), booked[:1]), (expected.get("last_row"), booked[-1:])):
        if row:
            assert line[0].amount == Decimal(row["amount"])
        if row and not is_date_open and _is_date(row["date"]):
            assert line[0].date.isoformat() == row["date"]
    for kind in set(Kind) - {Kind.BOOKED}:
        if kind.value in expected:
            _check_kind(expected[kind.value], [line for line in lines if line.kind is kind])


def _is_date(text: str | None) -> bool:
    """30 February is in the manifest as "invalid:160230"."""
    return bool(text) and text[:4].isdigit()


def _check_kind(expected: dict, lines: list[Line]):
    assert len(lines) == expected["count"]
    # A transfer has two sides, and a file may show either; sums over two currencies say nothing.
    if "outflow" in expected and "currencies" not in expected:
        assert sum(sums(lines)) == Decimal(expected["outflow"]) + Decimal(expected["inflow"])


def _check_sums(expected: dict, lines: list[Line]):
    if expected.get("count") is not None:
        assert len(lines) == expected["count"]
    if expected.get("outflow") is not None:
        assert sums(lines) == (Decimal(expected["outflow"]), Decimal(expected["inflow"]))
    for currency, figures in expected.get("by_currency", {}).items():
        _check_sums(figures, [line for line in lines if line.currency == currency])
