"""Whatever the bytes: lines, rejected lines, or one sentence; never another exception."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.formats import read, unpack
from statements.formats.lines import Kind, Line, Rejected, Unreadable
from statements.tests.formats import test_archive, test_camt, test_mt940, test_ofx, test_qif, test_xlsx

SEEDS = [
    test_ofx.ofx(test_ofx.ENTRY * 3).encode(),
    (test_ofx.HEADER.format("USASCII", "1252") + test_ofx.ofx()).encode("cp1252"),
    test_qif.qif(*[test_qif.record("13/02/2024", "-4,500.50", "LFood", "SFood", "$-3")] * 3).encode(),
    test_camt.prefixed(test_camt.document(test_camt.entry() * 2), 8).encode(),
    test_camt.document().encode("utf-16"),
    test_mt940.mt940(test_mt940.ENTRY * 2).encode(),
    test_xlsx.book(test_xlsx.HEADER, test_xlsx.ROW),
    test_archive.packed(("a.qif", test_archive.QIF)),
    b"<html><table><tr><td>Date<td>Text<td>Amount<tr><td>2024-01-13<td>Shop<td>-1</table></html>",
    b'Date;Text;Amount\n13.01.2024;Shop;-1,00\n14.01.2024;"Bar";2,00\n',
]
PIECES = [
    b"<",
    b">",
    b"&#0;",
    b"]]>",
    b"\n:61:",
    b"\n^\n",
    b"!Type:",
    b"\0",
    b"\xff",
    b"\xc3",
    b'"',
    b"9" * 30,
    b"-",
    b",",
    b"'",
]


def check(data: bytes):
    """Reads it, and looks at what comes out."""
    try:
        for name, file in unpack(BytesIO(data), "statement"):
            for line in read(file, name, {}).lines:
                assert isinstance(line, Line | Rejected)
                if isinstance(line, Line):
                    assert line.amount.is_finite()
                    assert isinstance(line.kind, Kind)
                    assert "\0" not in line.payee + line.text + line.source
                else:
                    assert str(line.reason)
    except Unreadable as error:
        assert str(error)  # noqa: PT017


@st.composite
def mutated(draw, seeds: list[bytes]) -> bytes:
    """A good file, with some places overwritten, cut out or repeated, and perhaps an end too early."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 4))):
        at, upto = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        new = draw(st.sampled_from([b"", data[at:upto] * 2, *PIECES]) | st.binary(max_size=4))
        data = data[:at] + new + data[min(upto, at + draw(st.integers(0, 40))) :]
    return data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data


def test_any_bytes(scale):
    @settings(max_examples=scale(100, 5_000), deadline=None)
    @given(st.binary(max_size=300))
    def attempt(data):
        check(data)

    attempt()


def test_mutated_files(scale):
    @settings(max_examples=scale(250, 20_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(mutated(SEEDS))
    def attempt(data):
        check(data)

    attempt()


@pytest.mark.shared
@pytest.mark.torture
def test_mutated_files_of_real_banks(scale, shared):
    files = [path for path in Path(shared, "corpus").rglob("*.*") if 0 < path.stat().st_size < 30_000]
    seeds = [path.read_bytes() for path in sorted(files)]

    @settings(max_examples=scale(30, 20_000), deadline=None, suppress_health_check=list(HealthCheck))
    @given(mutated(seeds))
    def attempt(data):
        check(data)

    attempt()
