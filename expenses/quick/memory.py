"""What a ledger's latest expenses tell about the next one: who is paid, and for what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from expenses.models import Category, Expense
from expenses.quick.grammar import COMMAS, Word
from ledgers.models import Ledger

LATEST = 2000


class Memory:
    """The payees of some expenses, and the category that is usual with a payee or with a text.

    ``rows`` are payee, notes and id of the category, the newest first. Usual is what most of them have, of equals the
    newest; archived categories are not taken.
    """

    def __init__(self, rows: Iterable[tuple[str, str, int]], categories: Iterable[Category]):
        offered = {category.pk: category for category in categories if not category.archived}
        self.payees, by_payee, by_notes = {}, defaultdict(Counter), defaultdict(Counter)
        for payee, notes, category in rows:
            if key := _key(payee):
                self.payees.setdefault(key, " ".join(payee.split()))
                by_payee[key][category] += 1
            if key := _key(notes):
                by_notes[key][category] += 1
        self.with_payee, self.with_notes = (_usual(uses, offered) for uses in (by_payee, by_notes))
        self.longest = max((len(key.split()) for key in self.payees), default=0)

    def payee_before(self, words: Sequence[Word]) -> int:
        """How many words at the beginning are the longest payee known; 0 if none is."""
        lengths = range(min(self.longest, len(words)), 0, -1)
        return next((n for n in lengths if _key(_text(words[:n])) in self.payees), 0)

    def payee(self, words: Sequence[Word]) -> str:
        """The payee as it was written last."""
        return self.payees.get(_key(_text(words)), "")

    def usual(self, payee: str, notes: str) -> tuple[Category | None, str]:
        """The category that is usual with the payee, else with the notes, and which of the two said so."""
        if category := self.with_payee.get(_key(payee)):
            return category, "payee"
        if category := self.with_notes.get(_key(notes)):
            return category, "notes"
        return None, ""


def memory_of(ledger: Ledger, categories: Iterable[Category]) -> Memory:
    """What the latest expenses of the ledger tell, in one query."""
    rows = Expense.objects.in_ledger(ledger).newest_first().values_list("payee", "notes", "category_id")
    return Memory(rows[:LATEST], categories)


def _usual(uses: dict[str, Counter], offered: dict[int, Category]) -> dict[str, Category]:
    """Counters give equals in the order they were met, which is the newest first."""
    found = {}
    for key, counter in uses.items():
        known = (offered[pk] for pk, _count in counter.most_common() if pk in offered)
        if category := next(known, None):
            found[key] = category
    return found


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _key(text: str) -> str:
    return " ".join(text.split()).rstrip(COMMAS + " ").casefold()
