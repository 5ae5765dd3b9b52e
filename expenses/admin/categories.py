"""Categories in the admin."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _

from expenses.admin.of_ledger import NamedForm, OfLedgerAdmin
from expenses.models import Category
from ledgers.admin import LedgersOfReaderFilter


class CategoryForm(NamedForm):
    """A category; its ledger is chosen when it is added and stays."""

    class Meta:
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def now(self):
        category = self.instance
        archived = [_("archived")] if category.archived else []
        return [category.name, category.colour, str(category.position), *archived]


@admin.register(Category)
class CategoryAdmin(OfLedgerAdmin):
    form = CategoryForm
    list_display = ["name", "ledger", "colour", "position", "archived"]
    list_filter = [("ledger", LedgersOfReaderFilter), "archived"]
    search_fields = ["name"]
    ordering = ["ledger", "position", "id"]
    fields = ["ledger", "name", "colour", "position", "archived", "version"]
