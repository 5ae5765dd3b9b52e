"""`manage.py import_ledger`: a new ledger from a file of `manage.py export_ledger`."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from database.commands import DatabaseCommand
from expenses.exchange import Unreadable, read_ledger
from expenses.importing import Imported, import_ledger
from ledgers.models import Ledger
from users.accounts import find_account


class Command(DatabaseCommand):
    help = _("Make a new ledger of a file that “manage.py export_ledger” has written.")

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar=_("FILE"))
        parser.add_argument(
            "--owner", required=True, metavar=_("USERNAME"), help=_("Whose ledger it shall be.")
        )
        parser.add_argument("--name", metavar=_("NAME"), help=_("Another name than in the file."))

    def handle(self, *args, file, owner, name, **options):
        try:
            user = find_account(owner)
            name = "" if name is None else _checked(name)
            said = read_ledger(file.read_bytes())
        except OSError as error:
            message = _("%(file)s cannot be read: %(why)s") % {"file": file, "why": error.strerror}
            raise CommandError(message) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except Unreadable as error:
            heading = _("Nothing was imported. Correct this first:")
            raise CommandError("\n".join([heading, *error.problems])) from error
        self.stdout.write(_summary(import_ledger(said, user, name)))


def _checked(name: str) -> str:
    """The name without spaces around it, as the pages take it."""
    try:
        return Ledger._meta.get_field("name").clean(name.strip(), None)
    except ValidationError as error:
        raise CommandError(f"--name: {' '.join(error.messages)}") from error


def _summary(imported: Imported) -> str:
    text = ngettext(
        "Made the ledger “%(name)s” (%(number)d) with %(count)d expense.",
        "Made the ledger “%(name)s” (%(number)d) with %(count)d expenses.",
        imported.expenses,
    )
    facts = {"name": imported.ledger.name, "number": imported.ledger.pk, "count": imported.expenses}
    lines = [text % facts]
    if imported.members:
        names = ", ".join(f"{name} ({role.label})" for name, role in imported.members.items())
        lines.append(_("People here who are members of it now: %(names)s.") % {"names": names})
    if imported.strangers:
        missing = _("Not members, because nobody here is called that: %(names)s.")
        lines.append(missing % {"names": ", ".join(imported.strangers)})
    return "\n".join(lines)
