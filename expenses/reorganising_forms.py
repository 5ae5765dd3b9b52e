"""What a person says who merges or splits a category."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.filters import ExpenseFilter
from expenses.models import Category
from expenses.reorganising import Merge, Split, can_stay_as_alias, expenses_of, new_category, targets
from expenses.row_form import CategoryField
from ledgers.models import Ledger

NO_CONDITION = gettext_lazy("Say which expenses: fill in at least one field.")


class SplitFilter(ExpenseFilter):
    """Which expenses of a category are to be moved."""

    category = without = payee = without_payee = weekday = without_tags = receipt = None

    def on_page_of(self, ledger):
        self.form.fields["text"].label = _("Paid to or notes contain")
        return super().on_page_of(ledger)

    @property
    def said(self) -> dict[str, str]:
        """What is filled in, as it was written."""
        return {name: self.data[name] for name in self.filters if self.data.get(name)}

    def rows_of(self, category: Category):
        """The expenses of the category that it lets through. Raises ValidationError if it says nothing or is wrong."""
        if not self.is_valid():
            raise ValidationError(self.form.errors.as_data())
        if not self.said:
            raise ValidationError(NO_CONDITION)
        return self.filter_queryset(expenses_of(category))


class ActForm(forms.Form):
    """Beneath the forms below. ``act`` is what was asked for, once the form is valid."""

    into = CategoryField(label=gettext_lazy("Into"), widget=forms.Select)

    def __init__(self, data=None, *, category: Category, categories: dict[int, Category], **kwargs):
        super().__init__(data, **kwargs)
        self.category, self.act = category, None
        field, offered = self.fields["into"], targets(category, categories)
        field.categories = {str(each.pk): each for each in offered}
        field.widget.choices = [("", "---------"), *((each.pk, indented(each)) for each in offered)]

    def clean(self):
        values = super().clean()
        if not self.errors:
            try:
                self.act = self.asked(values)
            except ValidationError as error:
                self.add_error(None, error)
        return values

    def asked(self, values: dict):
        """The act, which raises ValidationError if it cannot be."""
        raise NotImplementedError


class MergeForm(ActForm):
    keep_name = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        label = _("Keep “%(name)s” as another name of it") % {"name": self.category}
        self.fields["keep_name"].label = label
        if not can_stay_as_alias(self.category):
            del self.fields["keep_name"]

    def asked(self, values):
        return Merge(self.category, values["into"], values.get("keep_name", False))


class SplitForm(ActForm):
    """Where the expenses go that the ``filterset`` lets through: into a category, or a new one of this ``name``."""

    name = forms.CharField(label=gettext_lazy("Or into a new category"), max_length=100, required=False)
    as_part = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args, ledger: Ledger, filterset: SplitFilter, **kwargs):
        super().__init__(*args, **kwargs)
        self.ledger, self.filterset = ledger, filterset
        self.fields["into"].required = False
        main = self.category.parent or self.category
        self.fields["as_part"].label = _("The new one is part of “%(name)s”") % {"name": main}

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def asked(self, values):
        if bool(values["into"]) == bool(values["name"]):
            raise ValidationError({"into": _("Choose a category, or write the name of a new one.")})
        try:
            rows = self.filterset.rows_of(self.category)
        except ValidationError as error:
            if hasattr(error, "error_dict"):  # they stand at the fields of the other form
                raise ValidationError(_("Nothing was moved. See below.")) from None
            raise
        main = (self.category.parent or self.category) if values["as_part"] else None
        return Split(self.category, rows, values["into"] or new_category(self.ledger, values["name"], main))


def indented(category: Category) -> str:
    """Its name in a list where it stands beneath its main category."""
    return f"\N{EM SPACE}{category.name}" if category.parent_id else category.name
