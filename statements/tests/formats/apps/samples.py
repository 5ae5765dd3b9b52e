"""Samples are made up, in the columns and conventions of the application's own export."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from statements.formats.lines import Line
from statements.formats.tables import Row, read_rows


def rows_of(text, delimiter=","):
    records = csv.reader(io.StringIO(text.strip()), delimiter=delimiter)
    return [Row(number, delimiter.join(cells), cells) for number, cells in enumerate(records, start=1)]


def read(text, delimiter=","):
    return read_rows(rows_of(text, delimiter), {})


def lines_of(text, delimiter=","):
    """The lines, without their source, of a file that leaves nothing open."""
    reading = read(text, delimiter)
    assert reading.questions == ()
    return [replace(line, source="") for line in reading.lines]


def line(number, day, amount, currency="", **more):
    return Line(
        number=number,
        source="",
        date=date.fromisoformat(day),
        amount=Decimal(amount),
        currency=currency,
        **more,
    )
