"""The admin site: Django's own, whose sign-in is the guarded one of the pages."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


@method_decorator(secure_admin_login, name="login")
class AdminSite(admin.AdminSite):
    site_title = site_header = _("Expense tracker")
    index_title = _("Administration")
    enable_nav_sidebar = False  # wide tables need the room
