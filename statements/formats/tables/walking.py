"""Rows in file order become lines; what stands between them is continued, skipped, reported or rejected."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from statements.formats.lines import Kind, Line, Message, Rejected, gettext_noop
from statements.formats.tables.dialects import Role
from statements.formats.tables.kinds import is_state, is_total, status
from statements.formats.tables.layout import MONEY, holds_date, holds_number, text_of
from statements.formats.tables.reader import Reader
from statements.formats.tables.rows import Row
from statements.formats.tables.texts import clean

NAMED = 50  # lines in warnings


def walk(reader: Reader, body: Iterable[Row], warnings: list[Message]) -> Iterator[Line | Rejected]:
    """The lines of a table. A row that is no movement is left out; between movements it is named in a warning."""
    previous: Line | None = None
    skipped: list[Message] = []  # what comes after the last movement is a remark below the table
    for row in body:
        read = _broken(row) if row.reason else reader.line(row)
        if isinstance(read, Line):
            if previous:
                yield previous
                _warn(warnings, skipped)
            previous, skipped = read, []
        elif read is not None:
            outcome = read if row.reason else _judge(reader, row, read, previous)
            if isinstance(outcome, Rejected):
                if previous:
                    yield previous
                    _warn(warnings, skipped)
                previous, skipped = None, []
                yield outcome
            elif isinstance(outcome, Line):
                previous = outcome
            elif outcome:
                skipped.append(outcome)
    if previous:
        yield previous


def _warn(warnings: list[Message], more: list[Message]):
    """A warning each, but no more than a person reads."""
    warnings += more[: max(0, NAMED - len(warnings))]


def _broken(row: Row) -> Rejected:
    return Rejected(row.number, row.source, Message(row.reason))


def _judge(
    reader: Reader, row: Row, rejected: Rejected, previous: Line | None
) -> Line | Rejected | Message | None:
    """What a row without date or amount is: part of the line before, a remark, a total, or a movement gone wrong."""
    texts = [text for cell in row.cells if (text := clean(text_of(cell)))]
    if not texts or _is_header(reader, row):
        return None
    columns = reader.columns
    has_date = _holds(row, columns[Role.DATE], holds_date) or _holds_text(
        row, columns[Role.DATE], str.isdigit
    )
    has_money = any(_holds(row, columns[role], holds_number) for role in MONEY)
    named = [text for text in texts if not holds_number(text) and not holds_date(text)]
    if any(map(is_total, named)) or any(map(is_state, named)) or (not named and not has_date):
        return None
    if (len(texts) > 1 and has_date) or has_money:
        return _gone_wrong(reader, row, rejected, previous, has_date)
    if previous and len(row.cells) > 1 and not _holds_text(row, columns[Role.DATE], str.isprintable):
        added = " ".join(texts)
        return replace(
            previous, text=f"{previous.text} {added}".strip(), source=f"{previous.source}\n{row.source}"
        )
    if previous is None:
        return None
    return Message(gettext_noop("Line %(line)s is not a transaction and was left out."), {"line": row.number})


def _gone_wrong(
    reader: Reader, row: Row, rejected: Rejected, previous: Line | None, has_date: bool
) -> Rejected | Message | None:
    dates = [text_of(row.cells[at]) for at in reader.columns[Role.DATE] if at < len(row.cells)]
    if any(status(text) is Kind.PENDING for text in dates):
        return Message(
            gettext_noop("Line %(line)s is pending and has no date: it was left out."), {"line": row.number}
        )
    is_preamble = not reader.header and not previous and not has_date
    return None if is_preamble else rejected


def _is_header(reader: Reader, row: Row) -> bool:
    names = [clean(text_of(cell)) for cell in row.cells]
    return bool(reader.header) and names[:3] == list(reader.header[:3])


def _holds(row: Row, places: Sequence[int], test) -> bool:
    return any(at < len(row.cells) and test(row.cells[at]) for at in places)


def _holds_text(row: Row, places: Sequence[int], test) -> bool:
    """Whether a cell in these columns has any character of a kind."""
    return any(at < len(row.cells) and any(map(test, text_of(row.cells[at]).strip())) for at in places)
