"""Opening a new ledger: the book, its owner and the categories to start with."""

from dataclasses import replace

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from database.acting import acting_as, current
from expenses.models import Category
from ledgers.models import Ledger, Membership

STARTER_CATEGORIES = (
    (gettext_noop("Rent"), "#4f6bed"),
    (gettext_noop("Food"), "#2f9e6e"),
    (gettext_noop("Shopping"), "#d9822b"),
    (gettext_noop("Entertainment"), "#a855c7"),
    (gettext_noop("Other"), "#64748b"),
)


@transaction.atomic
def open_ledger(name: str, currency: str, owner, month_start_day: int = 1) -> Ledger:
    """A new ledger that ``owner`` owns, with the starter categories in the current language."""
    ledger = Ledger(pk=_next_number(), name=name, currency=currency, month_start_day=month_start_day)
    with acting_as(replace(current(), user_id=owner.pk, operator="", only_ledger_id=None)):
        # In this order: row security shows a ledger to its members only, also the one just made.
        Membership.objects.create(ledger=ledger, user=owner, role=Membership.Role.OWNER)
        ledger.save(force_insert=True)
        Category.objects.bulk_create(
            Category(ledger=ledger, name=_(category), colour=colour, position=position)
            for position, (category, colour) in enumerate(STARTER_CATEGORIES)
        )
    return ledger


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s))",
            [Ledger._meta.db_table, Ledger._meta.pk.column],
        )
        return cursor.fetchone()[0]
