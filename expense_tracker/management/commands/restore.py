"""`manage.py restore`: what `manage.py backup` has saved."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable

from database.errors import OutcomeUnknown
from expense_tracker.backup import BackupError, Manifest
from expense_tracker.restoring import opened_backup, restore
from expenses.models import Expense
from ledgers.models import Ledger


class Command(BaseCommand):
    help = _(
        "Bring back everything from a file of “manage.py backup”, or change nothing. Stop the server first."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar=_("FILE"))
        parser.add_argument(
            "--replace", action="store_true", help=_("Lose the people and ledgers that are there now.")
        )

    def handle(self, *args, file, replace, **options):
        try:
            with opened_backup(file) as (archive, manifest), connection.owner():
                left_out = restore(archive, manifest, replace)
        except OSError as error:
            message = _("%(file)s cannot be read: %(why)s") % {"file": file, "why": error.strerror}
            raise CommandError(message) from error
        except BackupError as error:
            raise CommandError("\n".join([str(error), _("Nothing was changed.")])) from error
        except Error as error:
            raise CommandError(_explanation(error)) from error
        self.stdout.write(_summary(manifest))
        if left_out:
            message = _("Left out, because no migration makes these tables: %(names)s.")
            self.stderr.write(message % {"names": ", ".join(left_out)})
        # Afterwards: what was broken already when it was saved is no reason not to have it back.
        call_command("verify", stdout=self.stdout)


def _explanation(error: Error) -> str:
    if isinstance(error, OutcomeUnknown):
        return _(
            "The connection was lost at the very end: look whether the rows are there before you try again."
        )
    if isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
        return _("Somebody works with the database: stop the server, then try again. Nothing was changed.")
    return _("Nothing was changed. The database says: %(why)s") % {"why": error}


def _summary(manifest: Manifest) -> str:
    facts = {
        "ledgers": manifest.rows_of(Ledger),
        "expenses": manifest.rows_of(Expense),
        "tables": len(manifest.tables),
        "made": manifest.made_at,
    }
    restored = _("Restored as of %(made)s: ledgers: %(ledgers)d, expenses: %(expenses)d, tables: %(tables)d.")
    return " ".join([restored % facts, _("Everybody has to sign in again.")])
