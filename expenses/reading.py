"""What a CSV file of expenses says: bytes in, rows and the lines that have to be corrected out.

The first line names the columns ``date,amount,category,notes`` and, if wanted, ``payee``, ``spread_months``, ``tags``
and ``receipt``, in any order.
The file is UTF-8, dates are ``2024-08-31``, amounts are written as machines do: ``-1234.50``. Tags are words with
blanks between them; rows of one receipt, a UUID, are parts of one payment. An apostrophe that keeps a text from being a
formula (``'=1+1``) is not part of it.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from expenses.formulas import unguard
from expenses.models import DATE_MESSAGE, FIRST_DATE, LAST_DATE, Category, Expense
from expenses.months import parse_months
from expenses.tags import parse_tags
from ledgers.dates import parse_iso_date
from ledgers.money import parse_plain

REQUIRED = ("date", "amount", "category", "notes")
OPTIONAL = ("payee", "spread_months", "tags", "receipt")
LONGEST_LINE = 131_072  # characters; no field that the csv module reads can be longer either
LARGEST_FILE = 100_000_000  # bytes
NO_RECEIPT = gettext_lazy("The id of a receipt is a UUID.")
LONGEST = {
    "category": Category._meta.get_field("name").max_length,
    "payee": Expense._meta.get_field("payee").max_length,
    "notes": Expense._meta.get_field("notes").max_length,
}


@dataclass(frozen=True)
class FileRow:
    """One expense as the file has it. ``line`` is where it begins."""

    line: int
    date: date
    amount: Decimal
    category: str
    payee: str
    notes: str
    spread_months: int = 1
    tags: list[str] = field(default_factory=list)
    receipt: UUID | None = None


@dataclass(frozen=True)
class Problem:
    """Why a line cannot be loaded; ``line`` 0 means the whole file."""

    line: int
    reason: str

    def __str__(self):
        if not self.line:
            return self.reason
        return _("Line %(line)d: %(reason)s") % {"line": self.line, "reason": self.reason}


@dataclass
class Reading:
    """What was read. Rows whose amount is zero are only counted, in ``zeros``."""

    rows: list[FileRow] = field(default_factory=list)
    zeros: int = 0
    problems: list[Problem] = field(default_factory=list)


class Unreadable(Exception):
    """Nothing can be read from this line on. The argument is the ``Problem``."""


def read_expenses(content: bytes, decimals: int) -> Reading:
    """The expenses of a file, for a ledger whose amounts have so many decimals. Never raises."""
    reading = Reading()
    try:
        records = _records(_text(content))
        _line, header = next(records, (1, []))
        columns = _columns(header)
        for line, record in records:
            _read_row(reading, line, record, columns, decimals)
    except Unreadable as error:
        reading.problems.append(error.args[0])
    if not (reading.rows or reading.zeros or reading.problems):
        reading.problems.append(Problem(0, _("The file names its columns, but has no expense.")))
    return reading


def _text(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        message = _("The file is larger than %(most)d MB: load it in parts.")
        raise Unreadable(Problem(0, message % {"most": LARGEST_FILE // 1_000_000}))
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise Unreadable(Problem(line, _("It holds a NUL byte. This is not a text file in UTF-8.")))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            Problem(line, _("This is not text in UTF-8. Save the file as CSV in UTF-8."))
        ) from error
    if not text.strip():
        raise Unreadable(Problem(0, _("The file is empty.")))
    return text


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; blank lines are passed over. Raises Unreadable."""
    reader = csv.reader(_lines(text), strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise Unreadable(Problem(line, _quotes_are_wrong(error))) from error
        if record is None:
            return
        if any(value.strip() for value in record):
            yield line, [value.strip() for value in record]


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            message = _("It is longer than %(most)d characters.")
            raise Unreadable(Problem(number, message % {"most": LONGEST_LINE}))
        yield line


def _quotes_are_wrong(error: csv.Error) -> str:
    if "expected after" in str(error):
        return _(
            "Something follows a closing quotation mark. Inside a text a quotation mark is written twice."
        )
    return _("A quotation mark is opened here and not closed.")


def _columns(header: list[str]) -> list[str]:
    """The names of the columns. Raises Unreadable if they are not the ones we know, each once."""
    if len(header) == 1 and ";" in header[0]:
        raise Unreadable(Problem(1, _("Semicolons separate the columns of this file. Use commas.")))
    columns = [name.lower() for name in header]
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in REQUIRED + OPTIONAL]
    twice = sorted({name for name in columns if columns.count(name) > 1} - set(unknown))
    complaints = [
        (missing, _("The first line has to name the columns; missing: %(names)s.")),
        (unknown, _("There is no such column here; remove: %(names)s.")),
        (twice, _("A column is named twice: %(names)s.")),
    ]
    said = [
        text % {"names": ", ".join(name or "“”" for name in names)} for names, text in complaints if names
    ]
    if said:
        raise Unreadable(Problem(1, " ".join(said)))
    return columns


def _read_row(reading: Reading, line: int, record: list[str], columns: list[str], decimals: int):
    if len(record) != len(columns):
        reason = ngettext("It has %(count)d value", "It has %(count)d values", len(record))
        reason += _(", where the first line names %(columns)d columns.")
        reason %= {"count": len(record), "columns": len(columns)}
        reading.problems.append(Problem(line, reason))
        return
    reasons, values = [], dict.fromkeys(OPTIONAL, "") | dict(zip(columns, record, strict=True))
    readers = {
        "date": _date,
        "amount": lambda text: parse_plain(text, decimals),
        "spread_months": parse_months,
        "tags": lambda text: parse_tags(unguard(text)),
        "receipt": _receipt,
    }
    for name, read in readers.items():
        try:
            values[name] = read(values[name])
        except ValidationError as error:
            reasons += [f"“{values[name][:40]}”: {message}" for message in error.messages]
    values |= {name: unguard(values[name]) for name in LONGEST}
    reasons += _texts_are_wrong(values)
    if reasons:
        reading.problems.append(Problem(line, " ".join(reasons)))
    elif values["amount"]:
        reading.rows.append(FileRow(line, **values))
    else:
        reading.zeros += 1


def _texts_are_wrong(values: dict) -> list[str]:
    reasons = [] if values["category"] else [_("The category is missing.")]
    too_long = _("%(name)s has more than %(most)d characters.")
    return reasons + [
        too_long % {"name": name, "most": most} for name, most in LONGEST.items() if len(values[name]) > most
    ]


def _date(text: str) -> date:
    day = parse_iso_date(text)
    if not FIRST_DATE <= day <= LAST_DATE:
        raise ValidationError(DATE_MESSAGE)
    return day


def _receipt(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise ValidationError(NO_RECEIPT) from None
