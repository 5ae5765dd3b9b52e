"""A person's own pages, beside the sign-in pages of allauth."""

from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from users.adapter import SESSION_KEY
from users.forms import PreferencesForm
from users.models import Invitation, User


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request):
    """Name, time zone and language."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with override(user.language):
            messages.success(request, _("Preferences saved."))
        return redirect("preferences")
    context = {"form": form, "time_zones": sorted(available_timezones())}
    return render(request, "users/preferences.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def close_tour(request):
    """The steps of the first day are not shown again; back to the page they were on."""
    User.objects.filter(pk=request.user.pk).update(toured_at=timezone.now())
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "home")


@require_safe
def accept_invitation(request, token):
    """Opens the sign-up page to whoever has the link."""
    if Invitation.from_token(token) is None:
        messages.error(request, _("This invitation was used already, or it is older than two weeks."))
        return redirect("account_login")
    request.session[SESSION_KEY] = token
    return redirect("account_signup")
