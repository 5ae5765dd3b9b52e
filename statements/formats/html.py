"""Tables that are named .xls and are none: pages of HTML, and the XML that Excel wrote in 2003."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO

from statements.formats import limits
from statements.formats.decoding import ascii_of, decoded
from statements.formats.lines import Reading, Unreadable, gettext_noop
from statements.formats.tables.reading import read_rows
from statements.formats.tables.rows import Cell, Row
from statements.formats.values import words

_PAGE = re.compile(
    r"<(?:html|table|!doctype\s+html)\b|urn:schemas-microsoft-com:office:spreadsheet", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)(?:\w{1,9}:)?(table|tr|td|th|row|cell)\b([^<>]*)>", re.IGNORECASE)
_OTHER = re.compile(r"<[^<>]*>")
_SPAN = re.compile(r"colspan\s*=\s*[\"']?(\d{1,3})", re.IGNORECASE)
_INDEX = re.compile(r"\bindex\s*=\s*[\"'](\d{1,3})", re.IGNORECASE)
_CHARSET = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?([\w\-]+)", re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?")
CELLS = {"td", "th", "cell"}


def recognise(head: bytes, name: str) -> bool:
    return _PAGE.search(ascii_of(head[:4096])) is not None


def read(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading:
    raw = file.read()
    text = decoded(raw, _CHARSET.findall(ascii_of(raw[:4096])))
    if not re.search(r"<(?:td|(?:\w{1,9}:)?cell)\b", text, re.IGNORECASE):
        raise Unreadable(
            gettext_noop(
                "This is a web page without a table, not a statement. Download the statement as CSV or OFX."
            )
        )
    return read_rows(_rows(text), answers, "html")


def _rows(text: str) -> Iterator[Row]:
    """The rows of all tables, one after the other."""
    for number, cells in enumerate(_cells(text), 1):
        yield Row(number, "\t".join(str(cell) for cell in cells), cells)


def _cells(text: str) -> Iterator[list[Cell]]:
    cells: list[Cell] = []
    begin = None  # of the text of the cell that is open
    for match in _TAG.finditer(text):
        end, tag, attributes = match[1], match[2].lower(), match[3]
        if begin is not None:
            cells.append(_cell(text[begin : match.start()]))
            begin = None
        if len(cells) > limits.COLUMNS:
            raise Unreadable(gettext_noop("The table has more than %(limit)s columns."), limit=limits.COLUMNS)
        if tag in CELLS and not end:
            _pad(cells, attributes)
            begin = None if attributes.endswith("/") else match.end()
        elif tag not in CELLS and cells:
            yield cells
            cells = []
    if cells:
        yield cells


def _pad(cells: list[Cell], attributes: str):
    """Room for the columns that this cell spans, or that Excel left out before it."""
    span, index = _SPAN.search(attributes), _INDEX.search(attributes)
    missing = int(span[1]) - 1 if span else int(index[1]) - 1 - len(cells) if index else 0
    cells.extend([""] * min(missing, limits.COLUMNS))


def _cell(markup: str) -> Cell:
    text = words(html.unescape(_OTHER.sub(" ", markup)))
    moment = _MOMENT.fullmatch(text)
    try:
        return date.fromisoformat(moment[1]) if moment else text
    except ValueError:
        return text
