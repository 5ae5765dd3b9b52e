"""Which category the words of a line name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from expenses.models import Category
from expenses.quick.grammar import LineError, Word, bare

Key = tuple[str, ...]


class Named(NamedTuple):
    """A category, and where in the words it stands."""

    category: Category
    start: int
    end: int


class Names:
    """What the categories of a ledger may be called: by name, by another name, or by the first words of either.

    Archived ones have no names here. What several are called, none is.
    """

    def __init__(self, categories: Iterable[Category]):
        offered = [category for category in categories if not category.archived]
        self.verbatim = {category.name: category for category in offered}
        self.whole = _sole((_key(category.name), category) for category in offered)
        aliases = _sole((_key(alias), category) for category in offered for alias in category.aliases)
        self.whole = aliases | self.whole
        names = [
            (_key(name), category) for category in offered for name in (category.name, *category.aliases)
        ]
        self.beginning = _sole((key[:n], category) for key, category in names for n in range(1, len(key)))
        self.longest = max(map(len, [*self.whole, *self.beginning]), default=0)

    def called(self, text: str) -> Category:
        """The category that somebody named on purpose. Raises LineError."""
        category = self.verbatim.get(text) or self._by(_key(text))
        if category is None:
            raise LineError(
                "category", _("This ledger offers no category “%(name)s”.") % {"name": text[:100]}
            )
        return category

    def among(self, words: Sequence[Word], first: int = 0) -> Named | None:
        """The longest name that stands in these words from the ``first`` on, and of equals the one before."""
        for length in range(min(self.longest, len(words)), 0, -1):
            for start in range(first, len(words) - length + 1):
                span = words[start : start + length]
                category = self._by(tuple(bare(word.text) for word in span))
                if category and not any(word.quoted for word in span):
                    return Named(category, start, start + length)
        return None

    def _by(self, key: Key) -> Category | None:
        return self.whole.get(key) or self.beginning.get(key)


def _key(name: str) -> Key:
    return tuple(bare(word) for word in name.split())


def _sole(named: Iterable[tuple[Key, Category]]) -> dict[Key, Category]:
    """The keys that belong to one category each."""
    found = defaultdict(dict)
    for key, category in named:
        found[key][category.pk] = category
    return {key: next(iter(each.values())) for key, each in found.items() if len(each) == 1 and any(key)}
