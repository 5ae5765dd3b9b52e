"""The page one lands on."""

from django.shortcuts import render

from ledgers.access import ledger_page


@ledger_page
def overview(request, ledger):
    """This month at a glance."""
    return render(request, "analytics/overview.html", {"ledger": ledger})
