"""Renaming a tag of a ledger, merging it into another, or taking it away: what that comes to, and then doing it."""

from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from expenses.bulk import Figures, figures_of, locked, mark
from expenses.models import Expense, Favourite, with_words
from expenses.tags import clean_tags
from ledgers.models import Ledger


class Retagging:
    """What a tag of the ledger's expenses and favourites becomes: another one, or nothing where ``to`` is None."""

    def __init__(self, ledger: Ledger, tag: str, to: str | None = None):
        self.ledger, self.tag, self.to = ledger, tag, to
        self.rows = Expense.objects.in_ledger(ledger).tagged(tag)
        self.favourites = Favourite.objects.in_ledger(ledger).filter(tags__contains=[tag])

    def lock(self):
        """Until the end of the transaction nobody else changes these rows, and none joins them."""
        self.rows = locked(self.rows)
        ids = list(self.favourites.order_by("pk").select_for_update().values_list("pk", flat=True))
        self.favourites = Favourite.objects.filter(pk__in=ids)

    @cached_property
    def figures(self) -> Figures:
        """How many expenses have it and what they come to."""
        return next(iter(figures_of(self.rows)), Figures(self.ledger, 0, Decimal(0), ""))

    @cached_property
    def into(self) -> int:
        """How many expenses have the other tag already: where there are any, the two become one."""
        return Expense.objects.in_ledger(self.ledger).tagged(self.to).count() if self.to else 0

    @cached_property
    def of_favourites(self) -> list[tuple[int, int]]:
        """The id and version of each favourite that has it."""
        return list(self.favourites.order_by("pk").values_list("pk", "version"))

    @property
    def favourite_count(self) -> int:
        return len(self.of_favourites)

    @property
    def is_used(self) -> bool:
        return bool(self.figures.count or self.of_favourites)

    @property
    def mark(self) -> str:
        """Exactly these rows and what becomes of them: what is confirmed is what was seen."""
        seen = f"{mark([self.figures])} {self.of_favourites} {self.tag} {self.to}"
        return sha256(seen.encode()).hexdigest()[:32]

    @transaction.atomic
    def apply(self):
        """Do it, in one statement for each table."""
        add = [self.to] if self.to else []
        self.rows.retag(add, [self.tag])
        self.favourites.update(tags=with_words("tags", add, [self.tag]))


def other_tag(tag: str, word: str) -> str:
    """The tag that somebody wrote to take the place of this one. Raises ValidationError."""
    [other] = clean_tags([word.strip().removeprefix("#")])
    if other == tag:
        raise ValidationError(_("That is its name already."), "same")
    return other
