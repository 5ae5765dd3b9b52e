"""`manage.py export_ledger`: one ledger as JSON, for another installation or another program."""

from django.utils.translation import gettext as _

from expenses.exports import EXTENSIONS, Selection
from expenses.exports.command import ExportCommand
from expenses.models import Expense


class Command(ExportCommand):
    help = _(
        "Write a ledger as JSON: its members, categories, accounts, rules and expenses, for “manage.py import_ledger”."
    )

    def handle(self, *args, ledger, file, force, **options):
        book = self.ledger(ledger)
        everything = Selection(book, Expense.objects.in_ledger(book), whole=True)
        self.export(EXTENSIONS["json"], everything, file, force)
        if file:
            self.stdout.write(_("The ledger is saved in %(file)s.") % {"file": file})
