"""`manage.py undo`: takes back a change set of any ledger, also the deletion of a whole ledger."""

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from database.change_sets import written_in
from database.commands import DatabaseCommand
from history.models import ChangeSet, LedgerEvent
from history.sentences import summaries
from history.undoing import NotUndone, undo, why_not
from ledgers.models import Ledger, Membership

LISTED = 20


class Command(DatabaseCommand):
    help = _("Put all rows that a change set touched back to what they were before it.")

    def add_arguments(self, parser):
        help_text = _("As in the page's address. Without one, the newest changes of all ledgers are listed.")
        parser.add_argument("change_set", type=int, nargs="?", metavar=_("NUMBER"), help=help_text)

    def handle(self, *args, change_set, **options):
        if change_set is None:
            self._list()
        else:
            self._undo(change_set)

    def _list(self):
        for each in ChangeSet.objects.newest_first()[:LISTED]:
            when = date_format(timezone.localtime(each.at), "SHORT_DATETIME_FORMAT")
            self.stdout.write(f"{each.pk}  {when}  {each.who}  {_described(each)}")

    def _undo(self, number: int):
        found = ChangeSet.objects.filter(pk=number).first()
        if found is None:
            raise CommandError(_("There is no change set %(number)d.") % {"number": number})
        try:
            count = undo(_ledger_of(found), found)
        except NotUndone as refusal:
            rows = [f"{kind} {pk}" for kind, ids in refusal.stale.items() for pk in ids]
            raise CommandError("\n".join([str(refusal), *rows])) from refusal
        facts = {"change": _described(found), "rows": count}
        self.stdout.write(_("Undone: “%(change)s”. Rows put back: %(rows)d.") % facts)
        done = ChangeSet.objects.get(pk=written_in(found.ledger_id))
        if not why_not(_ledger_of(done), done, done.kinds):
            self.stdout.write(_("To do it again: manage.py undo %(number)d") % {"number": done.pk})


def _described(change_set: ChangeSet) -> str:
    """What it did, and in which ledger, by the last name that one had."""
    events = LedgerEvent.objects.filter(ledger=change_set.ledger_id).order_by("-pgh_id")
    name = events.values_list("name", flat=True).first()
    return f"{name} ({change_set.ledger_id}): {summaries([change_set])[change_set.pk].sentence}"


def _ledger_of(change_set: ChangeSet) -> Ledger:
    """The ledger, which may be gone, as one of its owners sees it."""
    ledger = Ledger.objects.filter(pk=change_set.ledger_id).first() or Ledger(pk=change_set.ledger_id)
    ledger.role = Membership.Role.OWNER
    return ledger
