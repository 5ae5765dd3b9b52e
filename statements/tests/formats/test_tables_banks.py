"""Statements in the style of many banks, in ``banks.txt``, are read right or asked about."""

from io import BytesIO
from pathlib import Path

import pytest

from statements.formats import csv
from statements.formats.lines import Kind, Line, Rejected

SECTIONS = Path(__file__).with_name("banks.txt").read_text().split("\n=== ")[1:]


def shown(line: Line | Rejected) -> str:
    if isinstance(line, Rejected):
        return f"! {line.number} {line.reason}"
    kind = "" if line.kind is Kind.BOOKED else f" ({line.kind})"
    return f"{line.date} {line.amount} {line.currency or '-'} {line.payee} | {line.text}{kind}"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.partition("\n")[0])
def test_the_statement_is_read(section):
    _, _, rest = section.partition("\n")
    content, _, expected = rest.rpartition("\n---\n")
    reading = csv.read(BytesIO(content.encode()), "", {})
    asked = [f"? {q.key}: {' '.join(choice.value for choice in q.choices)}" for q in reading.questions]
    assert [*asked, *map(shown, reading.lines)] == expected.rstrip("\n").split("\n")
