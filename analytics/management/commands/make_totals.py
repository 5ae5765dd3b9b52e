"""`manage.py make_totals`: the totals that reports read, made anew from the expenses."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.models import Rollup
from database.commands import DatabaseCommand
from ledgers.finding import find_ledger
from ledgers.models import Ledger


class Command(DatabaseCommand):
    help = _(
        "Make the kept totals of all ledgers, or of one, anew. The database keeps them right by itself: this is for"
        " when “manage.py verify” says that they are not, and takes out rows that came to nothing. Ledgers are done one"
        " after the other. Whoever writes expenses of the one under way waits; pages and the API for 3 seconds only,"
        " then they say that it should be tried again."
    )
    all_or_nothing = False

    def add_arguments(self, parser):
        parser.add_argument(
            "ledger", nargs="?", metavar=_("LEDGER"), help=_("Its number or name; all of them unless given.")
        )

    def execute(self, *args, **options):
        # Only triggers may write totals, and the owner of the tables.
        with connection.owner():
            return super().execute(*args, **options)

    def handle(self, *args, ledger, **options):
        numbers = (
            [_found(ledger)] if ledger else list(Ledger.objects.order_by("pk").values_list("pk", flat=True))
        )
        if not ledger:
            Rollup.objects.exclude(ledger__in=Ledger.objects.all()).delete()
        with connection.cursor() as cursor:
            for number in numbers:
                cursor.execute("SELECT make_rollups(%s)", [number])
        made = ngettext(
            "The totals of %(count)d ledger are made anew.",
            "The totals of %(count)d ledgers are made anew.",
            len(numbers),
        )
        self.stdout.write(made % {"count": len(numbers)})


def _found(words: str) -> int:
    try:
        return find_ledger(words).pk
    except ValidationError as error:
        raise CommandError(error.message) from error
