"""One row of the day editor, as a person fills it in."""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.day import EDITED_FIELDS, Row
from expenses.filters import ISODateField
from expenses.grid import Choices
from expenses.models import ARCHIVED_MESSAGE, MOST_WORDS, Category, Expense
from expenses.months import MonthsField
from expenses.tags import LONGEST_TAG, take_tags
from ledgers.fields import AmountField

LONGEST_NOTES = Expense._meta.get_field("notes").max_length
LONGEST_TAGS = MOST_WORDS * (LONGEST_TAG + 2)  # with a space and a number sign before each
SHOWN_AS = {"notes": "notes_with_tags"}


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


class NotesField(forms.CharField):
    """Notes with tags among them, ``lunch #work``; cleans to both."""

    def __init__(self, **kwargs):
        super().__init__(max_length=LONGEST_NOTES + LONGEST_TAGS, **kwargs)

    def clean(self, value) -> tuple[str, list[str]]:
        notes, tags = take_tags(super().clean(value))
        MaxLengthValidator(LONGEST_NOTES)(notes)
        return notes, tags


class ExpenseRowForm(forms.Form):
    """One row of the day editor. A blank row, or one whose amount is zero, asks for nothing to be there.

    ``date`` is empty where the expense stays on the day that is edited.
    The values as they were shown travel along (``show_hidden_initial``), so that a row this person did not
    touch is told from one that they changed back.
    """

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    amount = AmountField(required=False, show_hidden_initial=True)
    category = CategoryField(required=False, show_hidden_initial=True)
    payee = Expense._meta.get_field("payee").formfield(show_hidden_initial=True)
    notes = NotesField(required=False, show_hidden_initial=True)
    date = ISODateField(required=False)
    receipt = forms.UUIDField(required=False, widget=forms.HiddenInput, show_hidden_initial=True)
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
        values["notes"], values["tags"] = values.get("notes") or ("", [])
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
        return any(values.get(name) for name in ("amount", "payee", "notes", "tags"))

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
        theirs = getattr(self.conflict, SHOWN_AS.get(name, name), "")
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
        if wanted and values["date"]:
            wanted["date"] = values["date"]
        touched = (self.touched or self.recalled) and not values.get("theirs")
        return Row(wanted, values.get("id"), values.get("version"), touched)

    @staticmethod
    def shown(expense: Expense) -> dict:
        """What the fields of a row show of an expense."""
        values = {name: getattr(expense, name) for name in ("id", "version", "amount", "spread_months")}
        # A text input drops line breaks, which would look like a change that somebody made.
        texts = {
            name: " ".join(getattr(expense, SHOWN_AS.get(name, name)).splitlines())
            for name in ("payee", "notes")
        }
        return values | texts | {"category": str(expense.category_id), "receipt": str(expense.receipt or "")}
