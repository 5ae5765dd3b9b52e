"""`manage.py load_expenses`: expenses from a CSV file."""

from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from database.commands import DatabaseCommand
from expenses.loading import Loaded, load_expenses
from expenses.reading import LARGEST_FILE, Reading, read_expenses
from ledgers.models import Ledger


class Command(DatabaseCommand):
    help = _(
        "Add the expenses of a CSV file that are not there yet"
        " (date,amount,category,notes,payee,spread_months,tags,receipt)."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar=_("FILE"))
        parser.add_argument("--ledger", type=int, required=True, metavar=_("NUMBER"))

    def handle(self, *args, file, ledger, **options):
        book = Ledger.objects.filter(pk=ledger).first()
        if book is None:
            raise CommandError(_("There is no ledger %(number)d.") % {"number": ledger})
        reading = read_expenses(_content(file), book.decimals)
        if reading.problems:
            raise CommandError(_refusal(reading))
        self.stdout.write(_summary(reading, load_expenses(book, reading.rows)))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError as error:
        message = _("%(file)s cannot be read: %(why)s")
        raise CommandError(message % {"file": file, "why": error.strerror}) from error


def _refusal(reading: Reading) -> str:
    return "\n".join([_("Nothing was added. Correct this first:"), *map(str, reading.problems)])


def _summary(reading: Reading, loaded: Loaded) -> str:
    parts = [_added(loaded)]
    if loaded.categories:
        names = ", ".join(category.name for category in loaded.categories)
        parts.append(_("New categories: %(names)s.") % {"names": names})
    if reading.zeros:
        text = ngettext(
            "Left out %(count)d row with the amount zero.",
            "Left out %(count)d rows with the amount zero.",
            reading.zeros,
        )
        parts.append(text % {"count": reading.zeros})
    return " ".join(parts)


def _added(loaded: Loaded) -> str:
    count, present = len(loaded.expenses), loaded.present
    text = ngettext("Added %(count)d expense", "Added %(count)d expenses", count) % {"count": count}
    if loaded.refunds:
        few = ngettext(" (%(count)d of them a refund)", " (%(count)d of them refunds)", loaded.refunds)
        text += few % {"count": loaded.refunds}
    if present and not count:
        there = ngettext(
            "the only one is in the ledger already", "all %(count)d are in the ledger already", present
        )
        return f"{text}: {there % {'count': present}}."
    if present:
        there = ngettext("%(count)d is in the ledger already", "%(count)d are in the ledger already", present)
        return f"{text}; {there % {'count': present}}."
    return f"{text}."
