"""What a person may type into the day editor, the pages of categories and accounts, and their filters."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.aliases import AliasesField
from expenses.day import MAX_ROWS, DayConflict
from expenses.filters import ISODateField
from expenses.grid import Choices, Stencil
from expenses.models import LEVELS_MESSAGE, Account, Category, Expense
from expenses.row_form import CategoryField, ExpenseRowForm
from ledgers.forms import VersionedForm
from ledgers.models import Ledger

ROWS_SHOWN = 5
MAX_FORMS = MAX_ROWS + ROWS_SHOWN  # a full day, and blank rows to write in


class BaseDayFormSet(BaseFormSet):
    """The grid of one day. Bounded, and every row of it keeps what was typed whatever happens to a save."""

    default_error_messages = BaseFormSet.default_error_messages | {
        "missing_management_form": gettext_lazy("This form arrived incomplete. Nothing was saved."),
        "too_many_forms": gettext_lazy("A day can be edited in at most %(num)d rows."),
    }

    def __init__(
        self,
        data=None,
        *,
        ledger: Ledger,
        expenses: Iterable[Expense] = (),
        copied: Iterable[Expense] = (),
        categories,
        uses=dict,
        **kwargs,
    ):
        choices = Choices(categories, uses)
        kwargs["form_kwargs"] = {"choices": choices, "decimals": ledger.decimals}
        rows = [ExpenseRowForm.shown(expense) for expense in expenses]
        rows += _as_new(copied, choices)
        kwargs["initial"] = rows[:MAX_ROWS] if data is None else None
        super().__init__(None if data is None else data.copy(), **kwargs)
        self.extra = max(ROWS_SHOWN - len(self.initial or ()), 1)

    def __getitem__(self, index):
        # A template looks for every name here first, for which Django would make all the forms.
        if isinstance(index, str):
            raise KeyError(index)
        return super().__getitem__(index)

    @property
    def conflicts(self) -> bool:
        """Whether somebody else changed or deleted meanwhile what stands here."""
        return self.is_bound and any(form.conflict or form.gone for form in self)

    def rows_as_opened(self) -> SafeString:
        """The rows of a day that was just opened, as HTML."""
        fields, rows = self.empty_form.fields, self.initial or []
        blank = [{}] * (self.total_form_count() - len(rows))
        shown = (
            {name: fields[name].prepare_value(value) for name, value in row.items()} for row in rows + blank
        )
        written = (self._stencil.row(index, index + 1, values) for index, values in enumerate(shown))
        return mark_safe("".join(written))  # noqa: S308

    def blank_row(self) -> SafeString:
        """What a browser makes further rows of."""
        return self._stencil.row("__prefix__", "__number__", {})

    @cached_property
    def _stencil(self) -> Stencil:
        return Stencil(self.form, self.prefix, self.form_kwargs["choices"])

    def total_form_count(self):
        # Django would build forms up to absolute_max before it complained.
        return 0 if self.out_of_bounds else super().total_form_count()

    @property
    def out_of_bounds(self) -> bool:
        rows = self.management_form.cleaned_data.get("TOTAL_FORMS", 0) if self.is_bound else 0
        return not 0 <= rows <= MAX_FORMS

    def clean(self):
        if self.out_of_bounds:
            raise ValidationError(self.error_messages["too_many_forms"], params={"num": MAX_FORMS})
        ids = [form.cleaned_data["id"] for form in self.forms if form.cleaned_data.get("id")]
        if len(ids) != len(set(ids)):
            raise ValidationError(_("The same expense stands in two rows. Open the day again."))

    def add_rows(self):
        """Offer more blank rows; nothing typed is touched."""
        self._count(self.total_form_count() + ROWS_SHOWN)

    def complete(self, expenses: Iterable[Expense]):
        """Show those of these expenses as well that no row has: in rows of which nothing came, then behind them."""
        count = self.total_form_count()
        posted = {self.data.get(f"{self.prefix}-{index}-id") for index in range(count)}
        missing = [expense for expense in expenses if str(expense.pk) not in posted]
        empty = [index for index in range(count) if f"{self.prefix}-{index}-amount" not in self.data]
        places = [*empty, *range(count, MAX_FORMS)][: len(missing)]
        for index, expense in zip(places, missing, strict=False):
            for name, value in ExpenseRowForm.shown(expense).items():
                value = self.empty_form.fields[name].prepare_value(value)
                for key in (f"{self.prefix}-{index}-{name}", f"initial-{self.prefix}-{index}-{name}"):
                    self.data[key] = value
        self._count(max([count, *(index + 2 for index in places)]))

    def recall(self, rows: dict[str, list[int]]):
        """Give rows that an earlier save of this very form wrote the ids and versions they got then."""
        for index, (pk, version) in rows.items():
            posted = self.data.get(f"{self.prefix}-{index}-id")
            if posted in (None, "", str(pk)) and int(index) < len(self.forms):
                self._set(f"{index}-id", pk)
                self._set(f"{index}-version", version)
                self.forms[int(index)].recalled = True

    def show_conflict(self, conflict: DayConflict):
        """Put their version beside each row in conflict; saving again then means ours on purpose."""
        for index, theirs in conflict.theirs.items():
            form = self.forms[index]
            form.conflict, form.gone = theirs, theirs is None
            shown = ExpenseRowForm.shown(theirs) if theirs else dict.fromkeys(("id", "version"), "")
            for name, value in shown.items():
                value = form.fields[name].prepare_value(value)
                key = form.add_prefix(name) if name in ("id", "version") else form[name].html_initial_name
                self.data[key] = value

    def refuse(self, error: ValidationError):
        """Show an error of the whole grid that only the database could find."""
        self.non_form_errors().extend(error.messages)

    def _count(self, rows: int):
        self._set("TOTAL_FORMS", min(rows, MAX_FORMS))
        self.__dict__.pop("forms", None)
        self.__dict__.pop("management_form", None)

    def _set(self, name: str, value):
        self.data[f"{self.prefix}-{name}"] = str(value)


def _as_new(expenses: Iterable[Expense], choices: Choices) -> list[dict]:
    """These expenses as rows that nothing has saved yet. What is one receipt there becomes one of its own."""
    receipts: dict[UUID, UUID] = defaultdict(uuid4)
    rows = []
    for expense in expenses:
        row = ExpenseRowForm.shown(expense) | {"id": "", "version": ""}
        if expense.receipt:
            row["receipt"] = str(receipts[expense.receipt])
        if expense.amount is None:
            row["amount"] = ""
        if choices.categories[row["category"]].archived:
            row["category"] = ""
        rows.append(row)
    return rows


DayFormSet = formset_factory(
    ExpenseRowForm, formset=BaseDayFormSet, can_delete=True, max_num=MAX_FORMS, absolute_max=MAX_FORMS
)


class DayChoiceForm(forms.Form):
    """The date picker."""

    date = ISODateField()


class NamedForm(VersionedForm):
    """Something of a ledger with a name that nothing else of its kind has there."""

    def _get_validation_exclusions(self):
        # Without the ledger Django would not ask.
        return super()._get_validation_exclusions() - {"ledger"}

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class CategoryForm(NamedForm):
    """A category: its name, its colour, which of the ``categories`` of its ledger it is part of, its other names."""

    parent = CategoryField(
        label=gettext_lazy("Part of"), required=False, error_messages={"invalid_choice": LEVELS_MESSAGE}
    )
    aliases = AliasesField(label=gettext_lazy("Other names"), required=False)

    class Meta:
        model = Category
        fields = ["name", "colour", "parent", "aliases"]
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def __init__(self, *args, categories: Iterable[Category] = (), **kwargs):
        super().__init__(*args, **kwargs)
        category = self.instance
        offered = (
            each
            for each in categories
            if each.parent_id is None
            and each.pk != category.pk
            and (not each.archived or each.pk == category.parent_id)
        )
        self.fields["parent"].categories = {str(each.pk): each for each in offered}

    @property
    def is_moved(self) -> bool:
        """Whether it shall be part of another one than before, once the form is valid."""
        return self.instance.parent_id != self.initial["parent"]

    def parents(self) -> list[tuple[str, str, bool]]:
        """Value, name and whether it is chosen of each category that it can be part of."""
        chosen = str(self["parent"].value() or "")
        return [(key, each.name, key == chosen) for key, each in self.fields["parent"].categories.items()]


class AccountForm(NamedForm):
    """Name, currency and last digits of an account."""

    class Meta:
        model = Account
        fields = ["name", "currency", "digits"]
        widgets = dict.fromkeys(["currency"], forms.TextInput(attrs={"size": 4, "autocomplete": "off"}))

    digits = forms.CharField(
        label=Account._meta.get_field("digits").verbose_name.capitalize(),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"size": 4, "autocomplete": "off"}),
    )

    def clean_currency(self):
        return self.cleaned_data["currency"].upper()

    def clean_digits(self):
        """Of a whole number only the last are kept."""
        return "".join(self.cleaned_data["digits"].split())[-4:]

    def now(self):
        return " ".join(filter(None, [str(self.instance), self.instance.currency]))
