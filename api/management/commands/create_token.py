"""`manage.py create_token`: a key to the API."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from api.models import Token
from database.commands import DatabaseCommand
from ledgers.access import ledgers_of
from ledgers.models import Ledger
from users import security_log
from users.accounts import find_account

LONGEST = 36_500  # days


class Command(DatabaseCommand):
    help = _("Print a new token for the API. Only its digest is kept: it cannot be shown again.")

    def add_arguments(self, parser):
        parser.add_argument("username", metavar=_("USERNAME"))
        parser.add_argument("--name", default="create_token", help=_("What it is for."))
        parser.add_argument("--days", type=int, help=_("How long it is valid; for ever if not given."))
        parser.add_argument("--read-only", action="store_true", help=_("It may look and change nothing."))
        parser.add_argument("--ledger", type=int, help=_("The only ledger it reaches; all if not given."))

    @transaction.atomic
    def handle(self, *args, username, name, days, read_only, ledger, **options):
        if days is not None and not 1 <= days <= LONGEST:
            raise CommandError(_("--days is a number from 1 to %(most)d.") % {"most": LONGEST})
        name = name.strip()
        try:
            user = find_account(username)
            Token.make_room(user)
            Token(name=name).clean_fields(exclude=["user", "digest", "token_key"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if not user.is_active:
            raise CommandError(_("The account “%(name)s” is switched off.") % {"name": username})
        token, secret = Token.objects.create(
            user,
            days and timedelta(days=days),
            name=name,
            can_write=not read_only,
            only_ledger=self._ledger(user, ledger),
        )
        security_log.record("token_made", user=user, token=token.pk)
        self.stdout.write(secret)

    @staticmethod
    def _ledger(user, ledger_id: int | None) -> Ledger | None:
        if ledger_id is None:
            return None
        ledger = ledgers_of(user).filter(pk=ledger_id).first()
        if ledger is None:
            raise CommandError(_("%(person)s has no ledger %(id)d.") % {"person": user, "id": ledger_id})
        return ledger
