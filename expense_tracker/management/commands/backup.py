"""`manage.py backup`: every row of the database in one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.utils.translation import gettext as _

from database.files import new_file
from expense_tracker.backup import BackupError, Manifest, write_backup
from expenses.models import Expense
from ledgers.models import Ledger


class Command(BaseCommand):
    help = _(
        "Save everything in one file for “manage.py restore”: ledgers, people, history. It holds password hashes"
        " and second factors, so keep it where nobody else can read it. The server may go on meanwhile."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar=_("FILE"), help=_("Such as expenses.backup."))
        parser.add_argument("--force", action="store_true", help=_("Overwrite FILE if it is there."))

    def handle(self, *args, file, force, **options):
        if file.exists() and not force:
            raise CommandError(_("%(file)s is there already. To overwrite it, add --force.") % {"file": file})
        try:
            with connection.owner(), new_file(file) as draft:
                manifest = write_backup(draft)
        except OSError as error:
            message = _("%(file)s cannot be written: %(why)s") % {"file": file, "why": error.strerror}
            raise CommandError(message) from error
        except BackupError as error:
            raise CommandError(str(error)) from error
        except Error as error:
            raise CommandError(_("Nothing was saved. The database says: %(why)s") % {"why": error}) from error
        self.stdout.write(_summary(file, manifest))


def _summary(file: Path, manifest: Manifest) -> str:
    facts = {
        "ledgers": manifest.rows_of(Ledger),
        "expenses": manifest.rows_of(Expense),
        "tables": len(manifest.tables),
        "file": file,
        "bytes": file.stat().st_size,
    }
    saved = _(
        "Saved in %(file)s: ledgers: %(ledgers)d, expenses: %(expenses)d, tables: %(tables)d, bytes: %(bytes)d."
    )
    secret = _("It holds password hashes and second factors: keep it where nobody else can read it.")
    return f"{saved % facts}\n{secret}"
