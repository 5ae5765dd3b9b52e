"""`manage.py export_ledger`: one ledger as JSON, for another installation or another program."""

import re
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from database.commands import DatabaseCommand
from database.files import new_file
from expenses.exchange import ledger_lines
from ledgers.models import Ledger


class Command(DatabaseCommand):
    help = _("Write a ledger as JSON: its members, categories and expenses, for “manage.py import_ledger”.")
    one_moment = True

    def add_arguments(self, parser):
        parser.add_argument("ledger", metavar=_("LEDGER"), help=_("Its number or its name."))
        parser.add_argument(
            "file", nargs="?", type=Path, metavar=_("FILE"), help=_("The screen if not given.")
        )
        parser.add_argument("--force", action="store_true", help=_("Overwrite FILE if it is there."))

    def handle(self, *args, ledger, file, force, **options):
        lines = ledger_lines(_find(ledger))
        if file is None:
            for line in lines:
                self.stdout.write(line)
            return
        if file.exists() and not force:
            raise CommandError(_("%(file)s is there already. To overwrite it, add --force.") % {"file": file})
        try:
            with new_file(file) as draft:
                draft.writelines(f"{line}\n".encode() for line in lines)
        except OSError as error:
            message = _("%(file)s cannot be written: %(why)s") % {"file": file, "why": error.strerror}
            raise CommandError(message) from error
        self.stdout.write(_("The ledger is saved in %(file)s.") % {"file": file})


def _find(words: str) -> Ledger:
    """The ledger of this number, else of this name."""
    numbered = Ledger.objects.filter(pk=int(words)) if re.fullmatch("[0-9]{1,18}", words) else ()
    found = list(numbered) or list(Ledger.objects.filter(name=words))
    if len(found) > 1:
        numbers = ", ".join(str(ledger.pk) for ledger in found)
        message = _("Several ledgers are called “%(name)s”. Give the number of one: %(numbers)s.")
        raise CommandError(message % {"name": words, "numbers": numbers})
    if not found:
        raise CommandError(_("There is no ledger “%(name)s”.") % {"name": words})
    return found[0]
