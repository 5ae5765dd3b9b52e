"""The front door as a Django app, and the admin site it uses."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.translation import gettext_lazy as _


class ExpenseTrackerConfig(AppConfig):
    name = "expense_tracker"
    verbose_name = _("Expense tracker")


class AdminConfig(DjangoAdminConfig):
    default_site = "expense_tracker.admin.AdminSite"
