"""What change sets did, in a sentence each, in the reader's language."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Min
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from expenses.models import Account, Category, Expense, Favourite, Rule
from history.models import TRACKED, ChangeSet, Event

INSERT, UPDATE, DELETE = Event.INSERT, Event.UPDATE, Event.DELETE
PHRASES = {
    "ledger": {
        INSERT: gettext_lazy("ledger opened"),
        UPDATE: gettext_lazy("settings changed"),
        DELETE: gettext_lazy("ledger deleted"),
    },
    "membership": {
        INSERT: ngettext_lazy("%(n)s member added", "%(n)s members added", "n"),
        UPDATE: ngettext_lazy("%(n)s member changed", "%(n)s members changed", "n"),
        DELETE: ngettext_lazy("%(n)s member removed", "%(n)s members removed", "n"),
    },
    "category": {
        INSERT: ngettext_lazy("%(n)s category added", "%(n)s categories added", "n"),
        UPDATE: ngettext_lazy("%(n)s category changed", "%(n)s categories changed", "n"),
        DELETE: ngettext_lazy("%(n)s category deleted", "%(n)s categories deleted", "n"),
    },
    "account": {
        INSERT: ngettext_lazy("%(n)s account added", "%(n)s accounts added", "n"),
        UPDATE: ngettext_lazy("%(n)s account changed", "%(n)s accounts changed", "n"),
        DELETE: ngettext_lazy("%(n)s account deleted", "%(n)s accounts deleted", "n"),
    },
    "rule": {
        INSERT: ngettext_lazy("%(n)s rule added", "%(n)s rules added", "n"),
        UPDATE: ngettext_lazy("%(n)s rule changed", "%(n)s rules changed", "n"),
        DELETE: ngettext_lazy("%(n)s rule deleted", "%(n)s rules deleted", "n"),
    },
    "favourite": {
        INSERT: ngettext_lazy("%(n)s favourite added", "%(n)s favourites added", "n"),
        UPDATE: ngettext_lazy("%(n)s favourite changed", "%(n)s favourites changed", "n"),
        DELETE: ngettext_lazy("%(n)s favourite deleted", "%(n)s favourites deleted", "n"),
    },
    "expense": {
        INSERT: ngettext_lazy("%(n)s expense added", "%(n)s expenses added", "n"),
        UPDATE: ngettext_lazy("%(n)s expense changed", "%(n)s expenses changed", "n"),
        DELETE: ngettext_lazy("%(n)s expense deleted", "%(n)s expenses deleted", "n"),
    },
}


# What else is asked of events: a name, and the first and the last date.
FACTS = {
    Category: [Max("name")],
    Account: [Max("name")],
    Rule: [Max("pattern")],
    Favourite: [Max("name")],
    Expense: [Max("payee"), Min("date"), Max("date")],
}


@dataclass
class Summary:
    """How many rows of each kind a change set added, changed and deleted, and on which dates its expenses are."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    days: tuple[date, date] | None = None
    name: str = ""  # of a category or a payee that there is

    def note(self, kind: str, label: str, count: int, name: str, days: tuple[date, date] | None):
        self.counts[kind, label] = count
        self.name = name or self.name
        if days:
            first, last = self.days or days
            self.days = min(first, days[0]), max(last, days[1])

    @property
    def rows(self) -> int:
        """How many events it has, which is how many rows it touched unless it wrote one twice."""
        return sum(self.counts.values())

    @property
    def sentence(self) -> str:
        """``2 expenses added, 1 expense deleted (Aug. 22, 2026)``."""
        parts = [
            phrase % {"n": self.counts[kind, label]}
            for kind, phrases in PHRASES.items()
            for label, phrase in phrases.items()
            if (kind, label) in self.counts
        ]
        what = capfirst(", ".join(parts))
        if self.rows == 1 and self.name:
            what = _("%(what)s: %(name)s") % {"what": what, "name": self.name}
        return _("%(what)s (%(days)s)") % {"what": what, "days": self._written_days()} if self.days else what

    def _written_days(self) -> str:
        first, last = (date_format(day, "DATE_FORMAT") for day in self.days)
        return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def summaries(change_sets: Collection[ChangeSet]) -> dict[int, Summary]:
    """The summary of each, by its id; all of them in as many queries as there are kinds of rows."""
    found = defaultdict(Summary)
    mine = {
        "ledger__in": {each.ledger_id for each in change_sets},
        "change_set__in": [each.pk for each in change_sets],
    }
    for tracked in TRACKED:
        events = tracked.events.objects.filter(**mine).order_by().values_list("change_set", "pgh_label")
        rows = events.annotate(Count("pk"), *FACTS.get(tracked.model, ()))
        for change_set, label, count, *facts in rows:
            name, *days = facts or [""]
            found[change_set].note(tracked.name, label, count, name, tuple(days) or None)
    return found
