"""`manage.py create_user`: an account for a person."""

import os
from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from database.commands import DatabaseCommand
from users.accounts import make_account


class Command(DatabaseCommand):
    help = _("Make an account. The password is asked for, or taken from the environment variable PASSWORD.")

    def add_arguments(self, parser):
        parser.add_argument("username", metavar=_("USERNAME"))
        parser.add_argument("--email", default="", help=_("To sign in with, beside the name."))
        parser.add_argument(
            "--admin", action="store_true", help=_("May use the admin pages, for everything.")
        )

    def handle(self, *args, username, email, admin, **options):
        try:
            user = make_account(username, os.environ.get("PASSWORD") or _ask(), email, admin)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        made = _("Made the account “%(name)s”.") if not user.is_superuser else self._administrator(admin)
        self.stdout.write(made % {"name": user.username})

    @staticmethod
    def _administrator(asked):
        if asked:
            return _("Made the account “%(name)s”, an administrator.")
        return _("Made the account “%(name)s”, an administrator because it is the first account.")


def _ask() -> str:
    try:
        password = getpass(_("Password: "))
        again = getpass(_("The same password again: "))
    except EOFError as error:
        message = _("There is nobody to ask for a password: set the environment variable PASSWORD.")
        raise CommandError(message) from error
    if password != again:
        raise CommandError(_("The two passwords differ. Nothing was made."))
    return password
