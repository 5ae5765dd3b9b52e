"""A form that could not be taken is given back, so that nothing typed is lost.

It happens when the session ended meanwhile, or when somebody signed in anew in another tab.
"""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
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
    return django_csrf_failure(request, reason)


def _given_back(request, message):
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [field for field in fields if field[0] != "csrfmiddlewaretoken"]
    return render(request, "users/resend.html", {"message": message, "fields": fields}, status=403)


def _from_here(request) -> bool:
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
