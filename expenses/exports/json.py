"""The application's own format, which ``expenses/exchange.py`` reads: a JSON file with a line for each row.

Of a whole ledger it has everything, its members, accounts and rules too. Of a selection it has the expenses and the
categories they use, and nobody's name but in ``created_by``.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC

from django.utils import timezone

from expenses.exchange import FORMAT, VERSION
from expenses.exports.seats import ExportFile
from expenses.exports.selection import Known, Selection
from expenses.models import Account, Category, Rule
from ledgers.models import Ledger
from ledgers.money import exact

FIELDS = (
    *("date", "amount", "category_id", "payee", "notes", "spread_months"),
    *("external_id", "created_at", "created_by__username"),
)


def write(file: ExportFile, selection: Selection) -> int:
    """The lines of the file, and how many expenses it has."""
    count = 0

    def counted():
        nonlocal count
        for row in _expenses(selection, known):
            count += 1
            yield row

    categories, known = _categories(selection)
    with file.as_text() as text:
        text.writelines(f"{line}\n" for line in _lines(selection, categories, counted()))
    return count


def _lines(selection: Selection, categories: list[dict], expenses: Iterable[dict]) -> Iterator[str]:
    ledger, whole = selection.ledger, selection.whole
    facts = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": _moment(timezone.now()),
        "ledger": {name: getattr(ledger, name) for name in ("name", "currency", "month_start_day")},
    }
    yield "{"
    yield from (f"{_json(name)}: {_json(value)}," for name, value in facts.items())
    yield from _list("members", _members(ledger) if whole else ())
    yield from _list("categories", categories)
    yield from _list("accounts", _accounts(ledger) if whole else ())
    yield from _list("rules", _rules(ledger) if whole else ())
    yield from _list("expenses", expenses, last=True)
    yield "}"


def _members(ledger: Ledger) -> Iterator[dict]:
    for username, role in ledger.memberships.order_by("user__username").values_list("user__username", "role"):
        yield {"username": username, "role": role}


def _categories(selection: Selection) -> tuple[list[dict], Known]:
    """All of the ledger, or those that are used, and the name of each by its id."""
    categories = Category.objects.in_ledger(selection.ledger)
    if not selection.whole:
        categories = categories.filter(pk__in=selection.expenses.order_by().values("category_id"))
    rows = list(categories.values("pk", "name", "colour", "position", "archived"))
    known = Known((row.pop("pk"), row["name"]) for row in rows)
    return rows, known


def _accounts(ledger: Ledger) -> Iterable[dict]:
    return Account.objects.in_ledger(ledger).values("name", "currency", "digits", "key")


def _rules(ledger: Ledger) -> Iterator[dict]:
    names = ("position", "field", "operator", "pattern", "category__name", "payee")
    for row in Rule.objects.in_ledger(ledger).values(*names):
        category = row.pop("category__name")
        yield row | {"category": category}


def _expenses(selection: Selection, known: Known) -> Iterator[dict]:
    decimals = selection.ledger.decimals
    for day, amount, category, payee, notes, months, external_id, made, by in selection.rows(*FIELDS):
        yield {
            "date": day.isoformat(),
            "amount": exact(amount, decimals),
            "category": known[category],
            "payee": payee,
            "notes": notes,
            **({"spread_months": months} if months > 1 else {}),
            "external_id": external_id,
            "created_at": _moment(made),
            "created_by": by,
        }


def _list(name: str, rows: Iterable[dict], last: bool = False) -> Iterator[str]:
    yield f"{_json(name)}: ["
    before = None
    for row in rows:
        if before:
            yield f"{before},"
        before = _json(row)
    if before:
        yield before
    yield "]" if last else "],"


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _moment(time) -> str:
    return time.astimezone(UTC).isoformat()
