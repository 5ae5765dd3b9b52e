"""Which ledger somebody at the command line means."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ledgers.models import Ledger


def find_ledger(words: str) -> Ledger:
    """The ledger of this number, else of this name. To be called as an operator. Raises ValidationError."""
    numbered = Ledger.objects.filter(pk=int(words)) if re.fullmatch("[0-9]{1,18}", words) else ()
    found = list(numbered) or list(Ledger.objects.filter(name=words))
    if len(found) > 1:
        numbers = ", ".join(str(ledger.pk) for ledger in found)
        message = _("Several ledgers are called “%(name)s”. Give the number of one: %(numbers)s.")
        raise ValidationError(message % {"name": words, "numbers": numbers})
    if not found:
        raise ValidationError(_("There is no ledger “%(name)s”.") % {"name": words})
    return found[0]
