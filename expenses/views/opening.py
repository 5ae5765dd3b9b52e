"""Opening one more ledger."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from expenses.opening import open_ledger
from ledgers.forms import NewLedgerForm
from ledgers.models import Ledger


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_new(request):
    """A new ledger of one's own, with the starter categories."""
    form = NewLedgerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ledger = open_ledger(owner=request.user, **form.cleaned_data)
        messages.success(request, _("Ledger “%(name)s” is open.") % {"name": ledger.name})
        return redirect("today", ledger.pk)
    request.ledgers = list(Ledger.objects.for_user(request.user))
    return render(request, "ledgers/new.html", {"form": form}, status=422 if form.errors else 200)
