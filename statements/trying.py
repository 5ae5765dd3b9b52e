"""What a rule would do to the expenses that are in the ledger, before it is saved, and doing exactly that."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from database.timeouts import take_longer_than_a_page
from expenses.models import Expense, Rule
from ledgers.models import Ledger
from statements.by_hand import set_by_hand
from statements.rules import RuleBook

LATEST = 200_000  # expenses that are looked at
AT_ONCE = 2_000
SHOWN = 50
COUNTED = 500_000  # times a rule is tried to count what rules fit, which takes less than a second

Fields = frozenset[str]  # of "category" and "payee"
NOTHING: Fields = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """An expense that the rule fits, in the ``version`` that was looked at.

    ``differs`` is what the rule says otherwise; of that ``by_hand`` is left alone. Where an ``earlier`` rule fits
    too, that one decides.
    """

    pk: int
    version: int
    differs: Fields
    by_hand: Fields = NOTHING
    earlier: Rule | None = None

    @property
    def changes(self) -> Fields:
        return NOTHING if self.earlier else self.differs - self.by_hand

    @property
    def kind(self) -> str:
        """``changing``, ``by_hand``, ``earlier``, or ``same``: as the rule wants it already."""
        if self.earlier:
            return "earlier"
        if self.changes:
            return "changing"
        return "by_hand" if self.by_hand else "same"


@dataclass
class Trial:
    """What a rule would do. ``counts`` has the number of expenses of each kind of ``Fit``, ``total`` that of all.

    ``examples`` are up to 50 of them, each with its expense, changing ones first, then newest first. ``is_complete``
    unless the ledger has more expenses than are looked at.
    """

    rule: Rule
    counts: Counter[str] = field(default_factory=Counter)
    changing: list[Fit] = field(default_factory=list)
    examples: list[tuple[Fit, Expense]] = field(default_factory=list)
    is_complete: bool = True

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def tag(self) -> str:
        """Stands for exactly these changes to exactly these expenses in their versions."""
        wanted = f"{self.rule.category_id} {self.rule.payee}"
        rows = (f"{fit.pk}:{fit.version}:{'+'.join(sorted(fit.changes))}" for fit in self.changing)
        return sha256("\n".join([wanted, *rows]).encode()).hexdigest()[:32]


class ChangedMeanwhile(Exception):
    """What is to be changed is not what was shown. Nothing was written; ``trial`` is what would change now."""

    def __init__(self, trial: Trial):
        super().__init__()
        self.trial = trial


def tried(rule: Rule) -> Trial:
    """What the rule, which need not be saved, would do to its ledger's expenses, by their payee and notes as they are.

    Costs a constant number of queries; expenses are read in chunks.
    """
    trial = Trial(rule)
    fits = list(_fitting(rule, trial))
    hands = set_by_hand(rule.ledger, [fit.pk for fit in fits if fit.differs and not fit.earlier])
    shown = defaultdict(list)
    for each in fits:
        fit = replace(each, by_hand=hands[each.pk] & each.differs) if each.pk in hands else each
        trial.counts[fit.kind] += 1
        if fit.changes:
            trial.changing.append(fit)
        if len(shown[fit.kind]) < SHOWN:
            shown[fit.kind].append(fit)
    first = [fit for kind in ("changing", "by_hand", "earlier", "same") for fit in shown[kind]][:SHOWN]
    expenses = Expense.objects.in_ledger(rule.ledger).select_related("category")
    rows = expenses.in_bulk([fit.pk for fit in first])
    trial.examples = [(fit, rows[fit.pk]) for fit in first]
    return trial


def _fitting(rule: Rule, trial: Trial) -> Iterator[Fit]:
    """The expenses that it fits, newest first, without what was set by hand."""
    own, before = RuleBook([rule]), RuleBook(Rule.objects.before(rule))

    @lru_cache(maxsize=50_000)
    def decides(payee: str, notes: str) -> Rule | None:
        return own.first(payee, notes) and (before.first(payee, notes) or rule)

    rows = (
        Expense.objects.in_ledger(rule.ledger)
        .newest_first()
        .values_list("pk", "version", "category", "payee", "notes")
    )
    for number, (pk, version, category, payee, notes) in enumerate(
        rows[: LATEST + 1].iterator(chunk_size=AT_ONCE)
    ):
        if number == LATEST:
            trial.is_complete = False
        elif decider := decides(payee, notes):
            new = {
                "category": rule.category_id not in (None, category),
                "payee": rule.payee not in ("", payee),
            }
            differs = frozenset(name for name, is_new in new.items() if is_new)
            yield Fit(pk, version, differs, earlier=None if decider is rule else decider)


@transaction.atomic
def also_change(rule: Rule, tag: str) -> int:
    """Do what the trial with this tag has shown. Returns how many expenses changed.

    Raises ChangedMeanwhile if that is not what would be done now. In one transaction with the saving of the rule it
    is one change set with it.
    """
    take_longer_than_a_page()
    trial = tried(rule)
    expenses = Expense.objects.in_ledger(rule.ledger)
    seen = {fit.pk: fit.version for fit in trial.changing}
    locked = expenses.filter(pk__in=seen).order_by("pk").select_for_update().values_list("pk", "version")
    if trial.tag != tag or dict(locked) != seen:
        raise ChangedMeanwhile(tried(rule))
    together = defaultdict(list)
    for fit in trial.changing:
        together[fit.changes].append(fit.pk)
    wanted = {"category": rule.category, "payee": rule.payee}
    return sum(
        expenses.filter(pk__in=pks).update(**{name: wanted[name] for name in sorted(names)})
        for names, pks in together.items()
    )


def decided_lately(ledger: Ledger, rules: list[Rule]) -> dict[int, int]:
    """By the id of each rule, how many expenses of the last 12 months it would decide, being the first that fits.

    Payees and notes that are written often count first, if there are too many different ones to try all rules on.
    One query.
    """
    since = timezone.localdate() - relativedelta(months=12)
    lately = Expense.objects.in_ledger(ledger).filter(date__gt=since).order_by()
    texts = (
        lately.values_list("payee", "notes").annotate(count=Count("pk")).order_by("-count", "payee", "notes")
    )
    book, found = RuleBook(rules), Counter()
    for payee, notes, count in texts[: COUNTED // max(len(rules), 1)]:
        if rule := book.first(payee, notes):
            found[rule.pk] += count
    return found
