"""Whose book, and who may read and write it."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositePrimaryKey
from database.triggers import bump_version, stays_itself
from ledgers import currencies, row_security

CURRENCY_MESSAGE = _("This is not the code of a currency in use (ISO 4217), such as EUR.")
OWNER_NEEDED = _("A ledger needs an owner. Make somebody else an owner first.")
MONTH_MESSAGE = _("The month can start on day 1 to 28.")


class Versioned(models.Model):
    """A row whose version grows with each change, whoever makes it: models add the trigger ``bump_version``."""

    version = models.PositiveIntegerField(_("version"), default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        abstract = True


class LedgerQuerySet(models.QuerySet):
    def for_user(self, user):
        """The ledgers this person is a member of, each with their ``role`` in it."""
        return self.filter(memberships__user=user).annotate(role=F("memberships__role"))


class Ledger(Versioned):
    """A book of expenses in one currency, kept by one or several people."""

    name = models.CharField(_("name"), max_length=100)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        choices=currencies.choices,
        error_messages={"invalid_choice": CURRENCY_MESSAGE},
    )
    month_start_day = models.PositiveSmallIntegerField(
        _("first day of the month"),
        default=1,
        validators=[MinValueValidator(1, MONTH_MESSAGE), MaxValueValidator(28, MONTH_MESSAGE)],
        help_text=_("1 to 28, for people who count from pay day."),
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="ledgers")

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger")
        verbose_name_plural = _("ledgers")
        ordering = ["name", "id"]
        triggers = [bump_version()]
        constraints = [
            models.CheckConstraint(
                condition=Q(currency__in=currencies.CODES),
                name="ledger_currency_known",
                violation_error_message=CURRENCY_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(month_start_day__range=(1, 28)),
                name="ledger_month_start_day_1_to_28",
                violation_error_message=MONTH_MESSAGE,
            ),
            row_security.ledgers_themselves("ledger_open"),
        ]

    def __str__(self):
        return self.name

    @property
    def decimals(self) -> int:
        """How many digits after the decimal separator an amount of this ledger has."""
        return currencies.decimals(self.currency)

    @property
    def may_edit(self) -> bool:
        """Whether the person this ledger was fetched for (``for_user``) may write expenses."""
        return self.role in (Membership.Role.OWNER, Membership.Role.EDITOR)

    @property
    def may_manage(self) -> bool:
        """Whether the person this ledger was fetched for (``for_user``) may change the ledger itself."""
        return self.role == Membership.Role.OWNER

    def month_of(self, day: date) -> tuple[date, date]:
        """First and last day, both included, of the ledger's month that ``day`` falls into."""
        first = (day - timedelta(days=self.month_start_day - 1)).replace(day=self.month_start_day)
        return first, first + relativedelta(months=1, days=-1)

    def year_of(self, day: date) -> tuple[date, date]:
        """First and last day of the year that ``day`` falls into: the twelve months that begin in one year."""
        first = self.month_of(day)[0].replace(month=1)
        return first, first + relativedelta(years=1, days=-1)

    def whole_months(self, start: date, end: date) -> tuple[date, date]:
        """First day of the first and last day of the last whole month from ``start`` to ``end``, both included.

        The first lies after the last where there is none.
        """
        first, first_ends = self.month_of(start)
        if first < start:
            first = first_ends + timedelta(days=1)
        last_begins, last = self.month_of(end)
        return first, last if last <= end else last_begins - timedelta(days=1)


class LedgerRow(Versioned):
    """A row that belongs to a ledger."""

    ledger = models.ForeignKey(
        Ledger, models.CASCADE, verbose_name=_("ledger"), db_index=False, editable=False
    )

    class Meta:
        abstract = True


class Membership(LedgerRow):
    """What one person may do in one ledger: owners manage it, editors write, viewers read."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        EDITOR = "editor", _("editor")
        VIEWER = "viewer", _("viewer")

    ledger = models.ForeignKey(
        Ledger, models.CASCADE, related_name="memberships", verbose_name=_("ledger"), db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.EDITOR)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["ledger", "user"]
        triggers = [bump_version(), stays_itself()]
        indexes = [models.Index(fields=["id"], name="membership_id")]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="membership_pk"),
            models.UniqueConstraint(
                fields=["ledger", "user"],
                name="membership_once",
                violation_error_message=_("This person is a member of the ledger already."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["owner", "editor", "viewer"]),
                name="membership_role_known",
                violation_error_message=_("The role is owner, editor or viewer."),
            ),
            row_security.memberships("membership_open"),
        ]

    def __str__(self):
        return f"{self.user} – {self.ledger} ({self.get_role_display()})"
