"""A journal that hledger and Ledger read: https://hledger.org/journal.html, https://ledger-cli.org/doc/ledger3.html

Neither has escapes, so in a description blanks and line breaks become one blank, and ``;``, which begins a comment,
a comma. ``|`` stands between payee and notes as hledger has it.

A tag is a line ``; :work:``, which hledger reads as its tag ``work`` without a value, and Ledger as one of its own.
Expenses of one receipt have the same value of the tag ``receipt``.
"""

import re
from collections.abc import Iterator

from expenses.exports.accounts import EXPENSES, OTHER_SIDE, accounts
from expenses.exports.seats import ExportFile
from expenses.exports.selection import Known, Selection
from ledgers.models import Ledger
from ledgers.money import exact

FIELDS = ("date", "amount", "category_id", "payee", "notes", "spread_months", "tags", "receipt")
TAKEN = {"uuid": "uuid_"}  # Ledger wants a value of its own with it, and crashes without
NOT_IN_A_NAME = re.compile(r"""\s*[\x00-\x1f\x7f-\x9f\u2028\u2029:;()\[\]{}<>"=@*!?%|#~^`$\\]+\s*""")
UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")


def write(file: ExportFile, selection: Selection) -> int:
    """The commodity, the accounts, and a transaction for each expense."""
    ledger, known, count = selection.ledger, accounts(selection.ledger, part), 0
    with file.as_text() as text:
        text.writelines(_head(ledger, known))
        for day, amount, category, payee, notes, months, tags, receipt in selection.rows(*FIELDS):
            text.write(f"\n{day} * {_description(payee, notes)}".rstrip(" ") + "\n")
            if months > 1:
                text.write(f"    ; spread_months: {months}\n")
            text.writelines(f"    ; :{TAKEN.get(tag, tag)}:\n" for tag in tags)
            if receipt:
                text.write(f"    ; receipt: {receipt}\n")
            text.write(f"    {known[category].path}  {exact(amount, ledger.decimals)} {ledger.currency}\n")
            text.write(f"    {OTHER_SIDE}  {exact(-amount, ledger.decimals)} {ledger.currency}\n")
            count += 1
    return count


def part(name: str) -> str:
    """A category's name as a part of an account: no colon, no two blanks, no sign that means something there."""
    return " ".join(NOT_IN_A_NAME.sub("-", name).split()).strip("- ") or "Unnamed"


def _head(ledger: Ledger, known: Known) -> Iterator[str]:
    yield f"; {_plain(ledger.name)}\n\ncommodity {ledger.currency}\n"
    if ledger.decimals:  # without, one of the two programs or the other takes no format
        yield f"    format 1000.{'0' * ledger.decimals} {ledger.currency}\n"
    yield f"\naccount {OTHER_SIDE}\n"
    for path, name in known.values():
        yield f"account {path}\n"
        if path != f"{EXPENSES}:{name}":
            yield f"    ; {_plain(name)}\n"


def _description(payee: str, notes: str) -> str:
    payee, notes = _plain(payee).replace("|", "/"), _plain(notes)
    if payee and notes:
        payee = f"{payee} | {notes}"
    said = payee or notes
    return f"() {said}" if said.startswith("(") else said  # else it begins with a code


def _plain(text: str) -> str:
    return UNSEEN.sub(" ", text.replace(";", ",")).strip()
