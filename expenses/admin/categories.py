"""Categories in the admin."""

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.admin.of_ledger import NamedForm, OfLedgerAdmin, offer_categories
from expenses.admin.versions import FetchedChoiceField
from expenses.aliases import AliasesField
from expenses.models import LEVELS_MESSAGE, Category
from ledgers.admin import LedgersOfReaderFilter


class CategoryForm(NamedForm):
    """A category; its ledger is chosen when it is added and stays. It can be part of a main category of its ledger."""

    parent = FetchedChoiceField(
        label=capfirst(Category._meta.get_field("parent").verbose_name),
        required=False,
        error_messages={"invalid_choice": LEVELS_MESSAGE},
    )
    aliases = AliasesField(
        label=capfirst(Category._meta.get_field("aliases").verbose_name),
        required=False,
        help_text=gettext_lazy("With commas between them."),
    )

    class Meta:
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_categories(self, "parent", parent=None)

    def now(self):
        category = self.instance
        archived = [_("archived")] if category.archived else []
        more = [str(category.parent)] if category.parent else []
        more += [", ".join(category.aliases)] if category.aliases else []
        return [category.name, category.colour, str(category.position), *more, *archived]


@admin.register(Category)
class CategoryAdmin(OfLedgerAdmin):
    form = CategoryForm
    list_display = ["name", "ledger", "parent", "colour", "position", "archived"]
    list_select_related = ["ledger", "parent"]
    list_filter = [("ledger", LedgersOfReaderFilter), "archived"]
    search_fields = ["name"]
    ordering = ["ledger", "position", "id"]
    fields = ["ledger", "name", "parent", "aliases", "colour", "position", "archived", "version"]
