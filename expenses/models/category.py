"""What money is spent on."""

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositePrimaryKey
from database.triggers import bump_version, stays_itself
from ledgers.models import LedgerRow
from ledgers.row_security import ledger_rows

MAX_POSITION = 1_000_000

ARCHIVED_MESSAGE = _("This category is archived. Choose another one.")
TAKEN_MESSAGE = _("This ledger has a category of that name already.")


class OrderedQuerySet(models.QuerySet):
    """Rows of ledgers that people put into an order."""

    def in_ledger(self, ledger):
        return self.filter(ledger=ledger)

    def next_position(self) -> int:
        """Where a new one of these goes: behind all of them."""
        last = self.aggregate(last=Max("position"))["last"]
        return 0 if last is None else min(last + 1, MAX_POSITION)

    def move(self, pk: int, step: int) -> bool:
        """Move one of these rows, which are all of a ledger, by so many places. Returns whether it is among them."""
        # Locked in an order that no move changes, or two people moving at once would wait for each other.
        rows = sorted(self.select_for_update().order_by("pk"), key=lambda row: (row.position, row.pk))
        index = next((i for i, row in enumerate(rows) if row.pk == pk), None)
        if index is None:
            return False
        rows.insert(min(max(index + step, 0), len(rows) - 1), rows.pop(index))
        for position, row in enumerate(rows):
            row.position = position
        self.bulk_update(rows, ["position"])
        return True


class CategoryQuerySet(OrderedQuerySet):
    def active(self):
        return self.filter(archived=False)

    def with_use(self):
        """Each with ``used``: whether any expense refers to it."""
        expenses = self.model.expenses.rel.related_model.objects
        mine = expenses.filter(ledger=OuterRef("ledger"), category=OuterRef("pk"))
        return self.annotate(used=Exists(mine))


class Category(LedgerRow):
    """What money was spent on, in one ledger. An archived category keeps its expenses but is not offered."""

    name = models.CharField(_("name"), max_length=100)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#64748b",
        validators=[
            RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write a colour as # and six hexadecimal digits."))
        ],
    )
    position = models.PositiveIntegerField(
        _("position"), default=0, validators=[MaxValueValidator(MAX_POSITION)]
    )
    archived = models.BooleanField(_("archived"), default=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["id"], name="category_id")]
        # Moving one category renumbers the others, which is no change that anybody could overwrite.
        triggers = [bump_version(ignoring=["position"]), stays_itself()]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="category_pk"),
            models.UniqueConstraint(
                F("ledger"),
                Lower("name"),
                name="category_name_once",
                violation_error_message=TAKEN_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-fA-F]{6}$"),
                name="category_colour_hex",
                violation_error_message=_("Write a colour as # and six hexadecimal digits."),
            ),
            models.CheckConstraint(
                condition=Q(position__lte=MAX_POSITION),
                name="category_position_in_range",
                violation_error_message=_("The position is too large."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="category_name_given",
                violation_error_message=_("Give the category a name."),
            ),
            ledger_rows("category_open"),
        ]

    def __str__(self):
        return self.name
