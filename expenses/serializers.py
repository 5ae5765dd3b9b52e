"""Expenses, categories and accounts as the API writes and reads them."""

from decimal import Decimal

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.errors import Conflict
from api.serializers import (
    AmountField,
    ColumnsMixin,
    IntegerField,
    LedgerRelatedField,
    LedgerRowSerializer,
    StrictFieldsMixin,
)
from expenses.accounts import random_key
from expenses.aliases import LONGEST_ALIAS, clean_aliases
from expenses.day import EDITED_FIELDS, MAX_ROWS, Row
from expenses.models import (
    ARCHIVED_MESSAGE,
    MOST_WORDS,
    TAKEN_MESSAGE,
    Account,
    Category,
    Expense,
    validate_not_zero,
)
from expenses.models.account import CURRENCY_MESSAGE, DIGITS_MESSAGE, NAME_TAKEN
from expenses.tags import LONGEST_TAG, clean_tags
from ledgers.money import plain


class VersionedSerializer(LedgerRowSerializer):
    """A row whose ``version`` may be sent along with a change; an old one answers 409 with the current row."""

    version = IntegerField(required=False, min_value=1)

    def validate_version(self, version):
        if isinstance(self.instance, self.Meta.model) and version != self.instance.version:
            raise Conflict(current=type(self)(self.instance, context=self.context).data)
        return version

    def create(self, validated_data):
        validated_data.pop("version", None)
        return super().create(validated_data)

    def update(self, instance, validated_data):
        validated_data.pop("version", None)
        instance = super().update(instance, validated_data)
        instance.refresh_from_db(fields=["version", "updated_at"])
        return instance


class NamedSerializer(VersionedSerializer):
    """A row whose name nothing else of its kind has in the ledger; ``taken`` says so."""

    taken: str

    def validate_name(self, name):
        name = " ".join(name.split())
        rows = self.Meta.model.objects.in_ledger(self.ledger)
        others = rows.exclude(pk=self.instance and self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise serializers.ValidationError(self.taken)
        return name


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_ALIAS},
        "maxItems": MOST_WORDS,
    }
)
class AliasesField(serializers.ListField):
    """Other names; answered in lower case, sorted, each once."""

    child = serializers.CharField(max_length=LONGEST_ALIAS)

    def to_internal_value(self, data) -> list[str]:
        try:
            return clean_aliases(super().to_internal_value(data))
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages) from None

    def to_representation(self, aliases):
        return aliases


class CategorySerializer(NamedSerializer):
    taken = TAKEN_MESSAGE
    parent = LedgerRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)
    aliases = AliasesField(required=False, max_length=MOST_WORDS)

    class Meta:
        model = Category
        fields = ["id", "version", "name", "colour", "position", "archived", "parent", "aliases"]

    def validate(self, values):
        """Two levels, and no name that means two: as the model says it."""
        before = self.instance
        said = {name: getattr(before, name) for name in ("name", "parent", "aliases")} if before else {}
        category = Category(ledger=self.ledger, pk=before and before.pk, **said | values)
        category.clean()
        return values | ({"aliases": category.aliases} if category.aliases != said.get("aliases", []) else {})


class AccountSerializer(NamedSerializer):
    taken = NAME_TAKEN

    class Meta:
        model = Account
        fields = ["id", "version", "name", "currency", "digits"]
        # Neither fits the empty text, which the schema names beside them.
        extra_kwargs = {
            "currency": {"validators": [RegexValidator(r"^[A-Z]{3}\Z", CURRENCY_MESSAGE)]},
            "digits": {"validators": [RegexValidator(r"^[0-9A-Za-z]{1,4}\Z", DIGITS_MESSAGE)]},
        }

    def create(self, validated_data):
        return super().create({"key": random_key(), **validated_data})


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_TAG},
        "maxItems": MOST_WORDS,
    }
)
class TagsField(serializers.ListField):
    """Words without the number sign; answered in lower case, sorted, each once."""

    child = serializers.CharField(max_length=LONGEST_TAG)

    def to_internal_value(self, data) -> list[str]:
        try:
            return clean_tags(super().to_internal_value(data))
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages) from None

    def to_representation(self, tags):
        return tags


class ExpenseListSerializer(serializers.ListSerializer):
    """A list of new expenses: all of them are written, in one statement, or none."""

    def create(self, validated_data):
        user, ledger = self.context["request"].user, self.context["ledger"]
        for values in validated_data:
            values.pop("version", None)
        return Expense.objects.bulk_create(
            Expense(ledger=ledger, created_by=user, **values) for values in validated_data
        )


class ExpenseSerializer(ColumnsMixin, VersionedSerializer):
    amount = AmountField(validators=[validate_not_zero])
    category = LedgerRelatedField(queryset=Category.objects.all())
    tags = TagsField(required=False, max_length=MOST_WORDS)

    class Meta:
        model = Expense
        fields = ["id", "version", "date", "amount", "category", "payee", "notes", "tags", "spread_months"]
        fields += ["receipt", "created_at", "updated_at"]
        read_only_fields = ["created_at", "updated_at"]
        list_serializer_class = ExpenseListSerializer

    def validate_category(self, category):
        before = getattr(self.instance, "category_id", None)
        if category.archived and category.pk != before:
            raise serializers.ValidationError(ARCHIVED_MESSAGE)
        return category

    def create(self, validated_data):
        return super().create({"created_by": self.context["request"].user, **validated_data})


class DayRowSerializer(ColumnsMixin, LedgerRowSerializer):
    """One expense of a day. Without ``id`` it is new; with one it needs the ``version`` that was seen.

    An amount of zero asks for the expense not to be there.
    """

    id = IntegerField(required=False, min_value=1)
    version = IntegerField(required=False, min_value=1)
    amount = AmountField()
    category = LedgerRelatedField(queryset=Category.objects.all())
    tags = TagsField(required=False, max_length=MOST_WORDS)

    class Meta:
        model = Expense
        fields = ["id", "version", "amount", "category", "payee", "notes", "tags", "spread_months", "receipt"]

    def validate(self, values):
        if values.get("id") and not values.get("version"):
            raise serializers.ValidationError({"version": [_("Say which version of the expense you saw.")]})
        return values

    @staticmethod
    def row(values: dict) -> Row:
        """What the client wants of this expense."""
        wanted = (
            {name: values[name] for name in EDITED_FIELDS if name in values} if values["amount"] else None
        )
        return Row(wanted, values.get("id"), values.get("version"))


class DaySerializer(StrictFieldsMixin, serializers.Serializer):
    """A day: its total, a ``tag`` that stands for exactly this state of it, and its expenses."""

    date = serializers.DateField(read_only=True)
    currency = serializers.CharField(read_only=True)
    total = AmountField(read_only=True)
    tag = serializers.CharField(
        required=False,
        max_length=64,
        help_text=gettext_lazy("As in the answer to GET. Needed to leave out expenses, which deletes them."),
    )
    expenses = DayRowSerializer(many=True, max_length=MAX_ROWS)

    def to_representation(self, day):
        """What the fields would answer, without making them."""
        rows = DayRowSerializer(context=self.context)
        return day | {
            "date": day["date"].isoformat(),
            "total": plain(day["total"], self.ledger.decimals),
            "expenses": [rows.to_representation(expense) for expense in day["expenses"]],
        }

    def validate_expenses(self, rows):
        ids = [row["id"] for row in rows if row.get("id")]
        if len(ids) != len(set(ids)):
            raise serializers.ValidationError(_("The same id is given twice."))
        self._refuse_archived(rows)
        return rows

    def _refuse_archived(self, rows):
        """An archived category is kept where it was, but given to no other row."""
        archived = [index for index, row in enumerate(rows) if row["category"].archived and row["amount"]]
        if not archived:
            return
        ids = [rows[index].get("id") for index in archived]
        before = dict(Expense.objects.filter(ledger=self.ledger, pk__in=ids).values_list("pk", "category_id"))
        errors = {
            index: {"category": [ARCHIVED_MESSAGE]}
            for index in archived
            if before.get(rows[index].get("id")) != rows[index]["category"].pk
        }
        if errors:
            raise serializers.ValidationError(errors)


@extend_schema_field({"type": "number", "example": 12.5})
class OriginalAmountField(AmountField):
    """Also takes the ``1200.0`` that this contract itself answers for a currency without decimals."""

    def to_internal_value(self, data) -> Decimal:
        return super().to_internal_value(str(data).removesuffix(".0") if isinstance(data, Decimal) else data)


class OriginalRowSerializer(serializers.Serializer):
    """One expense in the original contract: the category by name, the amount a JSON number."""

    amount = OriginalAmountField()
    category = serializers.CharField(max_length=100)
    notes = serializers.CharField(max_length=1000, allow_blank=True, default="")

    def validate_category(self, name: str) -> Category:
        if "categories by name" not in self.context:
            found = list(Category.objects.in_ledger(self.context["ledger"]))
            # Case folds further here than in the database, where Straße and STRASSE are two names.
            self.context["categories by name"] = (
                {alias: category for category in found for alias in category.aliases}
                | {category.name.casefold(): category for category in found}
                | {category.name: category for category in found}
            )
        categories = self.context["categories by name"]
        try:
            return categories.get(name) or categories[name.casefold()]
        except KeyError:
            message = _("This ledger has no category “%(name)s”.") % {"name": name}
            raise serializers.ValidationError(message) from None


def number(amount: Decimal) -> int | float:
    """A JSON number for the original contract, whole where the amount is."""
    return int(amount) if amount == int(amount) else float(amount)
