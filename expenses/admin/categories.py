"""Categories in the admin."""

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from expenses.admin.adding import AddedOnce
from expenses.admin.versions import FetchedChoiceField, VersionedAdmin, VersionedForm
from expenses.models import Category
from ledgers.admin import LedgerScopedAdmin, LedgersOfReaderFilter, ledgers_with


class CategoryForm(VersionedForm):
    """A category; its ledger is chosen when it is added and stays."""

    ledger = FetchedChoiceField(label=capfirst(Category._meta.get_field("ledger").verbose_name))
    ledgers = ()

    class Meta:
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "ledger" in self.fields:
            self.fields["ledger"].offer(self.ledgers)

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean(self):
        if self.cleaned_data.get("ledger"):
            self.instance.ledger = self.cleaned_data["ledger"]
        return super().clean()

    def now(self):
        category = self.instance
        archived = [_("archived")] if category.archived else []
        return [category.name, category.colour, str(category.position), *archived]


@admin.register(Category)
class CategoryAdmin(AddedOnce, VersionedAdmin, LedgerScopedAdmin):
    form = CategoryForm
    list_display = ["name", "ledger", "colour", "position", "archived"]
    list_filter = [("ledger", LedgersOfReaderFilter), "archived"]
    list_select_related = ["ledger"]
    search_fields = ["name"]
    ordering = ["ledger", "position", "id"]
    show_facets = admin.ShowFacets.ALWAYS
    fields = ["ledger", "name", "colour", "position", "archived", "version"]

    def get_readonly_fields(self, request, obj=None):
        return ["ledger"] if obj else []

    def get_fields(self, request, obj=None):
        shown = obj and self.has_change_permission(request, obj)
        return self.fields if shown else [name for name in self.fields if name != "version"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.ledgers = () if obj else list(ledgers_with(request, self.writing))
        return form
