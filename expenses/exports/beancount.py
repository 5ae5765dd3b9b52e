"""Beancount: https://beancount.github.io/docs/beancount_language_syntax.html

An account's parts begin with a capital letter or a digit and have letters, digits and hyphens only, so the category's
own name is kept beside the account where it had to change. Money comes from one account, ``Assets:Unknown``.

A tag has ASCII letters, digits and ``-_/.`` only; others stand in the metadata, all in one text. Expenses of one
receipt have the same link, which is what connects transactions there.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import chain

from expenses.exports.accounts import EXPENSES, OTHER_SIDE, accounts
from expenses.exports.seats import ExportFile
from expenses.exports.selection import Known, Selection
from expenses.models import FIRST_DATE
from ledgers.models import Ledger
from ledgers.money import exact

FIELDS = ("date", "amount", "category_id", "payee", "notes", "spread_months", "tags", "receipt")
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def write(file: ExportFile, selection: Selection) -> int:
    """The options, the accounts, opened on the first day, and a transaction for each expense."""
    ledger, rows, count = selection.ledger, selection.rows(*FIELDS), 0
    known, first = accounts(ledger, part), next(rows, None)
    with file.as_text() as text:
        text.writelines(_head(ledger, known, first[0] if first else FIRST_DATE))
        for day, amount, category, payee, notes, *more in chain([first] if first else [], rows):
            months, tags, receipt = more
            said = [_quoted(payee), _quoted(notes)] if payee else [_quoted(notes)]
            said += [f"#{tag}" for tag in tags if tag.isascii()] + (
                [f"^receipt-{receipt}"] if receipt else []
            )
            text.write(f"\n{day} * {' '.join(said)}\n")
            if months > 1:
                text.write(f"  spread_months: {months}\n")
            if others := [tag for tag in tags if not tag.isascii()]:
                text.write(f"  tags: {_quoted(' '.join(others))}\n")
            text.write(f"  {known[category].path}  {exact(amount, ledger.decimals)} {ledger.currency}\n")
            text.write(f"  {OTHER_SIDE}  {exact(-amount, ledger.decimals)} {ledger.currency}\n")
            count += 1
    return count


def part(name: str) -> str:
    """``Café & Bar`` as ``Café-Bar``; what begins with no capital letter and no digit gets ``X-`` before it."""
    kept = "".join(_allowed(sign) for sign in unicodedata.normalize("NFC", name))
    words = "-".join(kept.split()).strip("-")
    begin = words[:1].upper()
    if len(begin) == 1 and unicodedata.category(begin) in ("Lu", "Nd"):
        return begin + words[1:]
    return f"X-{words}" if words else "X"


def _allowed(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind[0] == "L" or kind == "Nd" or sign == "-":
        return sign
    return "" if kind[0] == "M" else " "


def _head(ledger: Ledger, known: Known, day: date) -> Iterator[str]:
    yield f'option "title" {_quoted(ledger.name)}\noption "operating_currency" "{ledger.currency}"\n\n'
    yield f"{day} open {OTHER_SIDE}\n"
    for path, name in known.values():
        yield f"{day} open {path}\n"
        if path != f"{EXPENSES}:{name}":
            yield f"  name: {_quoted(name)}\n"


def _quoted(text: str) -> str:
    return f'"{text.translate(ESCAPES)}"'
