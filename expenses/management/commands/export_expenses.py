"""`manage.py export_expenses`: the expenses that a filter lets through, in any format."""

from types import SimpleNamespace

from django.core.management.base import CommandError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from expenses.exports import EXTENSIONS, FORMATS, Format, Selection
from expenses.exports.command import ExportCommand
from expenses.filters import ExpenseFilter
from expenses.models import Category, Expense
from ledgers.models import Ledger

# The name of the filter behind each option.
FILTERS = {
    "start": "date_after",
    "end": "date_before",
    "amount_min": "amount_min",
    "amount_max": "amount_max",
    "text": "text",
}


class Command(ExportCommand):
    help = _("Write the expenses of a ledger, or those that a filter lets through, as a file of any format.")

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--format",
            choices=[format.name for format in FORMATS],
            help=_("If not given: what the name of FILE ends in, else csv."),
        )
        parser.add_argument("--start", metavar=_("DATE"), help=_("The first date, such as 2026-01-31."))
        parser.add_argument("--end", metavar=_("DATE"), help=_("The last date."))
        parser.add_argument(
            "--category",
            action="append",
            default=[],
            metavar=_("NAME"),
            help=_("May be given several times."),
        )
        parser.add_argument("--amount-min", metavar=_("AMOUNT"))
        parser.add_argument("--amount-max", metavar=_("AMOUNT"))
        parser.add_argument("--text", metavar=_("TEXT"), help=_("What the payee or the notes contain."))

    def handle(self, *args, ledger, file, force, format, category, **options):
        book = self.ledger(ledger)
        asked = {FILTERS[name]: value for name, value in options.items() if name in FILTERS and value}
        selection = _selection(book, asked, category)
        count = self.export(_format(format, file), selection, file, force)
        if file:
            text = ngettext(
                "Saved %(count)d expense in %(file)s.", "Saved %(count)d expenses in %(file)s.", count
            )
            self.stdout.write(text % {"count": count, "file": file})


def _format(name: str | None, file) -> Format:
    if name:
        return next(format for format in FORMATS if format.name == name)
    extension = file.suffix.removeprefix(".").lower() if file else "csv"
    if extension not in EXTENSIONS:
        raise CommandError(_("Say with --format what %(file)s shall be.") % {"file": file})
    return EXTENSIONS[extension]


def _selection(ledger: Ledger, asked: dict[str, str], names: list[str]) -> Selection:
    query = QueryDict(mutable=True)
    query.update(asked)
    query.setlist("category", [str(_category(ledger, name)) for name in names])
    request = SimpleNamespace(ledger=ledger)
    filterset = ExpenseFilter(query, Expense.objects.in_ledger(ledger), request=request)
    if not filterset.is_valid():
        options = {filter: f"--{name.replace('_', '-')}" for name, filter in FILTERS.items()}
        found = [
            f"{options.get(name, '--category')}: {' '.join(errors)}"
            for name, errors in filterset.form.errors.items()
        ]
        raise CommandError("\n".join(found))
    return Selection(ledger, filterset.qs, whole=not asked and not names)


def _category(ledger: Ledger, name: str) -> int:
    found = Category.objects.in_ledger(ledger).filter(name__iexact=name).first()
    if found is None:
        raise CommandError(_("The ledger has no category “%(name)s”.") % {"name": name})
    return found.pk
