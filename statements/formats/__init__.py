"""Statement files of every kind, read into lines. Pure Python, without Django.

    for name, file in unpack(upload, "statements.zip"):   # one file of its own, or each of an archive
        reading = read(file, name, {})
        for line in reading.lines: ...

Each format is a module with ``recognise`` and ``read``, as ``lines.Format`` says; docs/formats.md shows how to add one.
"""

import os
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from statements.formats import camt, csv, html, limits, mt940, ofx, own, qif, xlsx
from statements.formats.archive import unpack
from statements.formats.lines import HEAD, Format, Line, Message, Reading, Rejected, Unreadable, gettext_noop
from statements.formats.refused import refusal, unknown

__all__ = ["FORMATS", "read", "unpack"]

# In this order they are asked; csv comes last, because almost any text may be one.
FORMATS: tuple[Format, ...] = (xlsx, ofx, camt, mt940, qif, own, html, csv)


def read(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading:
    """Read a statement from a seekable binary file. The content decides what it is; the name may lie.

    ``answers`` are those given so far to the questions of an earlier reading, by key. Raises Unreadable, at once or
    while the lines are used up. An archive is to be taken apart by ``unpack`` before.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head.strip(b"\0 \t\r\n"):
        raise Unreadable(gettext_noop("The file is empty."))
    if size > limits.BYTES:
        raise Unreadable(gettext_noop("The file is larger than %(most)s MB."), most=limits.BYTES // 1_000_000)
    if reason := refusal(head):
        raise reason
    format = next((format for format in FORMATS if format.recognise(head, name)), None)
    if format is None:
        raise unknown(head)
    reading = format.read(file, name, answers)
    reading.lines = _bounded(reading.lines)
    return reading


def _bounded(lines: Iterator[Line | Rejected]) -> Iterator[Line | Rejected]:
    for count, line in enumerate(lines, 1):
        if count > limits.ROWS:
            raise Unreadable(
                gettext_noop("There are more than %(most)s rows in this file."), most=limits.ROWS
            )
        if len(line.source) > limits.LINE:
            reason = Message(
                gettext_noop("This entry is longer than %(most)s characters."), {"most": limits.LINE}
            )
            line = Rejected(line.number, line.source[:1000], reason)
        yield line
