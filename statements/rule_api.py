"""The endpoints of rules."""

from copy import copy

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from api.errors import Conflict
from api.serializers import LedgerRelatedField
from api.viewsets import VersionedViewMixin
from expenses.api import DELETED_VERSION
from expenses.models import ARCHIVED_MESSAGE, MAX_POSITION, Category, Rule
from expenses.models.rule import NO_EFFECT
from expenses.serializers import ExpenseSerializer, VersionedSerializer
from statements.rule_forms import TAG_LENGTH
from statements.trying import ChangedMeanwhile, Trial, also_change, tried

CHANGED_MEANWHILE = _("What would change is not what was shown. Nothing was saved.")


class RuleSerializer(VersionedSerializer):
    """A rule. A new one comes last unless its position is given."""

    category = LedgerRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)
    also_change = serializers.CharField(
        required=False,
        write_only=True,
        max_length=TAG_LENGTH,
        help_text=_("The tag of a trial of this rule: do to expenses what it has shown, too."),
    )

    class Meta:
        model = Rule
        fields = [
            "id",
            "version",
            "position",
            "field",
            "operator",
            "pattern",
            "category",
            "payee",
            "also_change",
        ]
        extra_kwargs = {"position": {"max_value": MAX_POSITION}}

    def validate_category(self, category):
        before = self.instance and self.instance.category_id
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
        rule = copy(self.instance) if self.instance else Rule(ledger=self.ledger)
        if not (self.instance or "position" in values):
            rule.position = Rule.objects.in_ledger(self.ledger).next_position()
        for name in {*values} & {"position", "field", "operator", "pattern", "category", "payee"}:
            setattr(rule, name, values[name])
        return rule


class TriedRuleSerializer(RuleSerializer):
    """A rule that is not saved."""

    class Meta:
        model = Rule
        fields = ["position", "field", "operator", "pattern", "category", "payee"]
        extra_kwargs = RuleSerializer.Meta.extra_kwargs


class FitSerializer(serializers.Serializer):
    """An expense that the rule fits, and its new ``category`` and ``payee``: null for what stays as it is."""

    expense = ExpenseSerializer(read_only=True)
    category = serializers.IntegerField(read_only=True, allow_null=True)
    payee = serializers.CharField(read_only=True, allow_null=True)
    by_hand = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text=_("What the rule would change, had nobody set it by hand: “category”, “payee”."),
    )
    earlier_rule = serializers.IntegerField(
        read_only=True, allow_null=True, help_text=_("The rule that decides.")
    )


class TrialSerializer(serializers.Serializer):
    """How many expenses a rule fits (``total``), what it would do to them, and up to 50 of them."""

    total = serializers.IntegerField(read_only=True)
    changing = serializers.IntegerField(read_only=True)
    by_hand = serializers.IntegerField(read_only=True, help_text=_("Left alone: set by hand."))
    earlier = serializers.IntegerField(read_only=True, help_text=_("Decided by an earlier rule."))
    same = serializers.IntegerField(read_only=True, help_text=_("As the rule wants them already."))
    is_complete = serializers.BooleanField(
        read_only=True, help_text=_("False if only the newest expenses were looked at.")
    )
    tag = serializers.CharField(read_only=True, help_text=_("Stands for exactly these changes."))
    expenses = FitSerializer(many=True, read_only=True)

    def to_representation(self, trial: Trial):
        rule = trial.rule
        rows = [
            {
                "expense": expense,
                "category": rule.category_id if "category" in fit.changes else None,
                "payee": rule.payee if "payee" in fit.changes else None,
                "by_hand": sorted(fit.by_hand),
                "earlier_rule": fit.earlier and fit.earlier.pk,
            }
            for fit, expense in trial.examples
        ]
        counts = {kind: trial.counts[kind] for kind in ("changing", "by_hand", "earlier", "same")}
        facts = {"total": trial.total, "is_complete": trial.is_complete, "tag": trial.tag, "expenses": rows}
        return super().to_representation(counts | facts)


@extend_schema_view(destroy=extend_schema(parameters=[DELETED_VERSION]))
class RuleViewSet(VersionedViewMixin, viewsets.ModelViewSet):
    """Rules of the ledger, in their order: the first that fits a line gives it its category and its payee's name."""

    queryset = Rule.objects.all()
    serializer_class = RuleSerializer
    keyset = ("position", "pk")
    lookup_value_converter = "int"

    def etag(self, rule) -> str:
        """A rule that is moved keeps its version."""
        return f'"v{rule.version}-{rule.position}"'

    def perform_create(self, serializer):
        self._save(serializer, position=serializer.wanted(serializer.validated_data).position)

    def perform_update(self, serializer):
        self._save(serializer)

    def _save(self, serializer, **values):
        tag = serializer.validated_data.pop("also_change", "")
        rule = serializer.save(**values)
        try:
            if tag:
                also_change(rule, tag)
        except ChangedMeanwhile as refusal:
            raise Conflict(self._described(refusal.trial), CHANGED_MEANWHILE) from None

    @extend_schema(request=TriedRuleSerializer, responses=TrialSerializer)
    @action(detail=False, methods=["post"], url_path="try", url_name="try")
    def try_new(self, request, ledger_id):
        """What a new rule would do to the expenses that are there. Nothing is saved."""
        return self._tried(TriedRuleSerializer(data=request.data, context=self.get_serializer_context()))

    @extend_schema(
        request=TriedRuleSerializer, responses=TrialSerializer, operation_id="ledgers_rules_try_changed"
    )
    @action(detail=True, methods=["post"], url_path="try", url_name="try-changed")
    def try_changed(self, request, ledger_id, pk):
        """What the rule, changed like this, would do to the expenses that are there. Nothing is saved."""
        rule, context = self.get_object(), self.get_serializer_context()
        return self._tried(TriedRuleSerializer(rule, data=request.data, partial=True, context=context))

    def _tried(self, serializer) -> Response:
        serializer.is_valid(raise_exception=True)
        return Response(self._described(tried(serializer.wanted(serializer.validated_data))))

    def _described(self, trial: Trial) -> dict:
        return TrialSerializer(trial, context=self.get_serializer_context()).data
