"""What every serializer of a ledger's rows does the same way."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ledgers.dates import ISO_DATE
from ledgers.models import Ledger
from ledgers.money import parse_plain, plain


class StrictFieldsMixin:
    """Refuses fields that the serializer does not know, and keeps the ledger the view works on at hand."""

    def to_internal_value(self, data):
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({name: [_("Unknown field.")] for name in sorted(unknown)})
        return super().to_internal_value(data)

    @property
    def ledger(self):
        return self.context["ledger"]


class StrictFieldsExtension(OpenApiSerializerExtension):
    """How the OpenAPI schema says that unknown fields are refused."""

    target_class = StrictFieldsMixin
    match_subclasses = True

    def map_serializer(self, auto_schema, direction):
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return schema | ({"additionalProperties": False} if direction == "request" else {})


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,3})?$", "example": "-12.50"})
class AmountField(serializers.Field):
    """An amount of the ledger's currency: a string ``"-12.50"`` out; a string or a JSON number of that form in."""

    default_error_messages = {"invalid": _("Write an amount as a string such as “1234.50”.")}

    def to_internal_value(self, data) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
            self.fail("invalid")
        try:
            return parse_plain(str(data), self.context["ledger"].decimals)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages) from None

    def to_representation(self, value: Decimal) -> str:
        return plain(value, self.context["ledger"].decimals)


class DateField(serializers.DateField):
    """``2026-08-22`` and no other spelling."""

    def to_internal_value(self, value):
        if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class IntegerField(serializers.IntegerField):
    """A whole number as JSON has it, or as a string of plain digits; not ``1_0``, ``1.0`` or full-width digits."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not re.fullmatch("-?[0-9]{1,100}", str(data)):
            self.fail("invalid")
        return int(data)


STRICT_FIELDS = {serializers.DateField: DateField, serializers.IntegerField: IntegerField}


class LedgerRelatedField(serializers.PrimaryKeyRelatedField):
    """A row of the same ledger, by its id. Rows of other ledgers do not exist for it."""

    default_error_messages = {"does_not_exist": _("This ledger has no row with the id {pk_value}.")}

    def get_queryset(self):
        ledger = self.context.get("ledger")
        queryset = super().get_queryset()
        return queryset.filter(ledger=ledger) if ledger else queryset.none()

    def to_internal_value(self, data):
        if isinstance(data, bool) or not re.fullmatch(r"[0-9]{1,18}", str(data), re.ASCII):
            self.fail("does_not_exist", pk_value=str(data)[:40])
        # A list of a thousand rows names a handful of categories: fetch them once.
        key = f"rows of {self.field_name}"
        if key not in self.context:
            self.context[key] = self.get_queryset().in_bulk()
        known = self.context[key]
        if int(data) not in known:
            self.fail("does_not_exist", pk_value=data)
        return known[int(data)]


# What these answer for a value is the value.
AS_IT_IS = (serializers.BooleanField, serializers.CharField, serializers.IntegerField)


def reader(field: serializers.Field) -> Callable[[Any, Ledger], Any]:
    """How to get what a field of a serializer answers from a row and its ledger, quicker than by asking the field."""
    if isinstance(field, AmountField):
        return lambda row, ledger: _plain_or_none(getattr(row, field.source), ledger.decimals)
    if isinstance(field, serializers.PrimaryKeyRelatedField):
        key = attrgetter(f"{field.source}_id")
        return lambda row, ledger: key(row)
    value = attrgetter(field.source)
    if isinstance(field, AS_IT_IS):
        return lambda row, ledger: value(row)
    return lambda row, ledger: None if (found := value(row)) is None else field.to_representation(found)


def _plain_or_none(amount: Decimal | None, decimals: int) -> str | None:
    return None if amount is None else plain(amount, decimals)


class ColumnsMixin:
    """Beside a serializer all of whose fields are columns of one row: answers without the fields.

    To make these for each request, and ask them for each row, costs ten times what reading the rows does.
    """

    def to_representation(self, row):
        ledger = self.context["ledger"]
        return {name: read(row, ledger) for name, read in self.readers().items()}

    @classmethod
    @cache
    def readers(cls) -> dict[str, Callable[[Any, Ledger], Any]]:
        return {name: reader(field) for name, field in cls().fields.items()}


class LedgerRowSerializer(StrictFieldsMixin, serializers.ModelSerializer):
    """Base of the serializers of rows that belong to the view's ledger."""

    def build_standard_field(self, field_name, model_field):
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        return STRICT_FIELDS.get(field_class, field_class), kwargs

    def create(self, validated_data):
        return super().create({"ledger": self.ledger, **validated_data})
