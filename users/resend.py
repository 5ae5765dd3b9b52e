"""A form that could not be taken is given back, so that nothing typed is lost.

It happens when the session ended meanwhile, when somebody signed in anew in another tab, or when the database
was busy or away.
"""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as django_csrf_failure
from django_htmx.http import HttpResponseClientRedirect

OURS = "/ledgers/"  # forms that hold no password


def sign_in_first(request):
    """Leads a visitor to the sign-in page; a form that they sent waits in the answer until they are back."""
    if request.htmx:
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    if request.method == "POST":
        return _given_back(
            request, _("You are not signed in any more. Sign in in another tab, then send this again.")
        )
    return redirect_to_login(request.get_full_path())


def csrf_failure(request, reason=""):
    """Django's answer to a form that cannot be trusted, except where it is surely one of our own pages."""
    if request.path.startswith(OURS) and _from_here(request):
        return _given_back(request, _("You were signed in anew since this page was opened. Send it again."))
    response = django_csrf_failure(request, reason)
    response.denied_for = "csrf"  # for the security log
    return response


def form_to_give_back(request) -> list[tuple[str, str]]:
    """The fields of a form that surely comes from one of our own pages; none otherwise, or if it had files."""
    try:
        ours = request.method == "POST" and request.path.startswith(OURS) and _from_here(request)
        return _fields(request) if ours and not request.FILES else []
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []


def _given_back(request, message):
    context = {"message": message, "fields": _fields(request)}
    return render(request, "users/resend.html", context, status=403)


def _fields(request) -> list[tuple[str, str]]:
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [field for field in fields if field[0] != "csrfmiddlewaretoken"]


def _from_here(request) -> bool:
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
