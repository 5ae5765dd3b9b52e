"""`manage.py create_ledger`: a new book for a person."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from database.commands import DatabaseCommand
from expenses.opening import open_ledger
from ledgers.models import Ledger
from users.accounts import find_account


class Command(DatabaseCommand):
    help = _("Open a ledger with the starter categories, and print its number.")

    def add_arguments(self, parser):
        parser.add_argument("name", metavar=_("NAME"))
        parser.add_argument("--owner", required=True, metavar=_("USERNAME"))
        parser.add_argument("--currency", required=True, type=str.upper, help=_("ISO 4217, such as EUR."))

    def handle(self, *args, name, owner, currency, **options):
        try:
            user = find_account(owner)
            Ledger(name=name, currency=currency).full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(str(open_ledger(name, currency, user).pk))
