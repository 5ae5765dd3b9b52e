"""`manage.py create_token`: a key to the API."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from knox.models import AuthToken

from database.commands import DatabaseCommand
from users.accounts import find_account

LONGEST = 36_500  # days


class Command(DatabaseCommand):
    help = _("Print a new token for the API. Only its digest is kept: it cannot be shown again.")

    def add_arguments(self, parser):
        parser.add_argument("username", metavar=_("USERNAME"))
        parser.add_argument("--days", type=int, help=_("How long it is valid; for ever if not given."))

    def handle(self, *args, username, days, **options):
        if days is not None and not 1 <= days <= LONGEST:
            raise CommandError(_("--days is a number from 1 to %(most)d.") % {"most": LONGEST})
        try:
            user = find_account(username)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if not user.is_active:
            raise CommandError(_("The account “%(name)s” is switched off.") % {"name": username})
        _row, token = AuthToken.objects.create(user, expiry=days and timedelta(days=days))
        self.stdout.write(token)
