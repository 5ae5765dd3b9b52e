"""What a person says shall become of the expenses they have chosen."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from expenses.bulk import LONGEST_SHIFT, Edit
from expenses.filters import ISODateField
from expenses.models import Category, Expense, ExpenseQuerySet, arranged
from expenses.reorganising_forms import indented
from expenses.row_form import LONGEST_TAGS, CategoryField
from expenses.tags import parse_tags


class TagsField(forms.CharField):
    """Some tags in one line; cleans to a list of them."""

    widget = forms.TextInput(attrs={"list": "tags-used", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(max_length=LONGEST_TAGS, **kwargs)

    def clean(self, value) -> list[str]:
        return parse_tags(super().clean(value))


class EditForm(forms.Form):
    """What is left empty stays as it is. ``edit`` is what was asked for, once the form is valid."""

    CHANGE, DELETE = "change", "delete"

    do = forms.ChoiceField(choices=[(CHANGE, ""), (DELETE, "")], widget=forms.HiddenInput)
    category = CategoryField(label=gettext_lazy("Category"), required=False, widget=forms.Select)
    payee = Expense._meta.get_field("payee").formfield(label=gettext_lazy("Paid to"))
    add_tags = TagsField(label=gettext_lazy("Add tags"), required=False)
    remove_tags = TagsField(label=gettext_lazy("Remove tags"), required=False)
    date = ISODateField(label=gettext_lazy("Set the date"), required=False)
    shift_days = forms.IntegerField(
        label=gettext_lazy("Or move by days"),
        required=False,
        min_value=-LONGEST_SHIFT,
        max_value=LONGEST_SHIFT,
        help_text=gettext_lazy("Later if positive, earlier if negative."),
    )

    def __init__(self, data=None, *, categories: list[Category], rows: ExpenseQuerySet | None = None):
        super().__init__(data, auto_id="edit_%s")
        self.rows, self.edit = rows, None
        offered = arranged(category for category in categories if not category.archived)
        self.fields["category"].categories = {str(each.pk): each for each in offered}
        self.fields["category"].widget.choices = [("", "–"), *((each.pk, indented(each)) for each in offered)]

    def clean(self):
        values = super().clean()
        if not self.errors:
            edit = self._asked(values)
            try:
                edit.check(self.rows)
            except ValidationError as error:
                self.add_error(None, error)
            else:
                self.edit = edit
        return values

    def _asked(self, values: dict) -> Edit:
        if values["do"] == self.DELETE:
            return Edit(delete=True)
        return Edit(
            category=values["category"],
            payee=values["payee"] or None,
            date=values["date"],
            shift_days=values["shift_days"] or 0,
            add_tags=values["add_tags"],
            remove_tags=values["remove_tags"],
        )
