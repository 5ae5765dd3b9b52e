"""The editable list of expenses: one form a row, and the same number of queries whatever the number of rows."""

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.forms.formsets import TOTAL_FORM_COUNT
from django.forms.models import BaseModelFormSet
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.admin.versions import CarriedField, FetchedChoiceField, VersionedForm
from expenses.models import Category, Expense
from expenses.months import written_months
from ledgers.fields import AmountField
from ledgers.money import write_currency

NO_SUCH_CATEGORY = {"invalid_choice": gettext_lazy("This ledger has no such category.")}


def _model_field(name: str):
    return Expense._meta.get_field(name)


class WrittenAmount(forms.Widget):
    """An amount to read, in a row that this person may not change."""

    def render(self, name, value, attrs=None, renderer=None):
        return conditional_escape(value)


class VersionedExpenseForm(VersionedForm):
    """The fields of an expense that the list and the change form share."""

    date = _model_field("date").formfield(validators=_model_field("date").validators, widget=AdminDateWidget)
    amount = AmountField(
        label=capfirst(_model_field("amount").verbose_name),
        validators=_model_field("amount").validators,
        widget=forms.TextInput(attrs={"size": 10, "autocomplete": "off"}),
    )
    category = FetchedChoiceField(
        label=capfirst(_model_field("category").verbose_name), error_messages=NO_SUCH_CATEGORY
    )

    def now(self):
        expense = self.instance
        return [
            date_format(expense.date, "SHORT_DATE_FORMAT"),
            write_currency(expense.amount, expense.ledger.currency, expense.ledger.decimals),
            expense.category.name,
            expense.notes_with_tags or _("no notes"),
            *([written_months(expense.spread_months)] if expense.spread_months > 1 else []),
            *([_("receipt %(id)s") % {"id": expense.receipt}] if expense.receipt else []),
        ]


class ExpenseRowForm(VersionedExpenseForm):
    """One row of the list. Nothing is asked of a row that was left alone."""

    # The browser's own date input: a list of a hundred has no room for the admin's calendar.
    date = _model_field("date").formfield(
        validators=_model_field("date").validators,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    # Not a single line: browsers drop line breaks there, and the row would count as changed.
    notes = _model_field("notes").formfield(widget=forms.Textarea(attrs={"rows": 1, "cols": 24}))

    def __init__(self, *args, categories: dict[int, list[Category]], may_edit: Callable, **kwargs):
        # Left alone, such a form is neither cleaned nor compared.
        super().__init__(*args, **kwargs | {"empty_permitted": True})
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = field.label
                # Also without a row: whether a row that is gone was touched has to be known.
                field.show_hidden_initial = True
        self.readonly = False
        if self.instance.pk:
            expense = self.instance
            self.readonly = not may_edit(expense)
            self.fields["amount"].decimals = expense.ledger.decimals
            offered = [c for c in categories[expense.ledger_id] if _offered(c, expense)]
            self.fields["category"].offer(offered)
        if self.readonly and not self.is_bound:
            self.show_only()

    def clean(self):
        if self.readonly:
            raise ValidationError(_("You may look at this ledger, but not change it."), "readonly")
        return super().clean()

    def show_only(self):
        """Show values instead of inputs."""
        for name in ("date", "category", "notes", "version"):
            self.fields.pop(name, None)
        amount = self.fields["amount"]
        amount.disabled, amount.show_hidden_initial, amount.widget = True, False, WrittenAmount()

    def _get_validation_exclusions(self):
        # The form fields ask everything that the model and its constraints would ask with queries of their own.
        return {field.name for field in Expense._meta.fields}


def _offered(category: Category, expense: Expense) -> bool:
    return not category.archived or category.pk == expense.category_id


class ExpenseRowFormSet(BaseModelFormSet):
    """The rows of the list. Those posted are locked first, so that what is compared is what is written."""

    may_edit: Callable
    refusal: ValidationError | None = None

    def __init__(self, data=None, files=None, *, queryset, **kwargs):
        if data is not None:
            data = data.copy()
            # Only rows that may be written can be locked; the others are shown all the same.
            list(queryset.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
            queryset = queryset.select_related("ledger", "category").order_by("pk")
        super().__init__(data, files, queryset=queryset, **kwargs)

    @cached_property
    def categories(self) -> dict[int, list[Category]]:
        """The categories of each ledger that has a row here."""
        ledgers = {expense.ledger_id for expense in self.get_queryset()}
        found = defaultdict(list)
        for category in Category.objects.filter(ledger__in=ledgers):
            found[category.ledger_id].append(category)
        return found

    def get_form_kwargs(self, index):
        return {"categories": self.categories, "may_edit": self.may_edit}

    def add_fields(self, form, index):
        # Django's own hidden id is a model choice, which costs a query for every row.
        super(BaseModelFormSet, self).add_fields(form, index)
        form.fields["id"] = CarriedField(initial=form.instance.pk)

    def clean(self):
        """Refuse the whole list if a row somebody deleted was changed here, or if PostgreSQL refused one.

        Also a list that no browser sends: with a row twice, or with less than none.
        """
        if self.management_form.cleaned_data[TOTAL_FORM_COUNT] < 0:
            raise ValidationError(_("This form arrived incomplete. Nothing was saved."))
        ids = [form.instance.pk for form in self.forms if form.instance.pk]
        if len(ids) != len(set(ids)):
            raise ValidationError(_("The same expense stands in two rows. Open the list again."))
        errors = [self._gone(form) for form in self.forms if not form.instance.pk and form.has_changed()]
        if self.refusal:
            errors += self.refusal.messages
        if errors:
            raise ValidationError(errors)

    def keep_present(self):
        """Leave out the rows that are gone, so that the rest can be saved again."""
        self.forms = [form for form in self.forms if form.instance.pk]
        for form in self.forms:
            if form.readonly:
                form.show_only()

    @staticmethod
    def _gone(form) -> str:
        typed = " · ".join(str(form[name].value() or "–") for name in ("date", "amount", "notes"))
        return _("An expense was deleted meanwhile. You had written: %(typed)s") % {"typed": typed}
