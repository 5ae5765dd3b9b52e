"""Totals that the database keeps beside the rows, so that a report costs the same whatever the number of rows."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics import keeping
from database.constraints import CompositePrimaryKey
from expenses.models import Basis, Category, Expense
from ledgers.models import Ledger
from ledgers.row_security import kept_rows


def _unchecked(to, **kwargs) -> models.ForeignKey:
    """A reference without a foreign key: the triggers that write these rows know what they write."""
    return models.ForeignKey(
        to, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, **kwargs
    )


class RollupQuerySet(models.QuerySet):
    def in_ledger(self, ledger):
        return self.filter(ledger=ledger)

    def on_basis(self, basis: str):
        return self.filter(basis__in=[Rollup.ALWAYS, basis])

    def days(self, start, end):
        """Of each day from ``start`` to ``end``, both included."""
        return self.filter(unit=Rollup.Unit.DAY, date__range=(start, end))

    def months_and_days(self, ledger: Ledger, start, end):
        """Of each whole month of the ledger from ``start`` to ``end``, both included, and of the days left over."""
        first, last = ledger.whole_months(start, end)
        if first > last:
            return self.days(start, end)
        before = Q(unit=Rollup.Unit.DAY, date__gte=start, date__lt=first)
        after = Q(unit=Rollup.Unit.DAY, date__gt=last, date__lte=end)
        return self.filter(Q(unit=Rollup.Unit.MONTH, date__range=(first, last)) | before | after)


class Rollup(models.Model):
    """What the expenses of one category add up to in one day or month of a ledger.

    ``date`` is the day, or the first day of the month as the ledger has it. ``gross`` is the sum of the positive
    amounts, ``refunds`` that of the negative ones, ``count`` how many there are. There may be several rows for one
    category and time, and what counts is their sum: two transactions that write at once do not wait for each
    other, but keep their totals in different rows. ``basis`` says which reports the expenses count in: those that
    are not spread always do, the others when paid or, as parts, when spread.

    Written by the triggers of ``analytics/keeping.py`` only, in the transaction that writes the expenses.
    """

    ALWAYS = "always"

    class Unit(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")

    ledger = _unchecked(Ledger)
    unit = models.CharField(max_length=5, choices=Unit)
    date = models.DateField()
    category = _unchecked(Category)
    basis = models.CharField(max_length=6, choices=[(ALWAYS, ALWAYS), *Basis.choices])
    gross = models.DecimalField(max_digits=30, decimal_places=3)
    refunds = models.DecimalField(max_digits=30, decimal_places=3)
    count = models.BigIntegerField()

    objects = RollupQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ledger", "unit", "date", "category", "basis"], name="rollup_by_date")
        ]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="rollup_pk"),
            kept_rows("rollup_open"),
        ]

    def __str__(self):
        return f"{self.unit} {self.date}"


pgtrigger.register(*keeping.triggers_of_expenses())(Expense)
pgtrigger.register(*keeping.triggers_of_ledgers())(Ledger)
