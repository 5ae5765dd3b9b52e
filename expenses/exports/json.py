"""The application's own format, which ``expenses/exchange.py`` reads: a JSON file with a line for each row.

Of a whole ledger it has everything, its members, accounts, rules and favourites too. Of a selection it has the expenses
and the categories they use, and nobody's name but in ``created_by``.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC

from django.db.models import Q
from django.utils import timezone

from expenses.exchange import FORMAT, VERSION
from expenses.exports.seats import ExportFile
from expenses.exports.selection import Known, Selection
from expenses.models import Account, Category, Favourite, Rule
from ledgers.models import Ledger
from ledgers.money import exact

FIELDS = (
    *("date", "amount", "category_id", "payee", "notes", "spread_months", "tags", "receipt"),
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
    if whole and (favourites := list(_favourites(ledger))):
        yield from _list("favourites", favourites)
    yield from _list("expenses", expenses, last=True)
    yield "}"


def _members(ledger: Ledger) -> Iterator[dict]:
    for username, role in ledger.memberships.order_by("user__username").values_list("user__username", "role"):
        yield {"username": username, "role": role}


def _categories(selection: Selection) -> tuple[list[dict], Known]:
    """All of the ledger, or those that are used, and the name of each by its id."""
    categories = Category.objects.in_ledger(selection.ledger)
    if not selection.whole:
        used = categories.filter(pk__in=selection.expenses.order_by().values("category_id"))
        categories = categories.filter(Q(pk__in=used.values("pk")) | Q(pk__in=used.values("parent")))
    rows = list(categories.values("pk", "name", "colour", "position", "archived", "parent", "aliases"))
    known = Known((row.pop("pk"), row["name"]) for row in rows)
    return [_category(row, known) for row in rows], known


def _category(row: dict, known: Known) -> dict:
    """With the name of what it is part of, and other names, if there are any."""
    parent, aliases = row.pop("parent"), row.pop("aliases")
    return row | ({"parent": known[parent]} if parent else {}) | ({"aliases": aliases} if aliases else {})


def _accounts(ledger: Ledger) -> Iterable[dict]:
    return Account.objects.in_ledger(ledger).values("name", "currency", "digits", "key")


def _rules(ledger: Ledger) -> Iterator[dict]:
    names = ("position", "field", "operator", "pattern", "category__name", "payee")
    for row in Rule.objects.in_ledger(ledger).values(*names):
        category = row.pop("category__name")
        yield row | {"category": category}


def _favourites(ledger: Ledger) -> Iterator[dict]:
    names = ("name", "position", "amount", "category__name", "payee", "notes", "tags")
    favourites = Favourite.objects.in_ledger(ledger).values_list(*names)
    for name, position, amount, category, payee, notes, tags in favourites:
        yield {
            "name": name,
            "position": position,
            "amount": None if amount is None else exact(amount, ledger.decimals),
            "category": category,
            "payee": payee,
            "notes": notes,
            **({"tags": tags} if tags else {}),
        }


def _expenses(selection: Selection, known: Known) -> Iterator[dict]:
    decimals = selection.ledger.decimals
    rows = selection.rows(*FIELDS)
    for day, amount, category, payee, notes, months, tags, receipt, external_id, made, by in rows:
        yield {
            "date": day.isoformat(),
            "amount": exact(amount, decimals),
            "category": known[category],
            "payee": payee,
            "notes": notes,
            **({"spread_months": months} if months > 1 else {}),
            **({"tags": tags} if tags else {}),
            **({"receipt": str(receipt)} if receipt else {}),
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
