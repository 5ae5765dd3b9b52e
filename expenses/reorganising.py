"""Merging, splitting, moving and archiving categories: what each would touch, and then doing exactly that.

Each act says first what it comes to (``outlook``). Whoever confirms sends back the outlook's ``mark``; it is another
one as soon as anything that was shown has changed. The categories of the ledger have to be locked until then
(``locked_categories``), which also keeps expenses from joining or leaving them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import DO_NOTHING, ForeignKey
from django.utils.translation import gettext as _

from expenses import bulk
from expenses.aliases import clean_aliases, normal_alias
from expenses.loading import PALETTE
from expenses.models import ARCHIVED_MESSAGE, Category, Expense, ExpenseQuerySet, Favourite, Rule, arranged
from ledgers.models import Ledger

SAMPLES = 5


@dataclass(frozen=True)
class Outlook:
    """What an act touches: how many expenses, what they come to, the newest of them, and what goes with them.

    ``subcategories`` are those that change with the category, ``rules`` and ``favourites`` how many give its name.
    ``mark`` stands for exactly all this.
    """

    count: int
    total: Decimal
    samples: list[Expense]
    subcategories: list[Category]
    rules: int
    favourites: int
    mark: str


class Act:
    """Something to be done with a category. Subclasses say which ``rows``, and what else, it touches."""

    def __init__(self, category: Category):
        self.category = category

    @property
    def touched(self) -> list[Category]:
        """The categories whose expenses it touches."""
        return [self.category]

    @property
    def rows(self) -> ExpenseQuerySet:
        """The expenses that it touches."""
        return expenses_of(*self.touched)

    @property
    def others(self) -> list[Category]:
        """The other categories that whoever confirms has seen as they are."""
        return []

    @property
    def subcategories(self) -> list[Category]:
        """Those that change with it."""
        return []

    @property
    def is_worth_asking(self) -> bool:
        """Whether there is anything to be seen before it is done."""
        outlook = self.outlook
        return bool(outlook.count or outlook.subcategories or outlook.rules or outlook.favourites)

    @cached_property
    def outlook(self) -> Outlook:
        """What it comes to now."""
        figures = bulk.figures_of(self.rows)
        [(count, total)] = [(each.count, each.total) for each in figures] or [(0, Decimal(0))]
        rules, favourites = self._counts()
        seen = [f"{each.pk}:{each.version}" for each in [self.category, *self.others, *self.subcategories]]
        seen = " ".join([bulk.mark(figures), *seen, f"{rules} {favourites}"])
        samples = list(self.rows.select_related("category").newest_first()[:SAMPLES]) if count else []
        mark = sha256(seen.encode()).hexdigest()[:32]
        return Outlook(count, total, samples, self.subcategories, rules, favourites, mark)

    def _counts(self) -> tuple[int, int]:
        """How many rules and favourites give an expense this category."""
        mine = {"ledger": self.category.ledger_id, "category": self.category}
        return Rule.objects.filter(**mine).count(), Favourite.objects.filter(**mine).count()

    def apply(self):
        """Do it, in one statement for each table. Raises ValidationError or IntegrityError with nothing written."""
        raise NotImplementedError


class Move(Act):
    """Making a category, with what else was changed of it, part of another one, or of none.

    Its expenses count elsewhere from then on.
    """

    def __init__(self, category: Category, parent: Category | None):
        super().__init__(category)
        self.parent = parent

    @property
    def others(self):
        return [self.parent] if self.parent else []

    def _counts(self):
        return 0, 0  # they stay as they are

    def apply(self):
        self.category.parent = self.parent
        self.category.save()


class Archive(Act):
    """Offering a category, and its subcategories, no longer. What was written down stays as it is."""

    @property
    def touched(self):
        return [self.category, *self.subcategories]

    @cached_property
    def subcategories(self):
        return list(self.category.children.active())

    def apply(self):
        touched = [each.pk for each in self.touched]
        Category.objects.in_ledger(self.category.ledger_id).filter(pk__in=touched).update(archived=True)


class Merge(Act):
    """Making one category of two: all that refers to ``category`` refers to ``into``, and ``category`` is deleted.

    Its subcategories become those of ``into``, or of the main category that ``into`` is part of. With ``keep_name``
    its name and its other names become other names of ``into``. Raises ValidationError if that cannot be.
    """

    def __init__(self, category: Category, into: Category, keep_name: bool = True):
        super().__init__(category)
        self.into, self.keep_name = into, keep_name
        refuse_target(category, into)
        if into.parent_id == category.pk:
            message = _("“%(into)s” is part of “%(name)s”. Merge it the other way round.")
            raise ValidationError({"into": message % {"into": into, "name": category}})
        self.aliases = self._aliases() if keep_name else into.aliases

    is_worth_asking = True

    @property
    def others(self):
        return [self.into]

    @cached_property
    def subcategories(self):
        return list(self.category.children.all())

    @property
    def main(self) -> Category:
        """What its subcategories become part of."""
        return self.into.parent or self.into

    def _aliases(self) -> list[str]:
        if not can_stay_as_alias(self.category):
            message = _("“%(name)s” cannot be another name: it is too long, or has a comma or a “#”.")
            raise ValidationError({"keep_name": message % {"name": self.category}})
        try:
            names = clean_aliases([*self.into.aliases, *self.category.aliases, self.category.name])
        except ValidationError as error:
            raise ValidationError({"keep_name": error.messages}) from None
        return [name for name in names if name != normal_alias(self.into.name)]

    @transaction.atomic
    def apply(self):
        ledger = self.category.ledger_id
        Category.objects.filter(ledger=ledger, parent=self.category).update(parent=self.main)
        for field in referring():
            rows = field.model.objects.filter(ledger=ledger, **{field.name: self.category})
            rows.update(**{field.name: self.into})
        self.category.delete()
        if self.aliases != self.into.aliases:
            Category.objects.filter(ledger=ledger, pk=self.into.pk).update(aliases=self.aliases)


class Split(Act):
    """Moving those ``rows`` of a category to another one, ``into``, which is made if it is new."""

    def __init__(self, category: Category, rows: ExpenseQuerySet, into: Category):
        super().__init__(category)
        self.into, self._rows = into, rows
        if into.pk:
            refuse_target(category, into)
        else:
            refuse_new(into)
        if not self.outlook.count:
            raise ValidationError(_("“%(name)s” has no such expense.") % {"name": category})

    @property
    def rows(self):
        return self._rows

    @property
    def others(self):
        return [self.into] if self.into.pk else []

    def _counts(self):
        return 0, 0  # they stay as they are

    @transaction.atomic
    def apply(self):
        if not self.into.pk:
            self.into.save()
        bulk.locked(self.rows).recategorise(self.into)


def locked_categories(ledger: Ledger) -> dict[int, Category]:
    """All categories of the ledger by id, kept from others until the end of the transaction.

    Nobody can give or take an expense one of them meanwhile either. In one order, so that nobody waits for each other.
    """
    return {each.pk: each for each in Category.objects.in_ledger(ledger).select_for_update().order_by("pk")}


def expenses_of(*categories: Category) -> ExpenseQuerySet:
    """The expenses of these categories, which are of one ledger, without those of their subcategories."""
    return Expense.objects.filter(ledger=categories[0].ledger_id, category__in=categories)


def new_category(ledger: Ledger, name: str, parent: Category | None = None) -> Category:
    """A category that is not saved yet, behind the others and in a colour that none of them has if possible."""
    mine = Category.objects.in_ledger(ledger)
    taken = set(mine.values_list("colour", flat=True))
    colour = next((colour for colour in PALETTE if colour not in taken), PALETTE[0])
    values = {"name": " ".join(name.split()), "parent": parent, "colour": colour}
    return Category(ledger=ledger, position=mine.next_position(), **values)


def targets(category: Category, categories: dict[int, Category]) -> list[Category]:
    """Those of these categories that expenses of this one can be moved to, in order."""
    found = arranged(categories.values())
    return [each for each in found if each.pk != category.pk and not each.archived]


def refuse_target(category: Category, into: Category):
    """Raises ValidationError unless expenses of the category can be moved to the other one."""
    if into.archived:
        raise ValidationError({"into": ARCHIVED_MESSAGE})
    if into.pk == category.pk:
        raise ValidationError({"into": _("Choose another category.")})


def why_not_deleted(category: Category) -> str:
    """Why the category, which has to be locked, cannot be deleted; empty if it can."""
    found = Category.objects.in_ledger(category.ledger_id).with_use().get(pk=category.pk)
    if found.used:
        message = _(
            "“%(name)s” has expenses, so it cannot be deleted. Archive it, or merge it into another one."
        )
        return message % {"name": category.name}
    if found.has_subcategories:
        message = _("“%(name)s” has subcategories, so it cannot be deleted. Delete or move them first.")
        return message % {"name": category.name}
    return ""


def refuse_new(category: Category):
    """Raises ValidationError, under its fields' names, unless the category can be made."""
    try:
        category.full_clean()
    except ValidationError as error:
        # What is about no one field is that another category has the name.
        errors = {
            "name" if name == NON_FIELD_ERRORS else name: found for name, found in error.error_dict.items()
        }
        raise ValidationError(errors) from None


def can_stay_as_alias(category: Category) -> bool:
    """Whether the category's name can be another name of the one it is merged into."""
    return normal_alias(category.name) is not None


def referring() -> Iterator[ForeignKey]:
    """Every column that says of which category something is, of whatever layer; of history, which stays, none."""
    for relation in Category._meta.get_fields(include_hidden=True):
        refers = relation.auto_created and relation.one_to_many and relation.related_model is not Category
        if refers and relation.on_delete is not DO_NOTHING:
            yield relation.field
