"""Expenses that come again and again, put in by hand with one key."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositeForeignKey, CompositePrimaryKey
from database.triggers import bump_version, stays_itself
from expenses.models.category import MAX_POSITION, Category, OrderedQuerySet
from expenses.models.expense import (
    LARGEST,
    RANGE_MESSAGE,
    TAGS_MESSAGE,
    ZERO_MESSAGE,
    Expense,
    validate_not_zero,
)
from expenses.models.words import TAG_SHAPE, AreWords, WordsField
from ledgers.models import LedgerRow
from ledgers.money import LIMIT
from ledgers.row_security import ledger_rows


class FavouriteQuerySet(OrderedQuerySet):
    def sets(self) -> dict[str, list["Favourite"]]:
        """The rows that are put in together, by their name, in the order of the first of each."""
        found = {}
        for favourite in self.select_related("category"):
            found.setdefault(favourite.name, []).append(favourite)
        return found

    def as_expenses(self, name: str) -> list[Expense]:
        """The rows of one name as expenses that are not saved; without an amount where that is asked for."""
        fields = ("ledger_id", "amount", "category_id", "payee", "notes", "tags")
        rows = self.filter(name=name).values(*fields)
        return [Expense(**row) for row in rows]


class Favourite(LedgerRow):
    """One row to write again. Those of one ``name`` belong together and are put in at once.

    Without an ``amount`` that is asked for each time.
    """

    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveIntegerField(
        _("position"), default=0, validators=[MaxValueValidator(MAX_POSITION)]
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=18,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[
            validate_not_zero,
            MinValueValidator(-LARGEST, RANGE_MESSAGE),
            MaxValueValidator(LARGEST, RANGE_MESSAGE),
        ],
    )
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        related_name="favourites",
        verbose_name=_("category"),
        db_constraint=False,
        db_index=False,
    )
    payee = models.CharField(_("paid to"), max_length=200, blank=True, default="", db_default="")
    notes = models.CharField(_("notes"), max_length=1000, blank=True, default="", db_default="")
    tags = WordsField(verbose_name=_("tags"))

    objects = FavouriteQuerySet.as_manager()

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        ordering = ["position", "id"]
        triggers = [bump_version(ignoring=["position"]), stays_itself()]
        indexes = [
            models.Index(fields=["id"], name="favourite_id"),
            models.Index(fields=["ledger", "category"], name="favourite_by_category"),
        ]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="favourite_pk"),
            CompositeForeignKey(
                fields=("ledger", "category"),
                name="favourite_category_of_ledger",
                violation_error_message=_("This ledger has no such category."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="favourite_name_given",
                violation_error_message=_("Give the favourite a name."),
            ),
            models.CheckConstraint(
                condition=~Q(amount=0), name="favourite_amount_not_zero", violation_error_message=ZERO_MESSAGE
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=-LIMIT, amount__lt=LIMIT),
                name="favourite_amount_in_range",
                violation_error_message=RANGE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(AreWords("tags", Value(TAG_SHAPE))),
                name="favourite_tags_are_words",
                violation_error_message=TAGS_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(position__lte=MAX_POSITION),
                name="favourite_position_in_range",
                violation_error_message=_("The position is too large."),
            ),
            ledger_rows("favourite_open"),
        ]

    def __str__(self):
        return self.name

    notes_with_tags = Expense.notes_with_tags
