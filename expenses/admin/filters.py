"""What the lists can be filtered by: only what this person sees."""

from django.contrib import admin

from expenses.models import Category
from ledgers.admin import LedgersOfReaderFilter, ledgers_with

LEDGER_CHOSEN = "ledger__id__exact"


class CategoriesOfReaderFilter(admin.RelatedFieldListFilter):
    """Offers the categories of the ledger chosen, or of all ledgers this person sees, named with the ledger."""

    def field_choices(self, field, request, model_admin):
        ledgers = ledgers_with(request, model_admin.reading)
        chosen = request.GET.get(LEDGER_CHOSEN, "")
        if chosen.isdecimal():
            ledgers = ledgers.filter(pk=chosen)
        categories = Category.objects.filter(ledger__in=ledgers).select_related("ledger")
        categories = list(categories.order_by("ledger__name", "ledger", "position", "pk"))
        one = len({category.ledger_id for category in categories}) < 2
        names = [(each.pk, each.name if one else f"{each.name} – {each.ledger}") for each in categories]
        return names[: LedgersOfReaderFilter.MOST]
