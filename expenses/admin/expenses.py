"""Expenses in the admin: the editable list, the form of one, and the actions on many."""

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from expenses.admin.actions import BulkActions
from expenses.admin.adding import AddedOnce
from expenses.admin.filters import CategoriesOfReaderFilter
from expenses.admin.of_ledger import offer_categories
from expenses.admin.rows import ExpenseRowForm, ExpenseRowFormSet, VersionedExpenseForm
from expenses.admin.tags import TagOfReaderFilter, TagsField
from expenses.admin.versions import FetchedChoiceField, VersionedAdmin
from expenses.models import Expense
from expenses.months import MonthsField
from ledgers.admin import LedgerScopedAdmin, LedgersOfReaderFilter, ledgers_with
from ledgers.money import write


class ExpenseForm(VersionedExpenseForm):
    """One expense; its ledger is chosen when it is added and stays. Categories are those of its ledger."""

    ledger = FetchedChoiceField(label=capfirst(Expense._meta.get_field("ledger").verbose_name))
    ledgers = ()
    spread_months = MonthsField(
        label=capfirst(Expense._meta.get_field("spread_months").verbose_name),
        required=False,
        help_text=Expense._meta.get_field("spread_months").help_text,
        widget=forms.TextInput(attrs={"size": 4, "inputmode": "numeric", "autocomplete": "off"}),
    )
    tags = TagsField()
    receipt = Expense._meta.get_field("receipt").formfield(
        help_text=_("Expenses of one receipt are parts of one payment."),
        widget=forms.TextInput(attrs={"size": 40, "autocomplete": "off"}),
    )

    class Meta:
        widgets = {"notes": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_categories(self)
        ledger = self.instance.ledger if self.instance.pk else None
        if "ledger" in self.fields:
            self.fields["ledger"].offer(self.ledgers)
            ledger = self.fields["ledger"].rows.get(self["ledger"].value())
        if ledger:
            self.fields["amount"].decimals = ledger.decimals

    def clean(self):
        if self.cleaned_data.get("ledger"):
            self.instance.ledger = self.cleaned_data["ledger"]
        return super().clean()


class ExpenseList(ChangeList):
    """The list as Django makes it, which fails at the end of the year 9999."""

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error


@admin.register(Expense)
class ExpenseAdmin(AddedOnce, VersionedAdmin, BulkActions, LedgerScopedAdmin):
    form = ExpenseForm
    list_display = [
        "id",
        "date",
        "amount",
        "currency",
        "category",
        "payee",
        "notes",
        "written_tags",
        "spread",
        "ledger",
        "version",
    ]
    list_editable = ["date", "amount", "category", "notes"]
    list_filter = [
        ("ledger", LedgersOfReaderFilter),
        ("category", CategoriesOfReaderFilter),
        TagOfReaderFilter,
        "date",
    ]
    list_select_related = ["ledger", "category"]
    list_per_page = 100
    search_fields = ["payee", "notes"]
    date_hierarchy = "date"
    show_facets = admin.ShowFacets.ALWAYS
    actions = ["set_category", "change_date", "delete_selected"]
    fields = ["ledger", "date", "amount", "category", "payee", "notes", "tags", "spread_months", "receipt"]

    @admin.display(description=_("currency"), ordering="ledger__currency")
    def currency(self, expense):
        return expense.ledger.currency

    @admin.display(description=_("tags"))
    def written_tags(self, expense):
        return " ".join(f"#{tag}" for tag in expense.tags)

    @admin.display(description=_("spread over months"), ordering="spread_months", empty_value="")
    def spread(self, expense):
        return expense.spread_months if expense.spread_months > 1 else None

    @admin.display(description=_("amount"), ordering="amount")
    def written_amount(self, expense):
        return write(expense.amount, expense.ledger.decimals, grouped=True)

    def get_list_display(self, request):
        if self.has_change_permission(request):
            return self.list_display
        read = {"amount": "written_amount"}
        return [read.get(name, name) for name in self.list_display if name != "version"]

    def get_changelist(self, request, **kwargs):
        return ExpenseList

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=ExpenseRowForm, **kwargs)

    def get_changelist_formset(self, request, **kwargs):
        bounds = {"max_num": self.list_max_show_all, "absolute_max": self.list_max_show_all}
        formset = super().get_changelist_formset(request, formset=ExpenseRowFormSet, **bounds, **kwargs)
        formset.may_edit = staticmethod(lambda expense: self.may_write(request, expense))
        formset.refusal = getattr(request, "refusal", None)
        return formset

    def changelist_view(self, request, extra_context=None):
        response = self.explained(request, super().changelist_view, extra_context)
        changelist = (getattr(response, "context_data", None) or {}).get("cl")
        if changelist and changelist.formset and changelist.formset.is_bound:
            # Django would put the forms beside whatever the filter finds now, in whatever order.
            changelist.formset.keep_present()
            changelist.result_list = [form.instance for form in changelist.formset.forms]
        return response

    def get_readonly_fields(self, request, obj=None):
        return ["ledger", "created_by", "created_at", "updated_at"] if obj else []

    def get_fields(self, request, obj=None):
        if not obj:
            return self.fields
        if self.has_change_permission(request, obj):
            return [*self.fields, "created_by", "created_at", "updated_at", "version"]
        read = {"amount": "written_amount"}
        return [*(read.get(name, name) for name in self.fields), "created_by", "created_at", "updated_at"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.ledgers = [obj.ledger] if obj else list(ledgers_with(request, self.writing))
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)
