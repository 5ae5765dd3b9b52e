"""Expenses as reports spread them over the months that they are for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from expenses.models.category import Category
from expenses.models.expense import Expense, ExpenseQuerySet
from expenses.models.words import WordsField
from ledgers.models import Ledger


class Basis(models.TextChoices):
    """When an expense counts: on the day it was paid, or in parts over the months it is for (``ExpensePart``)."""

    PAID = "paid", _("when paid")
    SPREAD = "spread", _("spread over months")


class ExpensePart(models.Model):
    """What an expense counts with on one date, if those that are to be spread over months are spread.

    A view of the database: nobody writes these rows, and they are what the expenses are at every moment. An
    expense over ``parts`` months has its parts on ``paid_on``, the same day of the next month, and so on (the
    last day of a month that has no such day). A part is a whole number of the currency's smallest unit, no two
    parts of an expense differ by more than one unit, and together they are exactly the expense. A part that would
    be nothing is not there. The rest of a row is that of the expense; ``id`` is the expense's, so it is there once
    for each part.

    Rule: part k of n is ``trunc(amount * k / n) - trunc(amount * (k - 1) / n)``.
    """

    ledger = models.ForeignKey(Ledger, models.DO_NOTHING, related_name="+")
    date = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=3)
    category = models.ForeignKey(Category, models.DO_NOTHING, related_name="+")
    payee = models.CharField(max_length=200)
    notes = models.CharField(max_length=1000)
    paid_on = models.DateField()
    part = models.PositiveSmallIntegerField()
    spread_months = models.PositiveSmallIntegerField()
    tags = WordsField()
    receipt = models.UUIDField(null=True)

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "expenses_expensepart"
        ordering = ["-date", "-id"]

    def __str__(self):
        return f"{self.date} {self.amount.normalize():f} ({self.part}/{self.spread_months})"

    is_refund, notes_with_tags = Expense.is_refund, Expense.notes_with_tags


def expenses_on(basis: str) -> ExpenseQuerySet:
    """The rows that count on this basis: expenses, or parts of them."""
    return (ExpensePart if basis == Basis.SPREAD else Expense).objects.all()
