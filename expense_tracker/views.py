"""The front door: where a visit starts, whether the service is well, and what is said when something fails."""

import sys

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found
from psycopg import errors

from ledgers.models import Ledger
from users.models import User

BUSY = (errors.DeadlockDetected, errors.LockNotAvailable, errors.QueryCanceled)


@require_safe
def home(request):
    """Leads a visitor to sign in (to sign up where nobody has yet), and everybody else to their ledger's day."""
    if not request.user.is_authenticated:
        return redirect("account_login" if User.objects.exists() else "account_signup")
    # The one joined first: nobody can lead people elsewhere by sharing a ledger with them.
    ledger = Ledger.objects.for_user(request.user).order_by("memberships__id").first()
    return redirect("today", ledger.pk) if ledger else redirect("ledger_new")


@require_safe
@never_cache
@transaction.non_atomic_requests
def healthz(request):
    """200 while the database answers, 503 while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "away"}, status=503, headers={"Retry-After": "5"})
    return JsonResponse({"database": "ok"})


@requires_csrf_token
def not_found(request, exception):
    """Django's handler of missing pages; JSON in the API."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": _("There is nothing here.")}, status=404)
    return page_not_found(request, exception)


@requires_csrf_token
def server_error(request):
    """Django's handler of uncaught errors: 503 while the database is away or busy, else 500; JSON in the API."""
    status, message = _explained(sys.exc_info()[1])
    headers = {"Retry-After": "5"} if status == 503 else {}
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": message}, status=status, headers=headers)
    page = render_to_string("error.html", {"message": message, "status": status})
    return HttpResponse(page, status=status, headers=headers)


def _explained(error: BaseException) -> tuple[int, str]:
    """The status and the sentence for an error that nobody caught."""
    if isinstance(error.__cause__, BUSY):
        return 503, _("Somebody else is changing the same. Nothing was saved. Try again in a few seconds.")
    if isinstance(error, OperationalError | InterfaceError):
        return 503, _("The database is away. Nothing was saved. Try again in a few seconds.")
    return 500, _("Something went wrong on our side. Nothing was saved.")
