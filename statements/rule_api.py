"""The endpoints of rules."""

from copy import copy

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from api.errors import Conflict
from api.serializers import AmountField, LedgerRelatedField, StrictFieldsMixin
from api.viewsets import VersionedViewMixin
from expenses.api import DELETED_VERSION
from expenses.models import ARCHIVED_MESSAGE, Category, Rule
from expenses.models.rule import NO_EFFECT
from expenses.serializers import VersionedSerializer
from statements.rule_forms import TAG_LENGTH
from statements.trying import ChangedMeanwhile, Fit, Trial, also_change, tried

CHANGED_MEANWHILE = gettext_lazy("What would change is not what was shown. Nothing was saved.")


class TriedRuleSerializer(VersionedSerializer):
    """What a rule looks for and sets. Without ``position`` a new one comes last."""

    category = LedgerRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Rule
        fields = ["id", "position", "field", "operator", "pattern", "category", "payee"]

    version = None

    def validate_category(self, category):
        before = getattr(self.instance, "category_id", None)
        if category and category.archived and category.pk != before:
            raise serializers.ValidationError(ARCHIVED_MESSAGE)
        return category

    def validate(self, values):
        rule = self.wanted(values)
        if not (rule.category_id or rule.payee):
            raise serializers.ValidationError({"category": [NO_EFFECT]})
        try:
            rule.clean()
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        return values

    def wanted(self, values: dict) -> Rule:
        """The rule as it would be with these values; it is not saved."""
        rule = copy(self.instance) if self.instance else Rule(ledger=self.ledger, position=self._last())
        for name, value in values.items():
            if name in TriedRuleSerializer.Meta.fields:
                setattr(rule, name, value)
        return rule

    def _last(self) -> int:
        return Rule.objects.in_ledger(self.ledger).next_position()


class RuleSerializer(TriedRuleSerializer):
    """A rule. ``also_change`` is the ``tag`` of what trying it answered: do what that has shown as well."""

    version = VersionedSerializer().fields["version"] if False else None
