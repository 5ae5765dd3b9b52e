"""The accounts and cards that expenses are paid from."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositePrimaryKey
from database.triggers import bump_version, stays_itself
from expenses.models.expense import Expense
from ledgers.models import LedgerRow
from ledgers.row_security import ledger_rows

NAME_TAKEN = _("This ledger has an account of that name already.")
CURRENCY_MESSAGE = _("A currency is three capital letters.")
DIGITS_MESSAGE = _("Write at most four letters or digits, the last of the account's number.")


class AccountQuerySet(models.QuerySet):
    def in_ledger(self, ledger):
        return self.filter(ledger=ledger)

    def with_use(self):
        """Each with ``used``: whether any expense is a line of one of its statements."""
        lines = Concat(OuterRef("key"), Value(":"))
        mine = Expense.objects.filter(ledger=OuterRef("ledger"), external_id__startswith=lines)
        return self.annotate(used=Exists(mine))


class Account(LedgerRow):
    """Where statements come from: a bank account, a card, a wallet.

    ``digits`` are the last of its number, to tell two cards apart; the number itself is not kept. ``key`` stands for
    the number: the same number has the same key in every ledger, so a statement finds its account again. It is part
    of the ``external_id`` of the account's expenses, and never changes.
    """

    name = models.CharField(_("name"), max_length=100)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="", db_default="")
    digits = models.CharField(
        _("last digits"),
        max_length=4,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[0-9A-Za-z]{0,4}\Z", DIGITS_MESSAGE)],
    )
    key = models.CharField(max_length=16, editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name", "id"]
        triggers = [bump_version(), stays_itself("key")]
        indexes = [models.Index(fields=["id"], name="account_id")]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="account_pk"),
            models.UniqueConstraint(
                F("ledger"), Lower("name"), name="account_name_once", violation_error_message=NAME_TAKEN
            ),
            models.UniqueConstraint(
                fields=["ledger", "key"],
                name="account_key_once",
                violation_error_message=_("This ledger has this account already."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="account_name_given",
                violation_error_message=_("Give the account a name."),
            ),
            models.CheckConstraint(condition=Q(key__regex=r"^[0-9a-f]{16}$"), name="account_key_sixteen_hex"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^([A-Z]{3})?$"),
                name="account_currency_iso",
                violation_error_message=CURRENCY_MESSAGE,
            ),
            ledger_rows("account_open"),
        ]

    def __str__(self):
        return f"{self.name} …{self.digits}" if self.digits else self.name
