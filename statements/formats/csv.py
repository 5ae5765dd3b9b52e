"""CSV and its dialects: bytes become rows, whatever the encoding, delimiter and quoting.

A row keeps the number of its line and its untouched text. RFC 4180 says how quotes are written; files in the wild pad
quoted cells with blanks, escape quotes with a backslash, or never close one. Nothing of that may swallow other rows.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import BinaryIO

from statements.formats import limits
from statements.formats.charsets import encoding_of
from statements.formats.lines import Message, Reading, Unreadable, gettext_noop
from statements.formats.tables import Row, check, read_rows

DELIMITERS = ",;\t|"
JOINED = 100  # lines that one quoted cell may go over; after as many that never end, no more are tried
LOOKED_AT = 200  # lines from which the delimiter is told
NAMED = 50  # lines in warnings
HALF = re.compile("[\ud800-\udfff]")  # what is left of a byte that is no UTF-8
UNCLOSED = gettext_noop("A quotation mark is opened and never closed.")
OTHERS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"%PDF",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"OFXHEADER",
)
MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?<(?:\?xml|!doctype|html|table|ofx|document)", re.IGNORECASE)


def recognise(head: bytes, name: str) -> bool:
    """Whether this is text that could be a table: anything that is not plainly something else."""
    if head.startswith(OTHERS) or MARKUP.match(head):
        return False
    try:
        encoding_of(head[: head.rfind(b"\n") + 1] or head)
    except Unreadable:
        return False
    return True


def read(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading:
    """Read a CSV file of any dialect, or cells pasted from a spreadsheet."""
    data = _bytes(file)
    warnings: list[Message] = []
    encoding = encoding_of(data)
    lines = list(_lines(data, encoding, warnings))
    del data
    reading = _read_lines(lines, answers)
    reading.warnings[:0] = warnings
    return reading


def _bytes(file: BinaryIO) -> bytes:
    data = file.read(limits.BYTES + 1)
    if len(data) > limits.BYTES:
        size = limits.BYTES // 1_000_000
        raise Unreadable(gettext_noop("The file is larger than %(size)s MB. Please split it."), size=size)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(gettext_noop("The file is empty."))
    return data


def _lines(data: bytes, encoding: str, warnings: list[Message]) -> Iterator[str]:
    """The lines of the file with their ends, without U+0000, which PostgreSQL cannot store.

    A line that is not in the encoding of the others is read as Windows-1252, and named.
    """
    errors = "surrogateescape" if encoding in {"utf-8", "utf-8-sig"} else "replace"
    text = io.TextIOWrapper(io.BytesIO(data), encoding, errors, newline="")
    is_clean, has_nul = _is_clean(data, encoding), False
    for number, line in enumerate(iter(partial(text.readline, limits.LINE + 1), ""), 1):
        if len(line) > limits.LINE:
            limit = limits.LINE
            raise Unreadable(gettext_noop("A line has more than %(limit)s characters."), limit=limit)
        if not is_clean:
            if "\x00" in line:
                line, has_nul = line.replace("\x00", ""), True
            line = _mended(line, encoding, number, warnings)
        yield line
    if has_nul:
        warnings.append(Message(gettext_noop("Characters U+0000 were removed from the file.")))


def _is_clean(data: bytes, encoding: str) -> bool:
    if b"\x00" in data and not encoding.startswith(("utf-16", "utf-32")):
        return False
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return not encoding.startswith(("utf-16", "utf-32"))


def _mended(line: str, encoding: str, number: int, warnings: list[Message]) -> str:
    """The line, read as Windows-1252 if it is not in UTF-8 as the others are."""
    mended = (
        line.encode("utf-8", "surrogateescape").decode("cp1252", "replace") if HALF.search(line) else line
    )
    if (mended is not line or "\ufffd" in line) and len(warnings) < NAMED:
        name = encoding.upper().removesuffix("-SIG")
        text = gettext_noop("Line %(line)s is not in %(encoding)s.")
        warnings.append(Message(text, {"line": number, "encoding": name}))
    return mended


def _read_lines(lines: list[str], answers: Mapping[str, str]) -> Reading:
    """Read the lines as a table, split at the delimiter with which they make one."""
    if declared := re.fullmatch(r"\ufeff?\"?sep=(.)\"?\s*", lines[0], re.IGNORECASE):
        return read_rows(rows(lines, declared[1]), answers)
    return read_rows(rows(lines, _delimiter(lines[:LOOKED_AT])), answers)


def _delimiter(lines: list[str]) -> str:
    """The likeliest delimiter that makes a table of the first lines. Raises Unreadable where none does."""
    problem = None
    for delimiter in delimiters(lines):
        try:
            check(rows([*lines], delimiter))
        except Unreadable as unreadable:
            problem = problem or unreadable
        else:
            return delimiter
    raise problem


def delimiters(lines: Sequence[str]) -> list[str]:
    """The delimiters that may be meant, the likeliest first: it splits many lines into the same number of cells."""
    scores = {}
    for delimiter in DELIMITERS:
        widths = Counter(
            width for line in lines if (width := len(_split(line.rstrip("\r\n"), delimiter) or ())) > 1
        )
        scores[delimiter] = max((count * (width - 1) ** 0.5 for width, count in widths.items()), default=0)
    return sorted((one for one in DELIMITERS if scores[one]), key=scores.get, reverse=True) or [","]


class Feed:
    """Gives a csv.reader one line at a time: a reader for each of many lines costs more than to split it."""

    def __init__(self, delimiter: str):
        self.line: str | None = None
        self.reader = csv.reader(self, delimiter=delimiter, strict=True)

    def __iter__(self):
        return self

    def __next__(self) -> str:
        line, self.line = self.line, None
        if line is None:
            raise StopIteration
        return line

    def split(self, line: str) -> list[str]:
        """The cells of the line. Raises csv.Error where a quotation mark is out of place."""
        self.line = line
        return next(self.reader, [])


def rows(lines: list[str], delimiter: str) -> Iterator[Row]:
    """The rows of the table. One whose quotation mark is never closed has a reason, and costs no other row.

    The lines are used up, that no text is held twice.
    """
    at, end, feed, unclosed = 0, len(lines), Feed(delimiter), 0
    width = max((len(_split(line.rstrip("\r\n"), delimiter) or ()) for line in lines[:LOOKED_AT]), default=0)
    while at < end:
        line = lines[at].rstrip("\r\n")
        if '"' not in line:
            lines[at] = ""
            yield Row(at + 1, line, tuple(line.split(delimiter)))
            at += 1
            continue
        try:
            cells = feed.split(line)
        except csv.Error:
            cells = _split_loosely(line, delimiter)
        if cells is not None:
            lines[at] = ""
            yield Row(at + 1, line, tuple(cells))
            at += 1
            continue
        upto, cells = _joined(lines, at, delimiter, width) if unclosed < JOINED else (at + 1, None)
        unclosed += cells is None
        source = "".join(lines[at:upto]).rstrip("\r\n")
        yield Row(at + 1, source, cells or [], "" if cells else UNCLOSED)
        at = upto


def _split(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line, None if a quotation mark stays open."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader((line,), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return _split_loosely(line, delimiter)


def _split_loosely(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line that RFC 4180 does not allow.

    A quotation mark ends a cell only where the delimiter or the end of the line follows, blanks between them passed
    over; within a cell it may be doubled, escaped with a backslash, or stand alone.
    """
    cells, at = [], 0
    quoted, opened, plain = _patterns(delimiter)
    while len(cells) <= limits.COLUMNS:
        if found := quoted.match(line, at):
            cells.append(found[1].replace('""', '"').replace('\\"', '"'))
        elif opened.match(line, at):
            return None
        else:
            found = plain.match(line, at)
            cells.append(found[0])
        at = found.end() + 1
        if at > len(line):
            break
    return cells


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern, re.Pattern, re.Pattern]:
    """A quoted cell, the begin of one, and a plain cell."""
    mark = re.escape(delimiter)
    blank = "[ ]*" if delimiter == "\t" else r"[ \t]*"
    end = rf"{blank}(?:{mark}|$)"
    quoted = rf'{blank}"((?:\\"(?!{end})|[^"]|"(?!{end}))*+)"{blank}(?={mark}|$)'
    return re.compile(quoted), re.compile(f'{blank}"'), re.compile(rf"[^{mark}]*")


def _joined(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[int, list[str] | None]:
    """The cells of a row that goes over several lines, and where the next begins; None if it never ends.

    Lines that are whole rows in themselves are not swallowed: the row comes out no wider than the others.
    """
    text = lines[at]
    for upto in range(at + 1, min(at + JOINED, len(lines))):
        text += lines[upto]
        if len(text) > limits.CELL * 2:
            break
        if '"' not in lines[upto]:
            continue
        try:
            found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error:
            continue
        if len(found) == 1 and (len(found[0]) <= max(width, 1) or not width):
            return upto + 1, found[0]
    return at + 1, None
