"""Statements made up in a test, and what is read of them."""

from collections.abc import Mapping
from io import BytesIO

from statements.formats import read
from statements.formats.lines import Line, Reading, Rejected


def reading(
    content: str | bytes, answers: Mapping[str, str] | None = None, name: str = "statement"
) -> Reading:
    data = content.encode() if isinstance(content, str) else content
    return read(BytesIO(data), name, answers or {})


def everything(content: str | bytes, **rest) -> list[Line | Rejected]:
    return list(reading(content, **rest).lines)


def rows(content: str | bytes, **rest) -> list[tuple[str, ...]]:
    """Date, amount, payee and text of each line; number and reason of each that was rejected."""
    return [
        (line.date.isoformat(), str(line.amount), line.payee, line.text)
        if isinstance(line, Line)
        else (str(line.number), str(line.reason))
        for line in everything(content, **rest)
    ]


def only(content: str | bytes, **rest) -> Line:
    (line,) = everything(content, **rest)
    assert isinstance(line, Line), line
    return line
