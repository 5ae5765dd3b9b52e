"""The accounts of a ledger: the keys they are known by, and when one can go."""

import re
import secrets
from hashlib import blake2b

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from expenses.models import Account

USED_MESSAGE = _("“%(name)s” has imported expenses, so it cannot be deleted.")
BYTES = 8


def key_of(number: str) -> str:
    """The key of the account with this number, however it is written: ``DE12 3456`` and ``de123456`` are one.

    A name of other signs alone is taken as it is. Raises ``ValueError`` for an empty one, which every account without
    a number would have.
    """
    plain = re.sub(r"[\W_]", "", number).upper() or number.strip()
    if not plain:
        raise ValueError("An account has a number or a name.")
    return blake2b(plain.encode(), digest_size=BYTES).hexdigest()


def random_key() -> str:
    """A key for an account whose number nobody knows."""
    return secrets.token_hex(BYTES)


def delete_account(account: Account):
    """Delete it, which has to be locked. Raises ``ValidationError`` if any expense is a line of its statements."""
    if Account.objects.in_ledger(account.ledger_id).with_use().get(pk=account.pk).used:
        raise ValidationError(USED_MESSAGE, "used", {"name": account.name})
    account.delete()
