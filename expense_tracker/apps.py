"""The front door as a Django app, and the admin site it uses."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.translation import gettext_lazy as _

from expense_tracker.translations import ensure_catalogs


class ExpenseTrackerConfig(AppConfig):
    name = "expense_tracker"
    verbose_name = _("Expense tracker")

    def __init__(self, *args):
        super().__init__(*args)
        # Whatever starts Django comes by here, and it translates nothing before all apps are known. By ready()
        # it would be too late: the models have asked for messages by then.
        ensure_catalogs()


class AdminConfig(DjangoAdminConfig):
    default_site = "expense_tracker.admin.AdminSite"
