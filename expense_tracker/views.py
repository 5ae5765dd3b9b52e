"""The front door: where a visit starts, whether the service is well, and what is said when something fails."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import Error, connection, transaction
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from database.errors import RETRY_AFTER, UNKNOWN, Answer, answer_to
from ledgers.access import SAFE_METHODS
from ledgers.models import Ledger
from users.models import User
from users.resend import form_to_give_back

WRONG = gettext_lazy("Something went wrong on our side. Nothing was saved.")
DONE = gettext_lazy(
    "This was carried out, but the answer could not be shown. Do not send it again: look first."
)


@require_safe
def home(request):
    """Leads a visitor to sign in (to sign up where nobody has yet), and everybody else to their ledger's overview."""
    if not request.user.is_authenticated:
        return redirect("account_login" if User.objects.exists() else "account_signup")
    # The one joined first: nobody can lead people elsewhere by sharing a ledger with them.
    ledger = Ledger.objects.for_user(request.user).order_by("memberships__id").first()
    return redirect("overview", ledger.pk) if ledger else redirect("ledger_new")


@require_safe
@never_cache
@transaction.non_atomic_requests
def healthz(request):
    """200 while the database answers, 503 while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"database": "away"}, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return JsonResponse({"database": "ok"})


@requires_csrf_token
def bad_request(request, exception):
    """Django's handler of requests that make no sense: 413 for one that is too large; JSON in the API."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if _wants_json(request):
        return JsonResponse({"detail": _("This request cannot be understood.")}, status=400)
    # Without the request, since whatever is wrong with it would be wrong once more where the page looks at it.
    return HttpResponse(render_to_string("400.html"), status=400)


def too_large(request):
    """Refuses a request that nobody reads to its end; JSON in the API."""
    if _wants_json(request):
        return JsonResponse({"detail": _("The request is too large.")}, status=413)
    return _page(request, Answer(413, _("This is more than can be sent at once. Nothing was saved.")))


@requires_csrf_token
def not_found(request, exception):
    """Django's handler of missing pages; JSON in the API."""
    if _wants_json(request):
        return JsonResponse({"detail": _("There is nothing here.")}, status=404)
    return page_not_found(request, exception)


@requires_csrf_token
def server_error(request):
    """Django's handler of uncaught errors: what the database refused, and 500 for mistakes of ours; JSON in the API.

    Asks nothing of the database, which may be away. A form of a ledger's page is given back to be sent again.
    """
    only_read = request.method in SAFE_METHODS
    is_repeatable = getattr(request, "is_repeatable", False)
    answer = answer_to(sys.exc_info()[1], only_read, is_repeatable) or Answer(500, WRONG)
    if getattr(request, "is_carried_out", False) and not only_read:
        answer = Answer(answer.status, DONE)
    response = (
        JsonResponse(answer.as_json, status=answer.status) if _wants_json(request) else _page(request, answer)
    )
    if answer.retry_after:
        response["Retry-After"] = str(answer.retry_after)
    return response


def _page(request, answer: Answer) -> HttpResponse:
    """A page that needs neither the person nor the database."""
    unsure = answer.message in (UNKNOWN, DONE)
    fields = [] if answer.message == DONE or answer.status == 413 else form_to_give_back(request)
    context = {"unsure": unsure, **answer._asdict(), "request": request, "fields": fields}
    token = {"csrf_token": get_token(request)} if fields else {}
    return HttpResponse(render_to_string("error.html", context | token), status=answer.status)


def _wants_json(request) -> bool:
    """Whether it is a request to the API that is not a person's, who looks at it in a browser."""
    preferred = request.get_preferred_type(["application/json", "text/html"])
    return request.path.startswith("/api/") and preferred != "text/html"
