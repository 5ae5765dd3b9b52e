"""The admin site: Django's own, whose sign-in is the guarded one of the pages."""

from dataclasses import replace
from functools import wraps

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from database.acting import become, current, operator
from users import security_log

LONGEST_SEARCH, MOST_WORDS = 200, 10


# Only shown, never sent: the form behind it takes passwords without counting them or asking for a second step.
@method_decorator([secure_admin_login, require_safe], name="login")
class AdminSite(admin.AdminSite):
    """Django's admin, where people sign in and change their passwords on our own pages."""

    site_title = site_header = _("Expense tracker")
    index_title = _("Administration")
    enable_nav_sidebar = False  # wide tables need the room

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def admin_view(self, view, cacheable=False):
        return super().admin_view(_in_every_ledger(_searching_for_little(view)), cacheable)


def _in_every_ledger(view):
    """A superuser works in every ledger here, and only here; each request is on record. Staff stay who they are."""

    @wraps(view)
    def page(request, *args, **kwargs):
        how = {"via": "admin", "act": request.resolver_match.view_name}
        become(replace(current(), **how))
        if request.user.is_superuser:
            security_log.record("operator", request, view=request.resolver_match.view_name)
            become(operator("admin", user_id=request.user.pk, **how))
        return view(request, *args, **kwargs)

    return page


def _searching_for_little(view):
    """Refuse a search for more than anybody types: every word of it is looked for in every field."""

    @wraps(view)
    def page(request, *args, **kwargs):
        for name in (SEARCH_VAR, "term"):
            sought = request.GET.get(name, "")
            if len(sought) > LONGEST_SEARCH or len(sought.split()) > MOST_WORDS:
                raise BadRequest("searching for too much")
        return view(request, *args, **kwargs)

    return page
