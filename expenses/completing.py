"""What people are likely to write next, learned from what they wrote last."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from expenses.models import Expense
from ledgers.models import Ledger

LATEST = 5000  # expenses that are learned from
MOST = 1000  # payees, and tags


@dataclass
class Payee:
    """Somebody who was paid, as written last: in which category most often (the id), and how much the last time."""

    payee: str
    category: int
    amount: Decimal


@dataclass
class Completions:
    """Payees and tags, those used most often first and of equals the latest. None is archived away or forgotten."""

    payees: list[Payee]
    tags: list[str]


def completions_of(ledger: Ledger) -> Completions:
    """What the latest expenses of a ledger teach. One statement, which reads as many rows however many there are."""
    written = Expense.objects.in_ledger(ledger).newest_first()
    spellings: dict[str, Payee] = {}
    categories: dict[str, Counter[int]] = {}
    tags: Counter[str] = Counter()
    for payee, category, amount, used in written.values_list("payee", "category_id", "amount", "tags")[
        :LATEST
    ]:
        tags.update(used)
        if key := payee.casefold().strip():
            spellings.setdefault(key, Payee(payee, category, amount))
            categories.setdefault(key, Counter())[category] += 1
    # Counted from the newest on, so that of what is used equally often the latest comes first.
    often = sorted(list(spellings)[:MOST], key=lambda key: -categories[key].total())
    for key in often:
        spellings[key].category = categories[key].most_common(1)[0][0]
    return Completions([spellings[key] for key in often], [tag for tag, _n in tags.most_common(MOST)])
