"""Which category a line probably belongs to, and why: from the file, from a rule, from this ledger's own history."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache

from django.db.models.functions import Lower
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from expenses.loading import lowered
from expenses.models import Category, Expense, Rule
from ledgers.models import Ledger
from statements.formats.lines import Line
from statements.formats.values import storable
from statements.models import StatementLine
from statements.rules import RuleBook

LATEST = 20_000  # expenses that are looked at
FUZZY_WANTED, FUZZY_KNOWN = 300, 3_000  # how many payees are compared with how many, at most
ALIKE = 88  # of 100, by rapidfuzz' token_set_ratio
Suggested = StatementLine.Suggested


Suggestion = dict[str, object]
NONE: Suggestion = {}


@lru_cache(maxsize=50_000)
def payee_key(text: str) -> str:
    """What two lines of the same payee have in common: its words without numbers, in lower case."""
    words = default_process(text).split()
    kept = [word for word in words if len(word) > 1 and not any(map(str.isdigit, word))]
    return " ".join(kept[:6] or words[:6])


def _suggestion(category: int | None, by: str, why: dict | None = None) -> Suggestion:
    return {"category": category, "suggested_by": by, "why": why}


def _is_alike(key: str, other: str) -> bool:
    """Whether two keys that share their words are of one payee: a single word has to be the first of the other's."""
    words, others = key.split(), other.split()
    return min(len(words), len(others)) > 1 or words[0] == others[0] or fuzz.ratio(key, other) >= ALIKE


class Suggester:
    """Suggests for the lines of one statement. Costs four queries, whatever the number of lines.

    A suggestion has those of ``category`` (its id), ``payee_name``, ``suggested_by`` and ``why`` that there are.
    ``why`` is ``{"rule": pattern}``, or ``{"payee", "count", "of"}``: how many of the expenses there had the category.
    """

    def __init__(self, ledger: Ledger, lines: Iterable[Line]):
        self.ledger = ledger
        self.rules = RuleBook(Rule.objects.in_ledger(ledger).select_related("category"))
        lines = list(lines)
        mine = Category.objects.in_ledger(ledger)
        categories = list(mine.values_list(Lower("name"), "pk", "archived", "aliases"))
        self.categories = {alias: pk for _name, pk, _archived, aliases in categories for alias in aliases}
        self.categories |= {name: pk for name, pk, *_rest in categories}
        self._lowered = lowered(list({storable(line.category) for line in lines}))
        self.offered = {pk for _name, pk, archived, _aliases in categories if not archived}
        self._found: dict[tuple[str, str, str], Suggestion] = {}
        self._wanted = Counter(payee_key(line.payee or line.text) for line in lines)

    def of(self, line: Line) -> Suggestion:
        # Only a rule looks at the text of a line that has a payee.
        asked = line.payee, line.text if self.rules.rules or not line.payee else "", line.category
        if asked not in self._found:
            self._found[asked] = self._suggestion(*asked)
        return self._found[asked]

    def _suggestion(self, payee: str, text: str, category: str) -> Suggestion:
        rule = self.rules.first(payee, text)
        named = {"payee_name": rule.payee} if rule and rule.payee else NONE
        if rule and rule.category_id:
            return named | _suggestion(rule.category_id, Suggested.RULE, {"rule": rule.pattern})
        if category.strip():
            known = self.categories.get(self._lowered[storable(category)])
            return named | _suggestion(known, Suggested.FILE)
        if known := self._known(payee_key(payee or text)):
            like, ((pk, count),), total = known
            return named | _suggestion(pk, Suggested.HISTORY, {"payee": like, "count": count, "of": total})
        return named

    def _known(self, key: str):
        counts = self._history.get(key) or self._history.get(self._alike.get(key))
        if not key or not counts:
            return None
        payee, categories = counts
        return payee, categories.most_common(1), categories.total()

    @cached_property
    def _history(self) -> dict[str, tuple[str, Counter]]:
        """By payee's key, a payee of it and how often each category was used, latest expenses first."""
        found: dict[str, tuple[str, Counter]] = {}
        latest = Expense.objects.in_ledger(self.ledger).newest_first()[:LATEST]
        for payee, notes, category in latest.values_list("payee", "notes", "category"):
            said = payee or notes
            if category in self.offered and (key := payee_key(said)):
                found.setdefault(key, (said[:60], Counter()))[1][category] += 1
        return found

    @cached_property
    def _alike(self) -> dict[str, str]:
        """For payees that are not in the history, the one in it that is nearly the same."""
        missing = Counter({key: n for key, n in self._wanted.items() if key and key not in self._history})
        known = sorted(self._history, key=lambda key: -self._history[key][1].total())[:FUZZY_KNOWN]
        found = defaultdict(str)
        for key, _count in missing.most_common(FUZZY_WANTED):
            near = process.extract(key, known, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=5)
            found[key] = next((other for other, *_score in near if _is_alike(key, other)), "")
        return found
