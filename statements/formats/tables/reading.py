"""Rows of any origin become the lines of a statement, or one precise question per open matter."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from statements.formats import limits
from statements.formats.lines import Message, Reading, Unreadable, gettext_noop
from statements.formats.tables import apps, own
from statements.formats.tables.asking import questions
from statements.formats.tables.columns import of_dialect, of_table
from statements.formats.tables.deciding import Deciding
from statements.formats.tables.dialects import Role
from statements.formats.tables.layout import MONEY, Layout, find
from statements.formats.tables.rows import Row, in_time
from statements.formats.tables.texts import clean
from statements.formats.tables.walking import walk


def read_rows(rows: Iterable[Row], answers: Mapping[str, str], format: str = "csv") -> Reading:
    """Read rows, the preamble and header among them, in file order.

    All rows are kept: the order of day and month and the decimal separator are decided over all of them. Raises
    Unreadable where no table with dates and amounts is found, or a limit is passed.
    """
    held = list(islice(in_time(rows), limits.ROWS + 1))
    _bound(held)
    layout = find(held)
    dialect = own.recognise(layout.header) or apps.recognise(layout.header)
    columns = (
        of_dialect(dialect, layout.header)
        if dialect
        else of_table(layout.header, layout.body, answers.get("columns", ""))
    )
    _check(layout, columns)
    if not layout.body:
        return Reading(format, iter(()), dialect=dialect.name if dialect else "")
    warnings: list[Message] = []
    deciding = Deciding(layout, columns, dialect, answers)
    if not dialect and not deciding.ids_are_unique():
        columns.by_role[Role.ID] = ()
    reader = deciding.reader(own.restore if dialect and dialect.is_ours else clean)
    warnings += deciding.warnings()
    return Reading(
        format,
        walk(reader, _used_up(layout.body), warnings),
        tuple(questions(deciding)),
        warnings,
        dialect=dialect.name if dialect else "",
        signature=_signature(layout, columns),
        is_ours=bool(dialect and dialect.is_ours),
    )


def _used_up(rows: list[Row]) -> Iterator[Row]:
    """Each row, forgotten once it is read: a long file is not kept as rows and as lines."""
    rows.reverse()
    while rows:
        yield rows.pop()


def check(rows: Iterable[Row]):
    """Whether these are the first rows of a table. Raises Unreadable."""
    held = list(rows)
    _bound(held)
    layout = find(held)
    if not (own.recognise(layout.header) or apps.recognise(layout.header)):
        _check(layout, of_table(layout.header, layout.body))


def _bound(rows: list[Row]):
    if len(rows) > limits.ROWS:
        raise Unreadable(
            gettext_noop("The file has more than %(limit)s rows. Please split it."), limit=limits.ROWS
        )
    if max((len(row.cells) for row in rows), default=0) > limits.COLUMNS:
        raise Unreadable(gettext_noop("The table has more than %(limit)s columns."), limit=limits.COLUMNS)
    if not any(any(row.cells) for row in rows):
        raise Unreadable(gettext_noop("The file is empty."))


def _check(layout: Layout, columns):
    if not columns[Role.DATE] and layout.body:
        raise Unreadable(gettext_noop("No column of dates is found in this file."))
    if not any(columns[role] for role in MONEY) and layout.body:
        raise Unreadable(gettext_noop("No column of amounts is found in this file."))


def _signature(layout: Layout, columns) -> str:
    """The same for every file with these columns."""
    known = layout.header or [f"{role}{places}" for role, places in sorted(columns.by_role.items()) if places]
    return hashlib.sha256("\x1f".join(known).encode("utf-8", "replace")).hexdigest()[:32]
