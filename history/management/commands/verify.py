"""`manage.py verify`: look whether the data is whole, and change nothing."""

from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from database.commands import DatabaseCommand
from history.verifying import CHECKS

MOST_TOLD = 20  # findings of a check


class Command(DatabaseCommand):
    help = _(
        "Look whether the data is whole: what guards it is there, no row is broken, and history has no gap."
        " Changes nothing; exit status 1 if anything is wrong."
    )

    def execute(self, *args, **options):
        # From others row security would hide the rows that have lost their ledger.
        with connection.owner():
            return super().execute(*args, **options)

    def handle(self, *args, **options):
        broken = sum(self._tell(check) for check in CHECKS)
        if broken:
            message = ngettext(
                "%(count)d check found something.", "%(count)d checks found something.", broken
            )
            raise CommandError(message % {"count": broken})

    def _tell(self, check) -> bool:
        """Write what a check found. Returns whether that is anything."""
        findings = check.findings()
        answer = _("NO") if findings else _("ok")
        self.stdout.write(f"{check.promise}: {answer}")
        for finding in findings[:MOST_TOLD]:
            self.stdout.write(f"  {finding}")
        if len(findings) > MOST_TOLD:
            self.stdout.write("  " + _("and %(rest)d more") % {"rest": len(findings) - MOST_TOLD})
        return bool(findings)
