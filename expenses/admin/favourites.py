"""Favourites in the admin."""

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from expenses.admin.filters import CategoriesOfReaderFilter
from expenses.admin.of_ledger import NamedForm, OfLedgerAdmin, offer_categories
from expenses.admin.rows import NO_SUCH_CATEGORY
from expenses.admin.tags import TagsField
from expenses.admin.versions import FetchedChoiceField
from expenses.models import Favourite
from ledgers.admin import LedgersOfReaderFilter
from ledgers.fields import AmountField
from ledgers.money import write


class FavouriteForm(NamedForm):
    """One row of a favourite; its ledger is chosen when it is added and stays. Categories are those of its ledger."""

    amount = AmountField(
        label=capfirst(Favourite._meta.get_field("amount").verbose_name),
        required=False,
        validators=Favourite._meta.get_field("amount").validators,
        widget=forms.TextInput(attrs={"size": 10, "autocomplete": "off"}),
    )
    category = FetchedChoiceField(
        label=capfirst(Favourite._meta.get_field("category").verbose_name), error_messages=NO_SUCH_CATEGORY
    )
    tags = TagsField()

    class Meta:
        widgets = {"notes": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_categories(self)
        ledger = self.instance.ledger if self.instance.pk else None
        if "ledger" in self.fields:
            ledger = self.fields["ledger"].rows.get(self["ledger"].value())
        if ledger:
            self.fields["amount"].decimals = ledger.decimals

    def now(self):
        favourite, ledger = self.instance, self.instance.ledger
        amount = "–" if favourite.amount is None else write(favourite.amount, ledger.decimals, grouped=True)
        words = [favourite.payee or "–", favourite.notes_with_tags or _("no notes")]
        return [favourite.name, str(favourite.position), amount, favourite.category.name, *words]


@admin.register(Favourite)
class FavouriteAdmin(OfLedgerAdmin):
    """Rows of one name are put in together."""

    form = FavouriteForm
    list_display = ["name", "ledger", "position", "written_amount", "category", "payee", "notes_with_tags"]
    list_filter = [("ledger", LedgersOfReaderFilter), ("category", CategoriesOfReaderFilter)]
    list_select_related = ["ledger", "category"]
    search_fields = ["name", "payee", "notes"]
    ordering = ["ledger", "position", "id"]
    fields = ["ledger", "name", "position", "amount", "category", "payee", "notes", "tags", "version"]

    @admin.display(description=Favourite._meta.get_field("amount").verbose_name, ordering="amount")
    def written_amount(self, favourite):
        if favourite.amount is None:
            return None
        return write(favourite.amount, favourite.ledger.decimals, grouped=True)

    @admin.display(description=Favourite._meta.get_field("notes").verbose_name, ordering="notes")
    def notes_with_tags(self, favourite):
        return favourite.notes_with_tags
