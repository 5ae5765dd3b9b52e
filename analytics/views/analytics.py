"""The analytics page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ledgers.access import ledger_page


@ledger_page
@require_safe
def analytics(request, ledger):
    """Where the money went over a range of dates."""
    return render(request, "analytics/analytics.html", {"ledger": ledger})
