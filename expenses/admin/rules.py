"""Rules in the admin."""

from django.contrib import admin
from django.utils.text import capfirst

from expenses.admin.filters import CategoriesOfReaderFilter
from expenses.admin.of_ledger import OfLedgerAdmin, OfLedgerForm, offer_categories
from expenses.admin.rows import NO_SUCH_CATEGORY
from expenses.admin.versions import FetchedChoiceField
from expenses.models import Rule
from ledgers.admin import LedgersOfReaderFilter


class RuleForm(OfLedgerForm):
    """A rule; its ledger is chosen when it is added and stays. Categories are those of its ledger."""

    category = FetchedChoiceField(
        label=capfirst(Rule._meta.get_field("category").verbose_name),
        required=False,
        error_messages=NO_SUCH_CATEGORY,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_categories(self)

    def now(self):
        rule = self.instance
        sets = [str(rule.category or "–"), rule.payee or "–"]
        return [
            str(rule.position),
            rule.get_field_display(),
            rule.get_operator_display(),
            rule.pattern,
            *sets,
        ]


@admin.register(Rule)
class RuleAdmin(OfLedgerAdmin):
    form = RuleForm
    list_display = ["pattern", "ledger", "position", "field", "operator", "category", "payee"]
    list_filter = [("ledger", LedgersOfReaderFilter), ("category", CategoriesOfReaderFilter), "operator"]
    list_select_related = ["ledger", "category"]
    search_fields = ["pattern", "payee"]
    ordering = ["ledger", "position", "id"]
    fields = ["ledger", "position", "field", "operator", "pattern", "category", "payee", "version"]
