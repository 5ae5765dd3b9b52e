"""A ledger exported from this application as JSON (``expenses/exchange.py``), read as lines.

There an amount above zero was spent, here it is money out: the sign is reversed. Category, payee and notes are kept to
the last blank, so that what was exported and read again is equal; ``bank_id`` is the expense's ``external_id``.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import BinaryIO

from statements.formats import limits
from statements.formats.lines import Line, Reading, Rejected, Unreadable, gettext_noop
from statements.formats.values import BadValue, amount_of, day_of, storable

FORMAT, NEWEST = "expense-tracker-ledger", 2
MAX_ID = 80  # characters of an ``external_id``
MARK = b'"' + FORMAT.encode() + b'"'


def recognise(head: bytes, name: str) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") and MARK in head


def read(file: BinaryIO, name: str, answers: Mapping[str, str]) -> Reading:
    """Raises Unreadable at once; a single expense that cannot be read is rejected, and the others are offered."""
    ledger, expenses = _parts(_document(file))
    return Reading("json", _lines(expenses, storable(ledger.get("currency") or "")), is_ours=True)


def _document(file: BinaryIO) -> dict:
    raw = file.read(limits.BYTES + 1)
    if len(raw) > limits.BYTES:
        raise Unreadable(
            gettext_noop("The file is larger than %(count)d MB."), count=limits.BYTES // 1_000_000
        )
    try:
        said = json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable(
            gettext_noop("The file is not complete JSON: it was cut off or changed after it was exported.")
        ) from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Unreadable(gettext_noop("This is not a ledger that was exported from this application."))
    return said


def _parts(said: dict) -> tuple[dict, list]:
    version, ledger, expenses = (said.get(name) for name in ("version", "ledger", "expenses"))
    if isinstance(version, int) and version > NEWEST:
        raise Unreadable(gettext_noop("The file was exported by a newer version of this application."))
    if not (isinstance(version, int) and isinstance(ledger, dict) and isinstance(expenses, list)):
        raise Unreadable(
            gettext_noop("The file has no version, ledger or expenses: it was changed after it was exported.")
        )
    if not isinstance(ledger.get("currency", ""), str):
        raise Unreadable(gettext_noop("The currency of the ledger in the file is not a text."))
    if len(expenses) > limits.ROWS:
        raise Unreadable(gettext_noop("The file has more than %(count)d expenses."), count=limits.ROWS)
    return ledger, expenses


def _lines(expenses: list, currency: str) -> Iterator[Line | Rejected]:
    for number, expense in enumerate(expenses, start=1):
        source = storable(json.dumps(expense, ensure_ascii=False))
        try:
            yield _line(number, source, expense, currency)
        except BadValue as bad:
            yield Rejected(number, source, bad.reason)


def _line(number: int, source: str, expense, currency: str) -> Line:
    if not isinstance(expense, dict):
        raise BadValue(gettext_noop("This is not an expense."))
    if len(_text(expense, "external_id")) > MAX_ID:
        raise BadValue(gettext_noop("“%(name)s” is too long."), name="external_id")
    return Line(
        number=number,
        source=source,
        date=day_of(_text(expense, "date")),
        amount=_reversed(amount_of(_text(expense, "amount"))),
        currency=currency,
        payee=_text(expense, "payee"),
        text=_text(expense, "notes"),
        bank_id=_text(expense, "external_id"),
        category=_text(expense, "category"),
        tags=_tags(expense.get("tags", [])),
        spread_months=_months(expense.get("spread_months", 1)),
        receipt=_text(expense, "receipt"),
    )


def _tags(said) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(tag, str) for tag in said):
        raise BadValue(gettext_noop("“%(name)s” is not a list of texts."), name="tags")
    return tuple(map(storable, said))


def _months(said) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) else 0


def _text(expense: dict, name: str) -> str:
    """The text in a field. Raises BadValue."""
    value = expense.get(name, "")
    if not isinstance(value, str):
        raise BadValue(gettext_noop("“%(name)s” is not a text."), name=name)
    return storable(value)


def _reversed(amount: Decimal) -> Decimal:
    return -amount if amount else amount


def _no_number(constant: str):
    raise ValueError(constant)
