"""`manage.py undo`: takes back a change set of any ledger, also the deletion of a whole ledger."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from database.change_sets import written_in
from database.commands import DatabaseCommand
from history.models import ChangeSet
from history.sentences import summaries
from history.undoing import NotUndone, undo
from ledgers.models import Ledger, Membership


class Command(DatabaseCommand):
    help = _("Put all rows that a change set touched back to what they were before it.")

    def add_arguments(self, parser):
        parser.add_argument("change_set", type=int, metavar=_("NUMBER"), help=_("As in the page's address."))

    def handle(self, *args, change_set, **options):
        found = ChangeSet.objects.filter(pk=change_set).first()
        if found is None:
            raise CommandError(_("There is no change set %(number)d.") % {"number": change_set})
        try:
            count = undo(_ledger_of(found), found)
        except NotUndone as refusal:
            raise CommandError(_described(refusal)) from refusal
        facts = {"sentence": summaries([found])[found.pk].sentence, "rows": count}
        self.stdout.write(_("Undone: “%(sentence)s”. Rows put back: %(rows)d.") % facts)
        self.stdout.write(
            _("To do it again: manage.py undo %(number)d") % {"number": written_in(found.ledger_id)}
        )


def _ledger_of(change_set: ChangeSet) -> Ledger:
    """The ledger, which may be gone, as one of its owners sees it."""
    ledger = Ledger.objects.filter(pk=change_set.ledger_id).first() or Ledger(pk=change_set.ledger_id)
    ledger.role = Membership.Role.OWNER
    return ledger


def _described(refusal: NotUndone) -> str:
    rows = [f"{kind} {pk}" for kind, ids in refusal.stale.items() for pk in ids]
    return "\n".join([str(refusal), *rows])
