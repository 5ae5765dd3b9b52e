"""What a person may type into the day editor, the pages of categories and accounts, and their filters."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.day import EDITED_FIELDS, MAX_ROWS, DayConflict, Row
from expenses.filters import ISODateField
from expenses.grid import Choices, Stencil
from expenses.models import ARCHIVED_MESSAGE, Account, Category, Expense
from expenses.months import MonthsField
from ledgers.fields import AmountField
from ledgers.forms import VersionedForm
from ledgers.models import Ledger

ROWS_SHOWN = 5
MAX_FORMS = MAX_ROWS + ROWS_SHOWN  # a full day, and blank rows to write in


@dataclass(frozen=True)
class Cell:
    """One field of a row as the page shows it; ``initial`` is what was shown first, ``theirs`` what is there now."""

    name: str
    value: str
    initial_name: str
    initial: str
    errors: list[str]
    max_length: int | None
    theirs: str


class CategoryField(forms.Field):
    """A category of the ledger, looked up among those already fetched instead of one query a row."""

    default_error_messages = {"invalid_choice": gettext_lazy("This ledger has no such category.")}
    categories: dict[str, Category] = {}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return self.categories[value]
        except KeyError:
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice") from None


class ExpenseRowForm(forms.Form):
    """One row of the day editor. A blank row, or one whose amount is zero, asks for nothing to be there.

    The values as they were shown travel along (``show_hidden_initial``), so that a row this person did not
    touch is told from one that they changed back.
    """

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    amount = AmountField(required=False, show_hidden_initial=True)
    category = CategoryField(required=False, show_hidden_initial=True)
    payee = Expense._meta.get_field("payee").formfield(show_hidden_initial=True)
    notes = Expense._meta.get_field("notes").formfield(show_hidden_initial=True)
    spread_months = MonthsField(required=False, show_hidden_initial=True)
    theirs = forms.BooleanField(required=False)

    conflict: Expense | None = None  # what somebody else made of this expense meanwhile
    gone = False  # whether somebody else deleted it
    recalled = (
        False  # whether this very form wrote the row before: what was shown first is not what stands there
    )

    def __init__(self, *args, choices: Choices, decimals: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["category"].categories = choices.categories
        self.fields["amount"].decimals = decimals

    def clean(self):
        values = self.cleaned_data
        if self.errors or not self.wanted:
            return values
        if values["amount"] is None:
            self.add_error("amount", _("Enter an amount, or clear the row."))
        if values["category"] is None:
            self.add_error("category", _("Choose a category."))
        elif values["category"].archived and "category" in self.changed_data:
            self.add_error("category", ARCHIVED_MESSAGE)
        return values

    @property
    def wanted(self) -> bool:
        """Whether an expense shall stand here: something was typed, and the amount is not zero."""
        values = self.cleaned_data  # empty for a blank row
        if values.get("DELETE") or values.get("amount") == 0:
            return False
        return any(values.get(name) not in (None, "") for name in ("amount", "payee", "notes"))

    @property
    def touched(self) -> bool:
        """Whether the person changed anything about the expense, compared with what they were shown."""
        return not {"id", "version", "theirs"}.issuperset(self.changed_data)

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """What the template needs of each field, without a widget's cost."""
        return {name: self._cell(name, self[name]) for name in self.fields}

    def _cell(self, name: str, bound) -> Cell:
        field = bound.field
        shown = bound.value()
        initial = self.data.get(bound.html_initial_name, "") if self.is_bound else shown
        theirs = getattr(self.conflict, name, "")
        return Cell(
            name=bound.html_name,
            value="" if shown is None else shown,
            initial_name=bound.html_initial_name,
            initial="" if initial is None else initial,
            errors=self.errors.get(name, ()),
            max_length=getattr(field, "max_length", None),
            theirs=theirs,
        )

    @cached_property
    def options(self) -> SafeString:
        """The categories to choose from, with the one of this row selected."""
        return self.choices.options(self.cells["category"].value)

    def row(self) -> Row:
        """What this person wants of the expense."""
        values = self.cleaned_data
        wanted = {name: values[name] for name in EDITED_FIELDS} if self.wanted else None
        touched = (self.touched or self.recalled) and not values.get("theirs")
        return Row(wanted, values.get("id"), values.get("version"), touched)


class BaseDayFormSet(BaseFormSet):
    """The grid of one day. Bounded, and every row of it keeps what was typed whatever happens to a save."""

    default_error_messages = BaseFormSet.default_error_messages | {
        "missing_management_form": gettext_lazy("This form arrived incomplete. Nothing was saved."),
        "too_many_forms": gettext_lazy("A day can be edited in at most %(num)d rows."),
    }

    def __init__(self, data=None, *, ledger: Ledger, expenses: Iterable[Expense] = (), categories, **kwargs):
        kwargs["form_kwargs"] = {"choices": Choices(categories), "decimals": ledger.decimals}
        kwargs["initial"] = [self._shown(expense) for expense in expenses] if data is None else None
        super().__init__(None if data is None else data.copy(), **kwargs)
        self.extra = max(ROWS_SHOWN - len(self.initial or ()), 1)

    def __getitem__(self, index):
        # A template looks for every name here first, for which Django would make all the forms.
        if isinstance(index, str):
            raise KeyError(index)
        return super().__getitem__(index)

    @staticmethod
    def _shown(expense: Expense) -> dict:
        values = {name: getattr(expense, name) for name in ("id", "version", "amount", "spread_months")}
        # A text input drops line breaks, which would look like a change that somebody made.
        texts = {name: " ".join(getattr(expense, name).splitlines()) for name in ("payee", "notes")}
        return values | texts | {"category": str(expense.category_id)}

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
        self._set("TOTAL_FORMS", min(self.total_form_count() + ROWS_SHOWN, MAX_FORMS))
        self.__dict__.pop("forms", None)
        self.__dict__.pop("management_form", None)

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
            shown = self._shown(theirs) if theirs else dict.fromkeys(("id", "version"), "")
            for name, value in shown.items():
                value = form.fields[name].prepare_value(value)
                key = form.add_prefix(name) if name in ("id", "version") else form[name].html_initial_name
                self.data[key] = value

    def refuse(self, error: ValidationError):
        """Show an error of the whole grid that only the database could find."""
        self.non_form_errors().extend(error.messages)

    def _set(self, name: str, value):
        self.data[f"{self.prefix}-{name}"] = str(value)


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
    """Name and colour of a category."""

    class Meta:
        model = Category
        fields = ["name", "colour"]
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}


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
