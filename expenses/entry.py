"""One expense, written where one happens to be."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, pgettext_lazy

from database.errors import explain
from expenses.day import Row, save_day
from expenses.filters import ISODateField
from expenses.models import ARCHIVED_MESSAGE, FIRST_DATE, LAST_DATE, Category, Expense
from expenses.row_form import CategoryField, NotesField
from ledgers.fields import AmountField
from ledgers.models import Ledger


class EntryForm(forms.Form):
    """An expense of any date; ``categories`` are all of the ledger, and those that are not archived are offered."""

    date = ISODateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(
            {"type": "date", "min": str(FIRST_DATE), "max": str(LAST_DATE)}, format="%Y-%m-%d"
        ),
    )
    amount = AmountField(
        label=gettext_lazy("Amount"),
        error_messages={"required": gettext_lazy("Enter an amount.")},
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    category = CategoryField(
        label=gettext_lazy("Category"),
        error_messages={"required": gettext_lazy("Choose a category.")},
        widget=forms.Select,
    )
    payee = Expense._meta.get_field("payee").formfield()
    notes = NotesField(label=gettext_lazy("Notes"), required=False)

    def __init__(self, *args, ledger: Ledger, categories: Iterable[Category], **kwargs):
        super().__init__(*args, **kwargs)
        self.ledger = ledger
        known = {str(category.pk): category for category in categories}
        offered = [(pk, category.name) for pk, category in known.items() if not category.archived]
        amount = self.fields["amount"]
        amount.decimals = ledger.decimals
        amount.label = format_html("{} <small>{}</small>", amount.label, ledger.currency)
        self.fields["category"].categories = known
        self.fields["category"].widget.choices = [("", pgettext_lazy("category", "Choose …")), *offered]

    def clean_category(self) -> Category:
        category = self.cleaned_data["category"]
        if category.archived:
            raise ValidationError(ARCHIVED_MESSAGE, "archived")
        return category

    def is_saved(self, user) -> bool:
        """Whether it was valid and the expense is written; what PostgreSQL refuses is an error of the form."""
        if not self.is_valid():
            return False
        values = dict(self.cleaned_data)
        values["notes"], values["tags"] = values["notes"]
        try:
            save_day(self.ledger, values.pop("date"), [Row({**values, "spread_months": 1})], user)
        except IntegrityError as error:
            self.add_error(None, explain(error))
            return False
        return True
