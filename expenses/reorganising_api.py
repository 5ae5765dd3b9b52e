"""Merging and splitting categories through the API."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from api.errors import PreconditionFailed, PreconditionRequired
from api.serializers import AmountField, DateField, LedgerRelatedField, StrictFieldsMixin
from expenses.models import Category
from expenses.reorganising import Act, Merge, Split, locked_categories, new_category
from expenses.reorganising_forms import SplitFilter
from ledgers.etags import names
from ledgers.money import plain


class ActSerializer(StrictFieldsMixin, serializers.Serializer):
    """Beneath the two below."""

    dry_run = serializers.BooleanField(
        default=False, help_text=gettext_lazy("Only answer what it comes to. Nothing is written.")
    )
    seen = serializers.CharField(
        required=False,
        max_length=64,
        help_text=gettext_lazy(
            "As the dry run answered: exactly this is done. `*` does whatever it comes to."
        ),
    )

    def act(self, category: Category) -> Act:
        """What is asked for. Raises Django's ValidationError."""
        raise NotImplementedError


class MergeSerializer(ActSerializer):
    into = LedgerRelatedField(queryset=Category.objects.all())
    keep_name = serializers.BooleanField(
        default=True,
        help_text=gettext_lazy("Keep the name as another name of the category it is merged into."),
    )

    def act(self, category):
        return Merge(category, self.validated_data["into"], self.validated_data["keep_name"])


class SplitSerializer(ActSerializer):
    """Which expenses, and where to: `into` a category, or a new one of this `name`, part of `parent` if given."""

    into = LedgerRelatedField(queryset=Category.objects.all(), required=False)
    name = serializers.CharField(required=False, max_length=100)
    parent = LedgerRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)
    payee_contains = serializers.CharField(required=False, max_length=200)
    text = serializers.CharField(required=False, max_length=200)
    tag = serializers.CharField(required=False, max_length=51)
    amount_min = AmountField(required=False)
    amount_max = AmountField(required=False)
    date_after = DateField(required=False)
    date_before = DateField(required=False)

    def validate(self, values):
        if ("into" in values) == ("name" in values):
            raise serializers.ValidationError({"into": [_("Name a category, or the name of a new one.")]})
        if "parent" in values and "name" not in values:
            raise serializers.ValidationError({"parent": [_("Only a new category is given one here.")]})
        return values

    def act(self, category):
        said = {name: self._written(name) for name in SplitFilter.base_filters if name in self.validated_data}
        rows = SplitFilter(said).rows_of(category)
        values = self.validated_data
        into = values.get("into") or new_category(self.ledger, values["name"], values.get("parent"))
        return Split(category, rows, into)

    def _written(self, name: str) -> str:
        """The value as the filter reads it."""
        value = self.validated_data[name]
        return plain(value, self.ledger.decimals) if name.startswith("amount_") else str(value)


class OutlookSerializer(serializers.Serializer):
    """What it comes to: how many expenses, their total, the ids of the newest; and what goes with them."""

    seen = serializers.CharField(source="mark", help_text=gettext_lazy("Send it to do exactly this."))
    count = serializers.IntegerField()
    total = AmountField()
    ids = serializers.ListField(child=serializers.IntegerField())
    subcategories = serializers.ListField(child=serializers.IntegerField())
    rules = serializers.IntegerField()
    favourites = serializers.IntegerField()
    into = serializers.IntegerField(
        allow_null=True,
        help_text=gettext_lazy("The category they are in then; null for one still to be made."),
    )


class ReorganisingMixin:
    """Beside the viewset of categories."""

    of_one_state = ("merge", "split")

    @extend_schema(request=MergeSerializer, responses=OutlookSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request, **kwargs):
        """Merge the category into another one and delete it. Expenses, rules, favourites and subcategories go along.

        First send `dry_run`, then again what it answered in `seen` (or `If-Match` with its ETag): without one it is
        428, and 412 if anything has changed meanwhile.
        """
        return self._reorganised(MergeSerializer(data=request.data, context=self.get_serializer_context()))

    @extend_schema(request=SplitSerializer, responses=OutlookSerializer)
    @action(detail=True, methods=["post"])
    def split(self, request, **kwargs):
        """Move those expenses of the category that all the conditions fit to another one, or to a new one.

        First send `dry_run`, then again what it answered in `seen` (or `If-Match` with its ETag): without one it is
        428, and 412 if anything has changed meanwhile. Those of its subcategories are not touched.
        """
        return self._reorganised(SplitSerializer(data=request.data, context=self.get_serializer_context()))

    def _reorganised(self, asked: ActSerializer) -> Response:
        category = locked_categories(self.ledger).get(self.kwargs["pk"])
        if category is None:
            raise NotFound
        asked.is_valid(raise_exception=True)
        act = asked.act(category)
        if asked.validated_data["dry_run"]:
            return self._answered(act)
        self._refuse_unless_looked_at(act, asked.validated_data.get("seen"))
        act.apply()
        return self._answered(act)

    def _refuse_unless_looked_at(self, act: Act, seen: str | None):
        mark = act.outlook.mark
        known = {names(self.request.headers.get("If-Match"), f'"{mark}"'), seen and seen in (mark, "*")}
        if False in known:
            answer = self._answered(act)
            raise PreconditionFailed(answer.data, answer["ETag"])
        if True not in known:
            raise PreconditionRequired(_("Say what you saw: send `seen` as the dry run answered it."))

    def _answered(self, act: Act) -> Response:
        outlook = act.outlook
        facts = {
            "mark": outlook.mark,
            "count": outlook.count,
            "total": outlook.total,
            "ids": [expense.pk for expense in outlook.samples],
            "subcategories": [each.pk for each in outlook.subcategories],
            "rules": outlook.rules,
            "favourites": outlook.favourites,
            "into": act.into.pk,
        }
        said = OutlookSerializer(facts, context=self.get_serializer_context()).data
        return Response(said, headers={"ETag": f'"{outlook.mark}"'})
