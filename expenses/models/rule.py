"""Rules that give an expense its category and its payee's name."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositeForeignKey, CompositePrimaryKey
from database.triggers import bump_version, stays_itself
from expenses.models.category import MAX_POSITION, Category, OrderedQuerySet
from expenses.patterns import check_pattern
from ledgers.models import LedgerRow
from ledgers.row_security import ledger_rows

NO_CONDITION = _("Write what the rule looks for.")
NO_EFFECT = _("Give the rule a category or a payee to set.")
POSITION_MESSAGE = _("The position is too large.")


class RuleQuerySet(OrderedQuerySet):
    def before(self, rule: "Rule"):
        """Those that are tried before this one, which may be one that is not saved yet."""
        among_equals = Q(pk__lt=rule.pk) if rule.pk else Q()
        earlier = Q(position__lt=rule.position) | Q(among_equals, position=rule.position)
        return self.filter(earlier, ledger=rule.ledger_id)


class Rule(LedgerRow):
    """Where ``field`` is, contains or matches ``pattern``, set the category, the payee's name, or both.

    Rules are tried in order; the first that fits decides. Case does not matter.
    """

    class Field(models.TextChoices):
        ANY = "any", _("payee or text")
        PAYEE = "payee", _("payee")
        TEXT = "text", _("text")

    class Operator(models.TextChoices):
        CONTAINS = "contains", _("contains")
        IS = "is", _("is")
        MATCHES = "matches", _("matches the pattern")

    position = models.PositiveIntegerField(_("position"), default=0)
    field = models.CharField(_("where"), max_length=5, choices=Field, default=Field.ANY)
    operator = models.CharField(_("how"), max_length=8, choices=Operator, default=Operator.CONTAINS)
    pattern = models.CharField(_("what"), max_length=200)
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("category"),
        db_constraint=False,
        db_index=False,
    )
    payee = models.CharField(_("name of the payee"), max_length=200, blank=True, default="", db_default="")

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["position", "id"]
        # Moving one rule renumbers the others, which is no change that anybody could overwrite.
        triggers = [bump_version(ignoring=["position"]), stays_itself()]
        indexes = [
            models.Index(fields=["id"], name="rule_id"),
            models.Index(fields=["ledger", "category"], name="rule_by_category"),
        ]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="rule_pk"),
            CompositeForeignKey(
                fields=("ledger", "category"),
                name="rule_category_of_ledger",
                violation_error_message=_("This ledger has no such category."),
            ),
            models.CheckConstraint(
                condition=~Q(pattern__regex=r"^\s*$"),
                name="rule_looks_for_something",
                violation_error_message=NO_CONDITION,
            ),
            models.CheckConstraint(
                condition=Q(category__isnull=False) | ~Q(payee=""),
                name="rule_sets_something",
                violation_error_message=NO_EFFECT,
            ),
            models.CheckConstraint(
                condition=Q(field__in=["any", "payee", "text"]),
                name="rule_field_known",
                violation_error_message=_("A rule looks at the payee, the text, or either."),
            ),
            models.CheckConstraint(
                condition=Q(operator__in=["contains", "is", "matches"]),
                name="rule_operator_known",
                violation_error_message=_("A rule says contains, is or matches."),
            ),
            models.CheckConstraint(
                condition=Q(position__lte=MAX_POSITION),
                name="rule_position_in_range",
                violation_error_message=POSITION_MESSAGE,
            ),
            ledger_rows("rule_open"),
        ]

    def __str__(self):
        return self.pattern

    def in_words(self) -> str:
        """``payee or text contains “bakery” → Food, Corner bakery``."""
        sets = ", ".join(filter(None, [self.category and self.category.name, self.payee]))
        pattern = _("“%(pattern)s”") % {"pattern": self.pattern}
        return f"{self.get_field_display()} {self.get_operator_display()} {pattern} → {sets}"

    def clean(self):
        if self.operator == self.Operator.MATCHES:
            check_pattern(self.pattern)
