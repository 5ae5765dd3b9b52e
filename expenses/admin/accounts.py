"""Accounts in the admin."""

from django import forms
from django.contrib import admin

from expenses.accounts import USED_MESSAGE, random_key
from expenses.admin.of_ledger import NamedForm, OfLedgerAdmin
from expenses.models import Account
from ledgers.admin import LedgersOfReaderFilter


class AccountForm(NamedForm):
    """An account; its ledger is chosen when it is added and stays."""

    class Meta:
        widgets = dict.fromkeys(["currency", "digits"], forms.TextInput(attrs={"size": 4}))

    def clean_currency(self):
        return self.cleaned_data["currency"].upper()

    def now(self):
        account = self.instance
        return [account.name, account.currency or "–", account.digits or "–"]


@admin.register(Account)
class AccountAdmin(OfLedgerAdmin):
    """One that expenses were imported from is not deleted."""

    form = AccountForm
    list_display = ["name", "ledger", "currency", "digits"]
    list_filter = [("ledger", LedgersOfReaderFilter), "currency"]
    search_fields = ["name", "digits"]
    ordering = ["ledger", "name", "id"]
    fields = ["ledger", "name", "currency", "digits", "version"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.key = random_key()
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs, request):
        texts, counts, lacking, kept = super().get_deleted_objects(objs, request)
        accounts = Account.objects.filter(pk__in=[each.pk for each in objs]).with_use()
        kept += [USED_MESSAGE % {"name": account.name} for account in accounts if account.used]
        return texts, counts, lacking, kept
