"""What a person may send to the pages of an import."""

import re
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.models import ARCHIVED_MESSAGE, Account, Category, Expense
from expenses.row_form import CategoryField, NotesField
from statements.models import StatementLine
from statements.review import Row, mark

Plan, State = StatementLine.Plan, StatementLine.State
SHOWN = re.compile("line-([0-9]{1,18})-shown")
MOST_ROWS = 200  # of one form


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        return [super(FilesField, self).clean(file) for file in data] if data else []


class UploadForm(forms.Form):
    """Files, cells pasted from a spreadsheet, or both."""

    files = FilesField(label=gettext_lazy("Files"), required=False, max_length=None, allow_empty_file=True)
    pasted = forms.CharField(label=gettext_lazy("Rows"), required=False, strip=False, widget=forms.Textarea)


class LineForm(forms.Form):
    """What was decided about one line; ``plan`` is missing where its switch is off. Tags are written in the notes."""

    category = CategoryField(required=False)
    payee = Expense._meta.get_field("payee").formfield()
    notes = NotesField(required=False)
    plan = forms.ChoiceField(required=False, choices=Plan.choices)

    def __init__(self, data, row: Row, categories: dict[str, Category]):
        super().__init__(data, prefix=row.prefix)
        self.row = row
        self.fields["category"].categories = categories

    @property
    def typed(self) -> dict[str, str]:
        """What stood in the row when it was sent."""
        values = {name: self.data.get(self.add_prefix(name), "") for name in self.fields}
        off = Plan.OPEN if self.row.line.state == State.LIKELY else Plan.SKIP
        return values | {"plan": values["plan"] or off}

    @property
    def is_touched(self) -> bool:
        typed = self.typed
        now = mark(typed["category"], typed["payee"], typed["notes"], typed["plan"])
        return now != self.data.get(self.add_prefix("shown"))

    def clean(self):
        values, line = super().clean(), self.row.line
        category = values.get("category")
        if category and category.archived and category.pk != line.category_id:
            self.add_error("category", ARCHIVED_MESSAGE)
        values["plan"] = values.get("plan") or self.typed["plan"]
        if values["plan"] == Plan.ADD and not line.amount:
            self.add_error("plan", _("A line of zero cannot be added."))
        return values


def lines_sent(data) -> list[int]:
    """The ids of the lines whose rows a form has, the first of them if there are too many."""
    found = (SHOWN.fullmatch(name) for name in data)
    return [int(match[1]) for match in found if match][:MOST_ROWS]


class ManyLinesForm(forms.Form):
    """What to do with the lines that are ticked, or with ``all`` of a ``state``.

    ``like`` is the id of a line: all of its payee get its category.
    """

    DO = ("save", "categorise", "add", "skip", "same", "refresh")

    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    do = forms.ChoiceField(choices=[(name, name) for name in DO], required=False)
    state = forms.ChoiceField(choices=State.choices, required=False)
    all = forms.BooleanField(required=False)
    line = forms.TypedMultipleChoiceField(coerce=int, required=False)
    like = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    many_category = CategoryField(required=False)

    def __init__(self, data, categories: dict[str, Category]):
        super().__init__(data)
        self.fields["many_category"].categories = categories
        ticked = data.getlist("line")[:MOST_ROWS]
        self.fields["line"].choices = [(pk, pk) for pk in ticked if re.fullmatch("[0-9]{1,18}", pk)]

    def clean(self):
        values = super().clean()
        category = values.get("many_category")
        if values.get("do") == "categorise" and not self.errors:
            if category is None:
                self.add_error("many_category", _("Choose a category."))
            elif category.archived:
                self.add_error("many_category", ARCHIVED_MESSAGE)
        return values


class ApplyForm(forms.Form):
    """The version that was looked at, and the category of lines that have none."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    otherwise = CategoryField(required=False)

    def __init__(self, data, categories: dict[str, Category]):
        super().__init__(data)
        self.fields["otherwise"].categories = categories

    def clean_otherwise(self):
        category = self.cleaned_data["otherwise"]
        if category and category.archived:
            raise forms.ValidationError(ARCHIVED_MESSAGE)
        return category


class AccountChoiceForm(forms.Form):
    """Which account a file is of: one of the ledger by its key, or a new one by its name."""

    account_key = forms.ChoiceField(required=False)
    account_name = forms.CharField(required=False, max_length=100)

    def __init__(self, data, accounts: Iterable[Account]):
        super().__init__(data)
        self.fields["account_key"].choices = [(account.key, str(account)) for account in accounts]

    def clean(self):
        values = super().clean()
        if not self.errors and not values["account_key"] and not values["account_name"]:
            self.add_error("account_name", _("Choose an account, or write the name of a new one."))
        return values


class AnswerForm(forms.Form):
    """The answers to what a file leaves open, one field a question."""

    def __init__(self, data, questions: list[dict]):
        super().__init__(data)
        for question in questions:
            values = [(choice["value"], choice["value"]) for choice in question["choices"]]
            missing = {"required": _("Choose one of the answers.")}
            self.fields[question["key"]] = forms.ChoiceField(choices=values, error_messages=missing)


def by_id(categories: Iterable[Category]) -> dict[str, Category]:
    return {str(category.pk): category for category in categories}
