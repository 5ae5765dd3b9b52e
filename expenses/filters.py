"""Which expenses: one FilterSet for the list page, the API and every figure that is opened into its rows."""

import re
from decimal import Decimal

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.models import Category, Expense
from ledgers.money import parse_plain

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ISODateField(forms.DateField):
    """``2026-08-22`` and no other spelling, so that a URL means the same to everybody."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d"]

    def to_python(self, value):
        if value not in self.empty_values and not ISO_DATE.fullmatch(str(value)):
            raise ValidationError(_("Write a date as YYYY-MM-DD."), code="invalid")
        return super().to_python(value)


class ISODateFilter(django_filters.DateFilter):
    field_class = ISODateField


class PlainAmountField(forms.CharField):
    """An amount as machines and number inputs write it: ``-12.50``."""

    widget = forms.NumberInput(attrs={"step": "any"})

    def to_python(self, value) -> Decimal | None:
        text = super().to_python(value)
        return parse_plain(text, decimals=3) if text else None


class PlainAmountFilter(django_filters.Filter):
    field_class = PlainAmountField


class RangeForm(forms.Form):
    """Refuses a range that ends before it starts."""

    def clean(self):
        values = super().clean()
        start, end = values.get("date_after"), values.get("date_before")
        if start and end and start > end:
            self.add_error("date_before", _("The last date lies before the first one."))
        low, high = values.get("amount_min"), values.get("amount_max")
        if low is not None and high is not None and low > high:
            self.add_error("amount_max", _("The largest amount is smaller than the smallest one."))
        return values


def categories_of_ledger(request):
    return Category.objects.in_ledger(request.ledger) if request else Category.objects.none()


class ExpenseFilter(django_filters.FilterSet):
    date_after = ISODateFilter("date", "gte", label=gettext_lazy("From"))
    date_before = ISODateFilter("date", "lte", label=gettext_lazy("To"))
    category = django_filters.ModelMultipleChoiceFilter(
        queryset=categories_of_ledger, label=gettext_lazy("Category"), distinct=False
    )
    amount_min = PlainAmountFilter("amount", "gte", label=gettext_lazy("Smallest amount"))
    amount_max = PlainAmountFilter("amount", "lte", label=gettext_lazy("Largest amount"))
    text = django_filters.CharFilter(method="mentioning", label=gettext_lazy("Text"), max_length=200)

    class Meta:
        model = Expense
        form = RangeForm
        fields = []

    def mentioning(self, queryset, name, text):
        return queryset.mentioning(text)
