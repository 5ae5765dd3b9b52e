"""Which expenses: one FilterSet for the list page, the API and every figure that is opened into its rows."""

from contextlib import suppress
from decimal import Decimal

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.models import Account, Basis, Category, Expense
from expenses.tags import clean_tags
from ledgers.dates import parse_iso_date
from ledgers.models import Ledger
from ledgers.money import parse_local, parse_plain

MOST_CATEGORIES = 200
MOST_WORDS = 10
WEEKDAYS = [
    (number, WEEKDAY_NAMES[number - 1]) for number in range(1, 8)
]  # as ISO 8601 counts them from Monday


class ISODateField(forms.DateField):
    """``2026-08-22`` and no other spelling, so that a URL means the same to everybody; a date an expense can have."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = Expense._meta.get_field("date").validators

    def to_python(self, value):
        return None if value in self.empty_values else parse_iso_date(str(value))


class ISODateFilter(django_filters.DateFilter):
    field_class = ISODateField


class AmountBoundField(forms.CharField):
    """An amount as machines write it, ``-12.50``; on a page also the way the reader's language does."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    ledger: Ledger | None = None  # that of the page

    def to_python(self, value) -> Decimal | None:
        text = super().to_python(value)
        if not text:
            return None
        if self.ledger:
            with suppress(ValidationError):
                return parse_local(text, self.ledger.decimals)
        return parse_plain(text, decimals=3)


class AmountBoundFilter(django_filters.Filter):
    field_class = AmountBoundField


class CategoriesField(django_filters.fields.ModelMultipleChoiceField):
    """Some categories, and the subcategories of those; a bound, since each becomes part of the query."""

    def clean(self, value) -> list[Category]:
        if value and len(value) > MOST_CATEGORIES:
            message = _("Choose at most %(most)d categories.") % {"most": MOST_CATEGORIES}
            raise ValidationError(message, "too_many")
        chosen = super().clean(value)
        return list(self.queryset.with_subcategories_of(chosen)) if value else []


class CategoriesFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = CategoriesField


class TagField(forms.CharField):
    """Tags, with or without their number signs; cleans to a list of them, or None when blank."""

    def clean(self, value) -> list[str] | None:
        return clean_tags(word.removeprefix("#") for word in super().clean(value).split()) or None


class TagFilter(django_filters.Filter):
    field_class = TagField


def validate_few_words(text: str):
    if len(text.split()) > MOST_WORDS:
        raise ValidationError(_("Search for at most %(most)d words.") % {"most": MOST_WORDS}, "too_many")


class RangeForm(forms.Form):
    """Refuses dates that end before they start."""

    def clean(self):
        values = super().clean()
        start, end = values.get("date_after"), values.get("date_before")
        if start and end and start > end:
            self.add_error("date_before", _("The last date lies before the first one."))
        return values


class ExpenseFilterForm(RangeForm):
    """Refuses a range that ends before it starts."""

    def clean(self):
        values = super().clean()
        low, high = values.get("amount_min"), values.get("amount_max")
        if low is not None and high is not None and low > high:
            self.add_error("amount_max", _("The largest amount is smaller than the smallest one."))
        return values


class AccountFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", label=gettext_lazy("Name"), max_length=100)

    class Meta:
        model = Account
        fields = []


def categories_of_ledger(request):
    return Category.objects.in_ledger(request.ledger) if request else Category.objects.none()


class ExpenseFilter(django_filters.FilterSet):
    date_after = ISODateFilter("date", "gte", label=gettext_lazy("From"))
    date_before = ISODateFilter("date", "lte", label=gettext_lazy("To"))
    category = CategoriesFilter(queryset=categories_of_ledger, label=gettext_lazy("Category"), distinct=False)
    amount_min = AmountBoundFilter("amount", "gte", label=gettext_lazy("Amount from"))
    amount_max = AmountBoundFilter("amount", "lte", label=gettext_lazy("Amount to"))
    without = CategoriesFilter(
        "category",
        queryset=categories_of_ledger,
        label=gettext_lazy("Without category"),
        distinct=False,
        exclude=True,
    )
    # With the spaces around it, if there are any: it is another one without them.
    payee = django_filters.CharFilter("payee", label=gettext_lazy("Paid to"), max_length=200, strip=False)
    payee_contains = django_filters.CharFilter(
        "payee", "icontains", label=gettext_lazy("Paid to contains"), max_length=200
    )
    without_payee = django_filters.BooleanFilter(
        method="paid_to_nobody", label=gettext_lazy("Paid to nobody")
    )
    weekday = django_filters.MultipleChoiceFilter(
        "date__iso_week_day", choices=WEEKDAYS, label=gettext_lazy("Weekday"), distinct=False
    )
    tag = TagFilter("tags", "contains", label=gettext_lazy("Tag"))
    without_tags = django_filters.BooleanFilter(method="untagged", label=gettext_lazy("Without tags"))
    receipt = django_filters.UUIDFilter("receipt", label=gettext_lazy("Receipt"))
    text = django_filters.CharFilter(
        method="mentioning", label=gettext_lazy("Text"), max_length=200, validators=[validate_few_words]
    )

    class Meta:
        model = Expense
        form = ExpenseFilterForm
        fields = []

    def on_page_of(self, ledger: Ledger):
        """This filter as a page's form, which understands amounts as people write them."""
        for name in ("amount_min", "amount_max"):
            self.form.fields[name].ledger = ledger
        return self

    def paid_to_nobody(self, queryset, name, only):
        return queryset.filter(payee="") if only else queryset.exclude(payee="")

    def untagged(self, queryset, name, only):
        return queryset.filter(tags=[]) if only else queryset.exclude(tags=[])

    def mentioning(self, queryset, name, text):
        return queryset.mentioning(text)


class ListFilter(ExpenseFilter):
    """The filter of the list page, which also opens figures that count expenses spread over months."""

    basis = django_filters.ChoiceFilter(
        method="is_no_filter", choices=Basis.choices, label=gettext_lazy("Expenses count")
    )

    @property
    def basis_asked(self) -> str:
        """On which basis, once the filter is valid."""
        return self.form.cleaned_data["basis"] or Basis.PAID

    def is_no_filter(self, queryset, name, basis):
        return queryset
