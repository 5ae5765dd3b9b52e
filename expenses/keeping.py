"""Rows of the day editor, kept to be put in again."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from expenses.forms import BaseDayFormSet
from expenses.models import Favourite
from ledgers.models import Ledger

KEPT = ("amount", "category", "payee", "notes", "tags")


def keep_rows(ledger: Ledger, formset: BaseDayFormSet, name: str, only: int | None) -> int:
    """Keep what is filled in as a favourite of this name, or ``only`` the row of this index. Returns how many rows.

    Raises ValidationError with nothing written.
    """
    name = " ".join(name.split())
    if formset.out_of_bounds or not name:
        raise ValidationError(_("Give the favourite a name."), "name")
    forms = [form for index, form in enumerate(formset.forms) if only in (None, index)]
    if not all(form.is_valid() for form in forms):
        raise ValidationError(
            _("Nothing was kept: please look at the amount and the category of the row."), "row"
        )
    rows = [form.row().values for form in forms]
    rows = [{field: row[field] for field in KEPT} for row in rows if row]
    if not rows:
        raise ValidationError(_("Write a row first."), "row")
    first = Favourite.objects.in_ledger(ledger).next_position()
    favourites = [
        Favourite(ledger=ledger, name=name, position=first + n, **row) for n, row in enumerate(rows)
    ]
    for favourite in favourites:
        favourite.clean_fields()
    return len(Favourite.objects.bulk_create(favourites))
