"""One row of a favourite, as a person fills it in."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from expenses.models import ARCHIVED_MESSAGE, Category, Favourite
from expenses.row_form import CategoryField, NotesField
from ledgers.fields import AmountField
from ledgers.forms import VersionedForm
from ledgers.money import write


class FavouriteForm(VersionedForm):
    """``categories`` are all of the ledger; those that are not archived are offered."""

    amount = AmountField(
        label=gettext_lazy("Amount"),
        required=False,
        help_text=gettext_lazy("Leave it empty to be asked each time."),
        widget=forms.TextInput({"inputmode": "decimal", "size": 10}),
    )
    category = CategoryField(
        label=gettext_lazy("Category"),
        error_messages={"required": gettext_lazy("Choose a category.")},
        widget=forms.Select,
    )
    notes = NotesField(label=gettext_lazy("Notes"), required=False)

    class Meta:
        model = Favourite
        fields = ["name", "amount", "category", "payee", "notes"]

    def __init__(self, *args, categories: Iterable[Category], **kwargs):
        super().__init__(*args, **kwargs)
        known = {str(category.pk): category for category in categories}
        mine = str(self.instance.category_id)
        offered = [(pk, each.name) for pk, each in known.items() if not each.archived or pk == mine]
        self.fields["amount"].decimals = self.instance.ledger.decimals
        self.fields["category"].categories = known
        self.fields["category"].widget.choices = [("", pgettext_lazy("category", "Choose …")), *offered]
        self.initial["notes"] = self.instance.notes_with_tags

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_category(self) -> Category:
        category = self.cleaned_data["category"]
        if category.archived and category.pk != self.initial.get("category"):
            raise forms.ValidationError(ARCHIVED_MESSAGE, "archived")
        return category

    def clean_notes(self) -> str:
        notes, self.instance.tags = self.cleaned_data["notes"]
        return notes

    def now(self):
        favourite = self.instance
        amount = favourite.amount and write(favourite.amount, favourite.ledger.decimals, grouped=True)
        said = (favourite.name, amount, favourite.category.name, favourite.payee, favourite.notes_with_tags)
        return " · ".join(filter(None, said))
