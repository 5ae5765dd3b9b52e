"""The record of what was spent."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, ExpressionWrapper, F, Func, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositeForeignKey, CompositePrimaryKey
from database.triggers import bump_version, stays_itself
from expenses.models.category import Category
from expenses.models.words import TAG_SHAPE, AreWords, WordsField, with_words
from ledgers.models import LedgerRow
from ledgers.money import LIMIT
from ledgers.row_security import ledger_rows

FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2200, 12, 31)
LARGEST = LIMIT - Decimal("0.001")

# The one definition of "spent": the sum of the amounts, refunds (negative amounts) included.
SPENT = Coalesce(Sum("amount"), Decimal(0))

DATE_MESSAGE = _("The date must lie between 1900 and 2200.")
ZERO_MESSAGE = _("An amount cannot be zero.")
RANGE_MESSAGE = _("An amount has at most 12 digits before the decimals.")
MOST_SPREAD_MONTHS = 120
RECENT = 500  # how many expenses tell what is used often
SPREAD_MESSAGE = _("An expense can be spread over 1 to 120 months.")
TAGS_MESSAGE = _("An expense has at most 20 tags, each a word of at most 50 characters.")
IMPORTED_MESSAGE = _("This line of a statement is in the ledger already.")


def validate_not_zero(amount: Decimal):
    if amount == 0:
        raise ValidationError(ZERO_MESSAGE, "zero")


def shifted_date(days: int) -> ExpressionWrapper:
    """Each row's date, so many days later; earlier if negative."""
    return ExpressionWrapper(F("date") + days, models.DateField())


class ExpenseQuerySet(models.QuerySet):
    """Which rows, and what can be done to many of them at once."""

    def in_ledger(self, ledger):
        return self.filter(ledger=ledger)

    def on(self, day: date):
        return self.filter(date=day)

    def between(self, start: date | None, end: date | None):
        """Both ends included; None leaves an end open."""
        if start:
            self = self.filter(date__gte=start)
        return self.filter(date__lte=end) if end else self

    def mentioning(self, text: str):
        """Payee or notes contain the text, whatever the case."""
        return self.filter(Q(payee__icontains=text) | Q(notes__icontains=text))

    def newest_first(self):
        return self.order_by("-date", "-id")

    def older_than(self, day: date, pk: int):
        """What comes after this key in ``newest_first``. The first condition is what the index can seek to."""
        return self.filter(date__lte=day).filter(Q(date__lt=day) | Q(pk__lt=pk))

    def locked(self):
        """With their categories, and until the transaction ends nobody else changes them."""
        return self.select_related("category").select_for_update(of=("self",))

    def spent_by_day(self) -> dict[date, Decimal]:
        """The total of each date that has any of these rows."""
        return dict(self.order_by("date").values_list("date").annotate(spent=SPENT))

    def uses_of_categories(self) -> dict[int, int]:
        """How many of the latest of these rows each category has, by its id."""
        latest = self.newest_first().values("pk")[:RECENT]
        counts = self.model.objects.filter(pk__in=latest).order_by().values_list("category_id")
        return dict(counts.annotate(uses=Count("pk")))

    def tagged(self, tag: str):
        return self.exclude(tags=[]).filter(tags__contains=[tag])  # the first is what the index has

    def uses_of_tags(self):
        """Each ``tag`` of these rows with how many have it (``count``) and their ``total``, the most used first."""
        tag = Func("tags", function="unnest", output_field=models.TextField())
        found = self.exclude(tags=[]).order_by().annotate(tag=tag).values("tag")
        return found.annotate(count=Count("pk"), total=SPENT).order_by("-count", "tag")

    def change(self, **wanted) -> int:
        """Give all these rows these values, in one statement that leaves alone those that have them.

        A value may be an expression of a row's own columns. Returns how many rows were changed.
        """
        return self.exclude(**wanted).update(**wanted)

    def recategorise(self, category: Category) -> int:
        """Move all these rows, which must be of the category's ledger, to one category. Returns how many."""
        return self.change(category=category)

    def set_date(self, day: date) -> int:
        """Move all these rows to one date. Returns how many were moved."""
        return self.change(date=day)

    def shift_date(self, days: int) -> int:
        """Move all these rows by a number of days, earlier if negative. Returns how many were moved."""
        return self.change(date=shifted_date(days))

    def retag(self, add: Iterable[str] = (), remove: Iterable[str] = ()) -> int:
        """Take tags from all these rows, then give them others. Returns how many were changed."""
        return self.change(tags=with_words("tags", add, remove))


class Expense(LedgerRow):
    """One amount spent on one date in one category. Positive was spent; negative came back (a refund).

    ``spread_months`` is over how many months reports may spread it (``ExpensePart``), 1 if it is not spread.
    ``tags`` are words in lower case, sorted, each once. Expenses of one ``receipt`` are parts of one payment.
    ``external_id`` says which line of which account's statements this is (``statements/identity.py`` has the rule),
    so that no line is ever imported twice; empty for what was typed. It goes and comes back with the row.
    """

    date = models.DateField(
        _("date"),
        validators=[MinValueValidator(FIRST_DATE, DATE_MESSAGE), MaxValueValidator(LAST_DATE, DATE_MESSAGE)],
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=18,
        decimal_places=3,
        validators=[
            validate_not_zero,
            MinValueValidator(-LARGEST, RANGE_MESSAGE),
            MaxValueValidator(LARGEST, RANGE_MESSAGE),
        ],
    )
    category = models.ForeignKey(
        Category,
        models.RESTRICT,
        related_name="expenses",
        verbose_name=_("category"),
        db_constraint=False,
        db_index=False,
    )
    payee = models.CharField(_("paid to"), max_length=200, blank=True, default="", db_default="")
    notes = models.CharField(_("notes"), max_length=1000, blank=True, default="", db_default="")
    spread_months = models.PositiveSmallIntegerField(
        _("spread over months"),
        default=1,
        db_default=1,
        validators=[
            MinValueValidator(1, SPREAD_MESSAGE),
            MaxValueValidator(MOST_SPREAD_MONTHS, SPREAD_MESSAGE),
        ],
        help_text=_(
            "An annual insurance counts with a twelfth in each of 12 months where reports spread it."
        ),
    )
    tags = WordsField(verbose_name=_("tags"))
    receipt = models.UUIDField(_("receipt"), null=True, blank=True)
    external_id = models.CharField(
        _("line of a statement"), max_length=80, blank=True, default="", db_default="", editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("entered by"),
        editable=False,
    )

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering = ["-date", "-id"]
        triggers = [bump_version(), stays_itself()]
        indexes = [
            models.Index(fields=["id"], name="expense_id"),
            models.Index(
                fields=["ledger", "date", "id"], include=["category", "amount"], name="expense_by_date"
            ),
            models.Index(fields=["ledger", "category", "date"], name="expense_by_category"),
            models.Index(fields=["ledger", "date"], name="expense_spread", condition=Q(spread_months__gt=1)),
            models.Index(fields=["ledger", "date"], name="expense_tagged", condition=~Q(tags=[])),
            models.Index(
                fields=["ledger", "receipt"], name="expense_by_receipt", condition=Q(receipt__isnull=False)
            ),
        ]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="expense_pk"),
            CompositeForeignKey(
                fields=("ledger", "category"),
                name="expense_category_of_ledger",
                violation_error_message=_("This ledger has no such category."),
            ),
            models.CheckConstraint(
                condition=~Q(amount=0), name="expense_amount_not_zero", violation_error_message=ZERO_MESSAGE
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=-LIMIT, amount__lt=LIMIT),
                name="expense_amount_in_range",
                violation_error_message=RANGE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(date__range=(FIRST_DATE, LAST_DATE)),
                name="expense_date_1900_to_2200",
                violation_error_message=DATE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(spread_months__range=(1, MOST_SPREAD_MONTHS)),
                name="expense_spread_months_1_to_120",
                violation_error_message=SPREAD_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(AreWords("tags", Value(TAG_SHAPE))),
                name="expense_tags_are_words",
                violation_error_message=TAGS_MESSAGE,
            ),
            models.UniqueConstraint(
                fields=["ledger", "external_id"],
                name="expense_external_id_once",
                condition=~Q(external_id=""),
                violation_error_message=IMPORTED_MESSAGE,
            ),
            ledger_rows("expense_open"),
        ]

    def __str__(self):
        return f"{self.date} {self.amount.normalize():f}"

    @property
    def notes_with_tags(self) -> str:
        """As one writes both in one line: ``lunch #work``."""
        return " ".join(filter(None, [self.notes, *(f"#{tag}" for tag in self.tags)]))

    @property
    def is_refund(self) -> bool:
        return self.amount < 0
