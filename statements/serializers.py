"""Imports and their lines as the API writes and reads them."""

from functools import cached_property

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers import AmountField, IntegerField, LedgerRelatedField, StrictFieldsMixin
from expenses.models import ARCHIVED_MESSAGE, MOST_WORDS, Account, Category
from expenses.serializers import ExpenseSerializer, TagsField
from statements.applying import applied_among
from statements.models import Import, Statement, StatementLine
from statements.wording import shown, shown_question

MOST_LINES = 10_000  # that one change is about
MOST_CHANGES = 1_000
LARGEST_ID = 10**18
Plan = StatementLine.Plan
BY_HAND = [(plan.value, plan.label) for plan in (Plan.ADD, Plan.SKIP, Plan.SAME)]


class ChoiceSerializer(serializers.Serializer):
    """An answer, and how a row of the file would read with it."""

    value = serializers.CharField()
    label = serializers.CharField()
    example = serializers.CharField()


class QuestionSerializer(serializers.Serializer):
    """What a file leaves open; answer with ``key`` and the ``value`` of a choice."""

    key = serializers.CharField()
    text = serializers.CharField()
    choices = ChoiceSerializer(many=True)


class FoundAccountSerializer(serializers.Serializer):
    """An account that lines of a file are of."""

    name = serializers.CharField()
    digits = serializers.CharField()


class StatementSerializer(serializers.ModelSerializer):
    """One file of an import, and what reading it said."""

    questions = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    problem = serializers.SerializerMethodField()
    accounts = FoundAccountSerializer(many=True)

    class Meta:
        model = Statement
        fields = ["id", "name", "state", "format", "dialect", "answers", "questions", "warnings", "problem"]
        fields += ["accounts"]
        read_only_fields = fields

    @extend_schema_field(QuestionSerializer(many=True))
    def get_questions(self, statement):
        return [shown_question(question) for question in statement.questions]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_warnings(self, statement):
        return [shown(warning) for warning in statement.warnings]

    def get_problem(self, statement) -> str:
        return shown(statement.problem)


class ImportSerializer(serializers.ModelSerializer):
    """``applied``: what it added is in the ledger. Only an import that is not can be changed or discarded."""

    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)
    change_set = serializers.IntegerField(source="change_set_id", allow_null=True)
    applied = serializers.SerializerMethodField()
    statements = StatementSerializer(many=True)

    class Meta:
        model = Import
        fields = ["id", "version", "created_at", "created_by", "applied", "change_set", "statements"]
        read_only_fields = fields

    def get_applied(self, of_import) -> bool:
        return of_import.pk in self._applied

    @cached_property
    def _applied(self) -> set[int]:
        shown = self.root.instance
        return applied_among(shown if isinstance(shown, list) else [shown])


class FiguresSerializer(serializers.Serializer):
    """How many lines of one state have one plan, and their sum as in the file: minus is money out."""

    state = serializers.ChoiceField(StatementLine.State.choices)
    plan = serializers.ChoiceField(StatementLine.Plan.choices)
    count = serializers.IntegerField()
    sum = AmountField()


class ImportDetailSerializer(ImportSerializer):
    """One import with the figures of its lines."""

    lines = serializers.SerializerMethodField()

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "lines"]
        read_only_fields = fields

    @extend_schema_field(FiguresSerializer(many=True))
    def get_lines(self, of_import):
        figures = StatementLine.objects.of(of_import).figures()
        return FiguresSerializer(figures, many=True, context=self.context).data


class LineSerializer(serializers.ModelSerializer):
    """A line of a statement. ``amount`` is as in the file: minus is money out."""

    amount = AmountField()
    tags = TagsField()
    reason = serializers.SerializerMethodField()
    twin = ExpenseSerializer(allow_null=True)

    class Meta:
        model = StatementLine
        fields = [
            "id",
            "statement",
            "number",
            "source",
            "kind",
            "state",
            "plan",
            "date",
            "amount",
            "currency",
        ]
        fields += [
            "payee",
            "text",
            "file_category",
            "spread_months",
            "tags",
            "receipt",
            "reason",
            "payee_name",
            "notes",
            "category",
        ]
        fields += ["suggested_by", "why", "twin"]
        read_only_fields = fields

    def get_reason(self, line) -> str:
        return shown(line.reason)


class LineChangeSerializer(StrictFieldsMixin, serializers.Serializer):
    """What to change of the line ``id``, or of all the lines ``ids``. ``null``: as in the file.

    ``tags`` are written over those of the file.
    """

    id = IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    ids = serializers.ListField(
        child=IntegerField(min_value=1, max_value=LARGEST_ID),
        required=False,
        allow_empty=False,
        max_length=MOST_LINES,
    )
    plan = serializers.ChoiceField(BY_HAND, required=False)
    category = LedgerRelatedField(queryset=Category.objects.all(), required=False)
    payee_name = serializers.CharField(required=False, max_length=200, allow_blank=True, allow_null=True)
    notes = serializers.CharField(required=False, max_length=1000, allow_blank=True, allow_null=True)
    tags = TagsField(required=False, max_length=MOST_WORDS)

    def validate_category(self, category):
        if category.archived:
            raise serializers.ValidationError(ARCHIVED_MESSAGE)
        return category

    def validate(self, values):
        if ("id" in values) == ("ids" in values):
            raise serializers.ValidationError({"id": [_("Send either id or ids.")]})
        one = values.pop("id", None)
        if "tags" in values:
            values["tags"] = tuple(values["tags"])
        return {"ids": values.pop("ids", None) or [one], "values": values}


class OfStatementSerializer(StrictFieldsMixin, serializers.Serializer):
    """A request about one statement of the import."""

    statement = IntegerField(min_value=1, max_value=LARGEST_ID)

    def validate_statement(self, pk) -> Statement:
        found = Statement.objects.filter(ledger=self.ledger, of_import=self.context["import"], pk=pk).first()
        if found is None:
            raise serializers.ValidationError(
                _("This import has no statement with the id %(id)d.") % {"id": pk}
            )
        return found


class AnswersSerializer(OfStatementSerializer):
    """Answers by the keys of the questions; one that was given before may be given anew."""

    answers = serializers.DictField(child=serializers.CharField(max_length=200), allow_empty=False)

    def validate(self, values):
        statement = values["statement"]
        choices = {each["key"]: {one["value"] for one in each["choices"]} for each in statement.questions}
        for key, value in values["answers"].items():
            if key not in choices and key not in statement.answers:
                raise serializers.ValidationError({"answers": {key: [_("This is not asked.")]}})
            if key in choices and value not in choices[key]:
                raise serializers.ValidationError({"answers": {key: [_("This is none of the choices.")]}})
        return values


class StatementAccountSerializer(OfStatementSerializer):
    """Which account a statement is of: one of the ledger's, or the name of a new one."""

    account = LedgerRelatedField(queryset=Account.objects.all(), required=False)
    name = serializers.CharField(required=False, max_length=100)

    def validate(self, values):
        if ("account" in values) == ("name" in values):
            raise serializers.ValidationError({"account": [_("Send either account or name.")]})
        return values


class ReadSerializer(OfStatementSerializer):
    """Which statement to read; without one, the first that waits."""

    statement = IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class NothingSerializer(StrictFieldsMixin, serializers.Serializer):
    """A request that says nothing but its address."""


class ApplySerializer(StrictFieldsMixin, serializers.Serializer):
    """``otherwise`` is the category of lines that have none."""

    version = IntegerField(required=False, min_value=1)
    otherwise = LedgerRelatedField(queryset=Category.objects.all(), required=False)

    def validate_otherwise(self, category):
        if category.archived:
            raise serializers.ValidationError(ARCHIVED_MESSAGE)
        return category


class AppliedSerializer(serializers.Serializer):
    """How many expenses were added, and the change set that did; it is undone like any other."""

    added = serializers.IntegerField()
    change_set = serializers.IntegerField(allow_null=True)
