"""The accounts of a ledger: add, change, delete."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from expenses.accounts import delete_account, random_key
from expenses.forms import AccountForm
from expenses.models import Account
from ledgers.access import ledger_page


@ledger_page
@require_http_methods(["GET", "HEAD", "POST"])
def account_list(request, ledger):
    """All accounts; posting adds one."""
    form = None
    if request.method == "POST":
        form = AccountForm(request.POST, instance=Account(ledger=ledger, key=random_key()), prefix="new")
        if form.is_saved():
            messages.success(request, _("Account “%(name)s” added.") % {"name": form.instance.name})
            return redirect("accounts", ledger.pk)
    return _page(request, ledger, new=form)


@ledger_page
@require_POST
def account_edit(request, ledger, pk):
    """Change the name, the currency or the last digits of one account."""
    account = _locked(ledger, pk)
    form = AccountForm(request.POST, instance=account, prefix=f"account-{pk}")
    if form.is_saved():
        messages.success(request, _("Account “%(name)s” saved.") % {"name": account.name})
        return redirect("accounts", ledger.pk)
    return _page(request, ledger, edited=form)


@ledger_page
@require_POST
def account_delete(request, ledger, pk):
    """Delete an account that no expense was imported from."""
    account = _locked(ledger, pk)
    try:
        delete_account(account)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Account “%(name)s” deleted.") % {"name": account.name})
    return redirect("accounts", ledger.pk)


def _locked(ledger, pk) -> Account:
    account = Account.objects.in_ledger(ledger).select_for_update().filter(pk=pk).first()
    if account is None:
        raise Http404(_("No such account."))
    return account


def _page(request, ledger, new=None, edited=None):
    accounts = list(Account.objects.in_ledger(ledger).with_use())
    forms = [
        edited
        if edited and edited.instance.pk == account.pk
        else AccountForm(instance=account, prefix=f"account-{account.pk}")
        for account in accounts
    ]
    context = {
        "ledger": ledger,
        "rows": list(zip(accounts, forms, strict=True)),
        "new": new or AccountForm(prefix="new", initial={"currency": ledger.currency}),
    }
    return render(request, "expenses/accounts.html", context, status=422 if new or edited else 200)
