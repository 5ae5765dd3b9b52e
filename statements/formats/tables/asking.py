"""One precise question per matter that a table leaves open, with a real row as each answer would read it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice

from statements.formats.lines import Choice, Line, Message, Question, gettext_noop
from statements.formats.tables.deciding import POINTS, SIGNS, Deciding
from statements.formats.tables.dialects import Sign
from statements.formats.tables.reader import Reader, shown
from statements.formats.tables.rows import Row

ORDERS = {
    "dmy": gettext_noop("day, month, year"),
    "mdy": gettext_noop("month, day, year"),
    "ymd": gettext_noop("year, month, day"),
}
SEPARATORS = {
    "point": gettext_noop("The point separates the decimals"),
    "comma": gettext_noop("The comma separates the decimals"),
}
LABELS = (
    ORDERS
    | SEPARATORS
    | {
        "plus_is_out": gettext_noop("An amount without a minus is money spent"),
        "minus_is_out": gettext_noop("An amount without a minus is money received"),
        "first_is_out": gettext_noop("The first column of amounts is money spent"),
        "second_is_out": gettext_noop("The second column of amounts is money spent"),
    }
)
COLUMN = gettext_noop("The amount is in column %(number)s")
SEARCHED = 20_000  # rows for one that shows the difference
YEARS = 4  # that are offered


def questions(deciding: Deciding) -> Iterator[Question]:
    """The questions that are open; none if everything is decided."""
    if len(deciding.orders) > 1:
        text = gettext_noop("The dates can be read in more than one way. In which order are they written?")
        readers = {order: deciding.reader_with(order=order) for order in deciding.orders}
        yield _question("date_order", text, readers, deciding)
    if deciding.lacks_year:
        text = gettext_noop("The dates have no year. In which year does the file end?")
        yield _question("year", text, _by_year(deciding), deciding)
    if deciding.point == "?":
        text = gettext_noop("The amounts can be read in more than one way. What separates their decimals?")
        readers = {name: deciding.reader_with(point=point) for name, point in POINTS.items()}
        yield _question("decimal", text, readers, deciding)
    if deciding.are_columns_open:
        text = gettext_noop("No name tells which column is the amount. Which reading is right?")
        yield _question("columns", text, _by_columns(deciding), deciding)
    elif deciding.is_sign_open:
        text = gettext_noop(
            "The file does not say which amounts are money spent. What are those without a minus?"
        )
        yield _question(
            "sign", text, {name: deciding.reader_with(sign=Sign(name)) for name in SIGNS}, deciding
        )


def _by_year(deciding: Deciding) -> dict[str, Reader]:
    now = date.today().year  # noqa: DTZ011 - it only offers years; which it is, the person says
    years = range(now, now - YEARS, -1)
    return {str(year): deciding.reader_with(last=date(year, 12, 1)) for year in years}


def _by_columns(deciding: Deciding) -> dict[str, Reader]:
    """Once it is said which column is which, the sign may still have to be asked."""
    columns, layout, answers = deciding.columns, deciding.layout, deciding.answers
    ways = {
        name: replace(columns, by_role=columns.by_role | roles) for name, roles in columns.options.items()
    }
    return {name: Deciding(layout, way, None, answers).reader() for name, way in ways.items()}


def _question(key: str, text: str, readers: Mapping[str, Reader], deciding: Deciding) -> Question:
    row = _telling(readers, deciding)
    choices = [
        Choice(value, _label(value), shown(reader.line(row)) if row else "")
        for value, reader in readers.items()
    ]
    return Question(key, Message(text), tuple(choices))


def _label(value: str) -> Message:
    if value in LABELS:
        return Message(LABELS[value])
    name, _, number = value.partition("_")
    return Message(COLUMN, {"number": number}) if name == "column" else Message("%(year)s", {"year": value})


def _telling(readers: Mapping[str, Reader], deciding: Deciding) -> Row | None:
    """The row of which the readings differ most."""
    best, most = None, 0
    for row in islice(deciding.layout.body, SEARCHED):
        lines = [reader.line(row) for reader in readers.values()] if not row.reason else []
        different = len({(line.date, line.amount) for line in lines if isinstance(line, Line)})
        if different > most:
            best, most = row, different
        if most == len(readers):
            break
    return best
