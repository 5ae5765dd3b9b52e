"""Beancount: https://beancount.github.io/docs/beancount_language_syntax.html

An account's parts begin with a capital letter or a digit and have letters, digits and hyphens only, so the category's
own name is kept as metadata where it had to change. Money comes from one account, ``Assets:Unknown``.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import chain

from expenses.exports.accounts import EXPENSES, OTHER_SIDE, accounts
from expenses.exports.seats import ExportFile
from expenses.exports.selection import Selection
from expenses.models import FIRST_DATE, Category
from ledgers.models import Ledger
from ledgers.money import exact

FIELDS = ("id", "date", "amount", "category_id", "payee", "notes")
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def write(file: ExportFile, selection: Selection) -> int:
    """The options, the accounts, opened on the first day, and a transaction for each expense."""
    known, rows, count = accounts(selection.ledger, part), selection.rows(*FIELDS), 0
    first = next(rows, None)
    with file.as_text() as text:
        text.writelines(_head(selection.ledger, known, first[1] if first else FIRST_DATE))
        for _pk, day, amount, category, payee, notes in chain([first] if first else [], rows):
            figure = exact(amount, selection.ledger.decimals), exact(-amount, selection.ledger.decimals)
            text.write(_transaction(day, figure, selection.ledger.currency, known[category], payee, notes))
            count += 1
    return count


def part(name: str) -> str:
    """``Café & Bar`` as ``Café-Bar``; what cannot begin a part (no capital letter, no digit) gets ``X-`` before it."""
    kept = [_allowed(sign) for sign in unicodedata.normalize("NFC", name)]
    words = "-".join("".join(kept).split())
    words = words.strip("-")
    begin = words[:1].upper()
    if len(begin) == 1 and unicodedata.category(begin) in ("Lu", "Nd"):
        return begin + words[1:]
    return f"X-{words}" if words else "X"


def _allowed(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind[0] == "L" or kind == "Nd" or sign == "-":
        return sign
    return "" if kind[0] == "M" else " "


def _head(ledger: Ledger, known: dict[int, str], day: date) -> Iterator[str]:
    yield f'option "title" {_quoted(ledger.name)}\noption "operating_currency" "{ledger.currency}"\n\n'
    yield f"{day} open {OTHER_SIDE}\n"
    names = dict(Category.objects.in_ledger(ledger).values_list("pk", "name"))
    for pk, account in known.items():
        yield f"{day} open {account}\n"
        if account != f"{EXPENSES}:{names.get(pk)}":
            yield f"  name: {_quoted(names.get(pk, ''))}\n"


def _transaction(day: date, figure: tuple[str, str], currency: str, account: str, payee: str, notes: str) -> str:
    said = f"{_quoted(payee)} {_quoted(notes)}" if payee else _quoted(notes)
    return f"\n{day} * {said}\n  {account}  {figure[0]} {currency}\n  {OTHER_SIDE}  {figure[1]} {currency}\n"


def _quoted(text: str) -> str:
    return f'"{text.translate(ESCAPES)}"'
