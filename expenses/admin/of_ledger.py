"""Rows of a ledger in the admin: the ledger is chosen when one is added, and stays."""

from itertools import groupby

from django.contrib import admin
from django.db.models import Q
from django.utils.text import capfirst

from expenses.admin.adding import AddedOnce
from expenses.admin.versions import FetchedChoiceField, VersionedAdmin, VersionedForm
from expenses.models import Category
from ledgers.admin import LedgerScopedAdmin, ledgers_with


class OfLedgerForm(VersionedForm):
    """A row of one of the ``ledgers``, which its admin fetched."""

    ledger = FetchedChoiceField(label=capfirst(Category._meta.get_field("ledger").verbose_name))
    ledgers = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "ledger" in self.fields:
            self.fields["ledger"].offer(self.ledgers)

    def clean(self):
        if self.cleaned_data.get("ledger"):
            self.instance.ledger = self.cleaned_data["ledger"]
        return super().clean()


class NamedForm(OfLedgerForm):
    """A row with a name that nothing else of its kind has in its ledger."""

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


def offer_categories(form: VersionedForm, name: str = "category", **which):
    """Let this field of the form offer categories of the form's ``ledgers``, archived ones only where chosen."""
    offered = Q(archived=False) | Q(pk=getattr(form.instance, f"{name}_id"))
    categories = Category.objects.filter(offered, ledger__in=form.ledgers, **which).select_related("ledger")
    categories = list(categories.order_by("ledger__name", "ledger", "position", "pk"))
    groups = [
        (ledger.name, [(str(category.pk), category.name) for category in group])
        for ledger, group in groupby(categories, key=lambda category: category.ledger)
    ]
    form.fields[name].offer(categories, groups if len(groups) > 1 else None)


class OfLedgerAdmin(AddedOnce, VersionedAdmin, LedgerScopedAdmin):
    """Beneath the admins whose form is an ``OfLedgerForm``."""

    list_select_related = ["ledger"]
    show_facets = admin.ShowFacets.ALWAYS

    def get_readonly_fields(self, request, obj=None):
        return ["ledger"] if obj else []

    def get_fields(self, request, obj=None):
        shown = obj and self.has_change_permission(request, obj)
        return self.fields if shown else [name for name in self.fields if name != "version"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.ledgers = [obj.ledger] if obj else list(ledgers_with(request, self.writing))
        return form
