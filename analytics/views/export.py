"""Figures as a file."""

from django.http import Http404
from django.views.decorators.http import require_safe

from ledgers.access import ledger_page


@ledger_page
@require_safe
def export_analytics(request, ledger, extension):
    """The table of the analytics page."""
    raise Http404
