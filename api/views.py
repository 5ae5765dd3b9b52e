"""A person's own tokens."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from api.forms import TokenForm
from api.models import Token
from ledgers.models import Ledger
from users import security_log


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def tokens(request):
    """The list, and making one more, for which one proves oneself. Nothing but the answer to that shows a secret."""
    form = TokenForm(request.POST if request.method == "POST" else None, user=request.user)
    made = secret = None
    if form.is_valid():
        made, secret = form.save()
        facts = {
            "token": made.pk,
            "ledger": made.only_ledger_id,
            "may": "write" if made.can_write else "read",
        }
        security_log.record("token_made", request, **facts)
        form = TokenForm(user=request.user)
    request.ledgers = list(Ledger.objects.for_user(request.user))
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "rows": _with_ledgers(request),
        "example": request.build_absolute_uri(reverse("ledger-list")),
    }
    return render(request, "api/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def token_revoke(request, pk):
    """The token opens nothing any more."""
    token = get_object_or_404(Token, pk=pk, user=request.user)
    security_log.record("token_revoked", request, token=token.pk)
    token.delete()
    messages.success(request, _("Token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("tokens")


def _with_ledgers(request) -> list[tuple[Token, str]]:
    """The person's tokens, each with the name of its ledger: empty for all, and for one they have left a dash."""
    names = {ledger.pk: ledger.name for ledger in request.ledgers}
    return [
        (token, token.only_ledger_id and names.get(token.only_ledger_id, "–"))
        for token in request.user.auth_token_set.all()
    ]
