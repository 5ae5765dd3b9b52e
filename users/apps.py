from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    name = "users"
    verbose_name = _("People")

    def ready(self):
        # Imports models, which are not known before.
        from users import security_events

        security_events.connect()
