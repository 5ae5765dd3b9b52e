"""What money is spent on."""

from collections.abc import Iterable

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositeForeignKey, CompositePrimaryKey
from database.triggers import Trigger, bump_version, stays_itself
from expenses.models.words import ALIAS_SHAPE, AreWords, WordsField
from ledgers.models import LedgerRow
from ledgers.row_security import ledger_rows

MAX_POSITION = 1_000_000

ARCHIVED_MESSAGE = _("This category is archived. Choose another one.")
TAKEN_MESSAGE = _("This ledger has a category of that name already.")
LEVELS_MESSAGE = _("Choose a main category of this ledger: a subcategory has none of its own.")
HAS_SUBCATEGORIES = _("This category has subcategories, so it cannot become one.")
ALIASES_MESSAGE = _("Write up to 20 other names, each with at most 50 characters.")
NAMED_ALREADY = _("“%(name)s” means “%(category)s” in this ledger already. Choose another name.")

# The main category is locked, so that it cannot become a subcategory at the same time.
TWO_LEVELS = """
    PERFORM FROM expenses_category
    WHERE ledger_id = NEW.ledger_id AND id = NEW.parent_id AND parent_id IS NULL FOR SHARE;
    IF NOT FOUND OR EXISTS (SELECT FROM expenses_category WHERE ledger_id = NEW.ledger_id AND parent_id = NEW.id) THEN
        RAISE foreign_key_violation USING CONSTRAINT = 'category_parent_of_ledger', TABLE = 'expenses_category',
            MESSAGE = 'categories have two levels';
    END IF;
    RETURN NULL;
"""


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


def normal_name(name: str) -> str:
    """A name as it is compared with other names of categories: in lower case, with single spaces."""
    return " ".join(name.lower().split())


def arranged(categories: Iterable["Category"]) -> list["Category"]:
    """Main categories in the ledger's order, each followed by those of its subcategories that are among these."""
    categories = list(categories)
    by_id = {category.pk: category for category in categories}

    def place(category: Category):
        main = by_id.get(category.parent_id, category)
        return main.position, main.pk, category is not main, category.position, category.pk

    return sorted(categories, key=place)


class CategoryQuerySet(OrderedQuerySet):
    def active(self):
        return self.filter(archived=False)

    def called(self, names: Iterable[str]):
        """Those that have one of these, written as ``normal_name`` does, as their name or as another name."""
        names = list(names)
        return self.annotate(small=Lower("name")).filter(Q(small__in=names) | Q(aliases__overlap=names))

    def move(self, pk: int, step: int) -> bool:
        """Move one of a ledger's categories by so many places among those it stands beside; its own go with it.

        Returns whether it is among them.
        """
        rows = arranged(self.select_for_update().order_by("pk"))
        moved = next((row for row in rows if row.pk == pk), None)
        if moved is None:
            return False
        siblings = [row for row in rows if row.parent_id == moved.parent_id]
        index = siblings.index(moved)
        siblings.insert(min(max(index + step, 0), len(siblings) - 1), siblings.pop(index))
        for position, row in enumerate(siblings):
            row.position = position
        for position, row in enumerate(arranged(rows)):
            row.position = position
        self.bulk_update(rows, ["position"])
        return True

    def with_subcategories_of(self, categories):
        """Those of these rows that are among the categories, or part of one of them."""
        chosen = [category.pk for category in categories]
        return self.filter(Q(pk__in=chosen) | Q(parent__in=chosen))

    def main(self):
        """Those that are not part of another."""
        return self.filter(parent=None)

    def with_use(self):
        """Each with ``used``: whether any expense refers to it; and ``has_subcategories``."""
        expenses = self.model.expenses.rel.related_model.objects
        mine = expenses.filter(ledger=OuterRef("ledger"), category=OuterRef("pk"))
        parts = Category.objects.filter(ledger=OuterRef("ledger"), parent=OuterRef("pk"))
        return self.annotate(used=Exists(mine), has_subcategories=Exists(parts))


class Category(LedgerRow):
    """What money was spent on, in one ledger. An archived category keeps its expenses but is not offered.

    A category with a ``parent`` is a subcategory: what was spent on it counts in its parent too. There are two levels.
    ``aliases`` are other names by which people write it, in lower case, sorted, each once.
    """

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
    parent = models.ForeignKey(
        "self",
        # The database refuses; Django could not tell in which order to delete all categories of a ledger.
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("main category"),
        db_constraint=False,
        db_index=False,
    )
    aliases = WordsField(verbose_name=_("other names"))

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["id"], name="category_id"),
            models.Index(fields=["ledger", "parent"], name="category_by_parent"),
        ]
        triggers = [
            # Moving one category renumbers the others, which is no change that anybody could overwrite.
            bump_version(ignoring=["position"]),
            stays_itself(),
            Trigger(
                name="two_levels",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.After,
                timing=pgtrigger.Immediate,  # undo may defer it
                condition=pgtrigger.Q(new__parent__isnull=False),
                func=TWO_LEVELS,
            ),
        ]
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
            CompositeForeignKey(
                fields=("ledger", "parent"),
                name="category_parent_of_ledger",
                violation_error_message=LEVELS_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(AreWords("aliases", Value(ALIAS_SHAPE))),
                name="category_aliases_are_words",
                violation_error_message=ALIASES_MESSAGE,
            ),
            ledger_rows("category_open"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.parent and (self.parent.parent_id or self.parent.pk == self.pk):
            raise ValidationError({"parent": LEVELS_MESSAGE})
        if self.parent and self.pk and self.children.exists():
            raise ValidationError({"parent": HAS_SUBCATEGORIES})
        self._refuse_names_of_others()

    def _refuse_names_of_others(self):
        """No name means two categories. That none has the name of another, whatever the case, is a constraint."""
        name = normal_name(self.name)
        self.aliases = [alias for alias in self.aliases if alias != name]
        others = Category.objects.in_ledger(self.ledger_id).exclude(pk=self.pk).called([name, *self.aliases])
        for other in others:
            taken = {other.small, *other.aliases}
            words = [("name", name)] if name in other.aliases else []
            words += [("aliases", alias) for alias in self.aliases if alias in taken]
            for field, word in words:
                message = NAMED_ALREADY % {"name": word, "category": other.name}
                raise ValidationError({field: ValidationError(message, "taken")})
