"""Navigation between ledgers."""

from django import template
from django.urls import reverse

register = template.Library()

PAGES = {"overview", "today", "expenses", "day", "analytics", "categories", "accounts", "history"}
EDITORS_PAGES, OWNERS_PAGES = {"imports"}, {"ledger_settings"}
FOREIGN_PARAMETERS = ("category", "without", "who", "after", "cursor")


@register.simple_tag(takes_context=True)
def same_page_in(context, ledger) -> str:
    """The address of the page one is on, in another ledger; filters that name its categories are left behind."""
    request = context["request"]
    match = request.resolver_match
    pages = (
        PAGES | (EDITORS_PAGES if ledger.may_edit else set()) | (OWNERS_PAGES if ledger.may_manage else set())
    )
    if not match or match.url_name not in pages:
        return reverse("overview", args=[ledger.pk])
    url = reverse(match.url_name, kwargs=match.kwargs | {"ledger_id": ledger.pk})
    query = request.GET.copy()
    for name in FOREIGN_PARAMETERS:
        query.pop(name, None)
    return f"{url}?{query.urlencode()}" if query else url
