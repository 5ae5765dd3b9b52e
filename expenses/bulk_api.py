"""The endpoint that changes or deletes many expenses at once."""

from decimal import Decimal

from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from api.errors import Conflict
from api.serializers import AmountField, DateField, IntegerField, LedgerRelatedField, StrictFieldsMixin
from api.viewsets import LedgerAPIView
from database.timeouts import take_longer_than_a_page
from expenses.bulk import LONGEST_SHIFT, MOST_TICKED, Edit, Figures, figures_of, locked
from expenses.filters import ExpenseFilter
from expenses.models import ARCHIVED_MESSAGE, MOST_WORDS, Category, Expense, ExpenseQuerySet
from expenses.serializers import TagsField

LARGEST_ID = 2**63 - 1
VALUE = {"type": "string", "maxLength": 200}
CHANGED = gettext_lazy("These are not the expenses that you have seen. Nothing was done.")


@extend_schema_field(
    {
        "type": "object",
        "description": "As the query of `GET expenses/`: what is repeated there is a list here.",
        "properties": {
            name: {"anyOf": [VALUE, {"type": "array", "items": VALUE}]} for name in ExpenseFilter.base_filters
        },
        "additionalProperties": False,
    }
)
class FilterField(serializers.DictField):
    """What ``GET expenses/`` takes as its query; gives a ``QueryDict``."""

    def to_internal_value(self, data) -> QueryDict:
        query = QueryDict(mutable=True)
        for name, value in super().to_internal_value(data).items():
            if name not in ExpenseFilter.base_filters:
                raise serializers.ValidationError({name: [_("Unknown parameter.")]})
            values = value if isinstance(value, list) else [value]
            if not all(isinstance(each, str | int | bool | Decimal) for each in values):
                raise serializers.ValidationError({name: [_("Write it as in an address.")]})
            query.setlist(
                name, [str(each).lower() if isinstance(each, bool) else str(each) for each in values]
            )
        return query


class WantedSerializer(StrictFieldsMixin, serializers.Serializer):
    """What all of them get; what is not named stays as it is."""

    category = LedgerRelatedField(queryset=Category.objects.all(), required=False)
    payee = serializers.CharField(max_length=200, required=False, allow_blank=True)
    date = DateField(required=False, validators=Expense._meta.get_field("date").validators)

    def validate_category(self, category):
        if category.archived:
            raise serializers.ValidationError(ARCHIVED_MESSAGE)
        return category


class BulkSerializer(StrictFieldsMixin, serializers.Serializer):
    """Which expenses, by ``ids`` or by ``filter``, and what becomes of them."""

    ids = serializers.ListField(
        child=IntegerField(min_value=1, max_value=LARGEST_ID),
        required=False,
        allow_empty=False,
        max_length=MOST_TICKED,
    )
    filter = FilterField(required=False)
    set = WantedSerializer(required=False)
    add_tags = TagsField(required=False, max_length=MOST_WORDS)
    remove_tags = TagsField(required=False, max_length=MOST_WORDS)
    shift_days = IntegerField(required=False, min_value=-LONGEST_SHIFT, max_value=LONGEST_SHIFT)
    delete = serializers.BooleanField(default=False)
    dry_run = serializers.BooleanField(default=False)
    digest = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=32,
        help_text=gettext_lazy("As a dry run answered it: 409 if the expenses are others by now."),
    )

    def validate(self, values):
        if ("ids" in values) == ("filter" in values):
            raise serializers.ValidationError({"ids": [_("Name the expenses by their ids or by a filter.")]})
        return values

    def rows(self, request) -> ExpenseQuerySet:
        """The expenses meant. Raises ValidationError for an id that is none's, and for what is no filter."""
        values, mine = self.validated_data, Expense.objects.in_ledger(self.ledger)
        if "filter" in values:
            request.ledger = self.ledger  # where the filter looks for it
            filterset = ExpenseFilter(values["filter"], mine, request=request)
            if not filterset.is_valid():
                raise serializers.ValidationError({"filter": filterset.errors})
            return filterset.qs
        rows = mine.filter(pk__in=values["ids"])
        if missing := set(values["ids"]) - set(rows.values_list("pk", flat=True)):
            message = _("This ledger has no expense with the id %(id)s.") % {"id": min(missing)}
            raise serializers.ValidationError({"ids": [message]})
        return rows

    def edit(self) -> Edit:
        """What becomes of them."""
        values = self.validated_data
        same = {name: values[name] for name in ("add_tags", "remove_tags", "shift_days") if name in values}
        return Edit(**values.get("set", {}), **same, delete=values["delete"])


class TouchedSerializer(serializers.Serializer):
    """The expenses meant, as they were before: how many, what they came to, and a text for exactly these."""

    count = serializers.IntegerField()
    total = AmountField()
    digest = serializers.CharField()


class BulkView(LedgerAPIView):
    """Many expenses at once."""

    @extend_schema(request=BulkSerializer, responses=TouchedSerializer, operation_id="expenses_bulk_change")
    def post(self, request, ledger_id):
        """Change or delete many expenses, named by `ids` (1,000 at most) or by a `filter` (however many).

        All of them, in one statement, or none. `set` gives all of them the same; `shift_days` moves each. With
        `dry_run` nothing is done. An empty `filter` means every expense of the ledger.
        """
        asked = BulkSerializer(data=request.data, context={"ledger": self.ledger, "request": request})
        asked.is_valid(raise_exception=True)
        values, rows = asked.validated_data, asked.rows(request)
        take_longer_than_a_page()
        if not values["dry_run"]:
            rows = locked(rows)
        figures = next(iter(figures_of(rows)), Figures(self.ledger, 0, Decimal(0), ""))
        answer = TouchedSerializer(figures, context={"ledger": self.ledger}).data
        if values.get("digest", figures.digest) != figures.digest:
            raise Conflict(current=answer, detail=CHANGED)
        edit = asked.edit()
        self._check(edit, rows)
        if not values["dry_run"]:
            edit.apply(rows)
        return Response(answer)

    @staticmethod
    def _check(edit: Edit, rows: ExpenseQuerySet):
        try:
            edit.check(rows)
        except DjangoValidationError as error:
            said = error.message_dict if hasattr(error, "error_dict") else {"detail": error.messages[0]}
            raise serializers.ValidationError(said) from None
