"""Many expenses about to be changed at once: how many, what they come to, exactly which, and what becomes of them."""

import datetime
import json
from collections.abc import Collection
from copy import copy
from dataclasses import dataclass, fields
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, Func, IntegerField, Max, Min, OuterRef, TextField, Value
from django.db.models.functions import MD5, Cast, Concat
from django.utils.translation import gettext as _

from expenses.models import (
    DATE_MESSAGE,
    FIRST_DATE,
    LAST_DATE,
    MOST_WORDS,
    SPENT,
    Category,
    Expense,
    ExpenseQuerySet,
    in_order,
    shifted_date,
    with_words,
)
from ledgers.models import Ledger

MOST_TICKED = 1000
SAMPLES = 5
LONGEST_SHIFT = (LAST_DATE - FIRST_DATE).days

# Changes with each row that joins, leaves or is written: every write of a row raises its version.
DIGEST = MD5(
    StringAgg(
        Concat(Cast("pk", TextField()), Value(":"), Cast("version", TextField()), output_field=TextField()),
        delimiter=",",
        order_by="pk",
    )
)


@dataclass(frozen=True)
class Figures:
    """How many of the rows are in one ledger, what they come to, and which they are in which version."""

    ledger: Ledger
    count: int
    total: Decimal
    digest: str


def figures_of(rows: ExpenseQuerySet) -> list[Figures]:
    """The figures of each ledger that has any of the rows; amounts of different currencies are never added."""
    found = rows.order_by("ledger").values("ledger").annotate(count=Count("pk"), total=SPENT, digest=DIGEST)
    found = {each.pop("ledger"): each for each in found}
    ledgers = Ledger.objects.filter(pk__in=found).order_by("name", "pk")
    return [Figures(ledger, **found[ledger.pk]) for ledger in ledgers]


def mark(figures: list[Figures]) -> str:
    """The rows behind the figures as the page sends them back: what is confirmed is what was seen."""
    return " ".join(f"{each.ledger.pk}:{each.digest}" for each in figures)


def locked(rows: ExpenseQuerySet) -> ExpenseQuerySet:
    """The same rows, kept from others until the end of the transaction; none can join them meanwhile."""
    ids = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    return Expense.objects.filter(pk__in=ids)


def parts_left_behind(rows: ExpenseQuerySet) -> int:
    """How many of the rows are parts of split payments of which other parts are not among the rows."""
    others = Expense.objects.filter(ledger=OuterRef("ledger"), receipt=OuterRef("receipt"))
    others = others.exclude(pk__in=rows.order_by().values("pk"))
    return rows.filter(receipt__isnull=False).filter(Exists(others)).count()


def refuse_shift(rows: ExpenseQuerySet, days: int):
    """Raises ValidationError if any of the rows, so many days later, would have a date that none can have."""
    ends = rows.aggregate(first=Min("date"), last=Max("date"))
    shift = datetime.timedelta(days=days)
    if ends["first"] and (ends["first"] + shift < FIRST_DATE or ends["last"] + shift > LAST_DATE):
        raise ValidationError(DATE_MESSAGE)


@dataclass(frozen=True)
class Edit:
    """What shall become of each of many expenses of a ledger. None, 0 and no tags leave it as it is.

    Of the tags some are taken away before others are given.
    """

    category: Category | None = None
    payee: str | None = None
    date: datetime.date | None = None
    shift_days: int = 0
    add_tags: Collection[str] = ()
    remove_tags: Collection[str] = ()
    delete: bool = False

    @property
    def wanted(self) -> dict[str, Any]:
        """By column the value that each row shall have, or an expression of what it has."""
        named = {"category": self.category, "payee": self.payee, "date": self.date}
        wanted = {column: value for column, value in named.items() if value is not None}
        if self.shift_days:
            wanted["date"] = shifted_date(self.shift_days)
        if self.add_tags or self.remove_tags:
            wanted["tags"] = with_words("tags", self.add_tags, self.remove_tags)
        return wanted

    @property
    def takes_apart(self) -> bool:
        """Whether parts of a payment that are not among the rows would no longer be like those that are."""
        return self.delete or not self.wanted.keys().isdisjoint(("date", "payee"))

    def check(self, rows: ExpenseQuerySet):
        """Raises ValidationError, by field where it is about one, if this cannot be done to the rows."""
        if self.delete == bool(self.wanted):
            message = (
                _("Either delete them or change them.") if self.delete else _("Say what is to be changed.")
            )
            raise ValidationError(message)
        if self.date and self.shift_days:
            raise ValidationError({"shift_days": _("Give either a date or a number of days.")})
        if self.shift_days:
            try:
                refuse_shift(rows, self.shift_days)
            except ValidationError as error:
                raise ValidationError({"shift_days": error.messages}) from None
        self._check_tags(rows)

    def _check_tags(self, rows: ExpenseQuerySet):
        if both := set(self.add_tags) & set(self.remove_tags):
            message = _("“%(tag)s” cannot be added and removed.") % {"tag": min(both)}
            raise ValidationError({"remove_tags": message})
        count = Func(self.wanted.get("tags"), function="cardinality", output_field=IntegerField())
        if self.add_tags and rows.alias(tags_then=count).filter(tags_then__gt=MOST_WORDS).exists():
            message = _("One of these expenses would have more than %(most)d tags.") % {"most": MOST_WORDS}
            raise ValidationError({"add_tags": message})

    def apply(self, rows: ExpenseQuerySet) -> int:
        """Do it in one statement. Returns how many rows were deleted, or were not so already and are now."""
        if self.delete:
            count, _kinds = rows.delete()
            return count
        return rows.change(**self.wanted)

    def result(self, expense: Expense) -> Expense:
        """The expense as it would be; nothing is written."""
        after = copy(expense)
        if self.category:
            after.category = self.category
        after.payee = expense.payee if self.payee is None else self.payee
        after.date = (self.date or expense.date) + datetime.timedelta(days=self.shift_days)
        after.tags = in_order({*expense.tags} - {*self.remove_tags} | {*self.add_tags})
        return after

    def mark(self, figures: list[Figures]) -> str:
        """These rows and what becomes of them, as the page sends it back: what is confirmed is what was seen."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        said["category"] = self.category and f"{self.category.pk}:{self.category.version}"
        said |= {"add_tags": [*self.add_tags], "remove_tags": [*self.remove_tags]}
        return sha256(json.dumps([mark(figures), said], default=str).encode()).hexdigest()[:32]
