"""What the commands that export share: whose ledger, into which file, and never half of it."""

import shutil
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from database.commands import DatabaseCommand
from database.files import new_file
from expenses.exports import ExportFile, Format, Selection, export
from ledgers.finding import find_ledger
from ledgers.models import Ledger
from users import security_log


class ExportCommand(DatabaseCommand):
    """Writes into a file that only we may read, or to the screen."""

    one_moment = True

    def add_arguments(self, parser):
        parser.add_argument("ledger", metavar=_("LEDGER"), help=_("Its number or its name."))
        parser.add_argument(
            "file", nargs="?", type=Path, metavar=_("FILE"), help=_("The screen if not given.")
        )
        parser.add_argument("--force", action="store_true", help=_("Overwrite FILE if it is there."))

    def ledger(self, words: str) -> Ledger:
        try:
            return find_ledger(words)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None

    def export(self, format: Format, selection: Selection, path: Path | None, force: bool) -> int:
        """Gives the number of expenses."""
        if path and path.exists() and not force:
            raise CommandError(_("%(file)s is there already. To overwrite it, add --force.") % {"file": path})
        made, count = export(format, selection)
        with made as file:
            if path:
                _save(file, path)
            else:
                self._show(file, format)
        security_log.record("export", ledger=selection.ledger.pk, rows=count)
        return count

    def _show(self, file: ExportFile, format: Format):
        if format.is_binary:
            raise CommandError(_("%(format)s is not for the screen. Name a FILE.") % {"format": format.label})
        with file.as_text() as text:
            for line in text:
                self.stdout.write(line, ending="")


def _save(file: ExportFile, path: Path):
    try:
        with new_file(path) as draft:
            shutil.copyfileobj(file, draft)
    except OSError as error:
        message = _("%(file)s cannot be written: %(why)s") % {"file": path, "why": error.strerror}
        raise CommandError(message) from error
