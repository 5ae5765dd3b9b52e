"""`manage.py quick_add`: expenses written as lines of text."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from database.commands import DatabaseCommand
from expenses.quick.adding import add_all
from expenses.quick.understanding import reader_of, understand, without_category
from ledgers.finding import find_ledger


class Command(DatabaseCommand):
    help = _(
        "Add expenses that are written as lines, such as “12.50 lunch #work yesterday”: all of them or none."
    )

    def add_arguments(self, parser):
        parser.add_argument("ledger", metavar=_("LEDGER"), help=_("Its number or its name."))
        parser.add_argument("lines", nargs="+", metavar=_("LINE"))
        parser.add_argument("--dry-run", action="store_true", help=_("Only show what is understood."))

    def handle(self, *args, ledger, lines, dry_run, **options):
        try:
            reader = reader_of(find_ledger(ledger))
            rows, problems = understand("\n".join(lines).encode().decode(), reader)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except UnicodeError:
            raise CommandError(_("The text is not valid Unicode.")) from None
        if problems := sorted(problems + without_category(rows)):
            raise CommandError("\n".join([_("Nothing was added. Correct this first:"), *map(str, problems)]))
        if not dry_run:
            add_all(reader.ledger, (each.row.values for each in rows), user=None)
        for each in rows:
            self.stdout.write(reader.written(each.row))
