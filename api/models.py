"""What keeps a request that arrives twice from being carried out twice."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.constraints import CompositePrimaryKey
from ledgers.models import Ledger

KEPT_FOR = timedelta(days=30)


class Submission(models.Model):
    """One rendering of a form, known by the key it carries, and what its rows became when it was saved.

    ``rows`` maps the index of a row in the form to ``[id, version]``. Committed together with the rows, so a
    form that comes back (double click, back button, a lost answer) finds what it wrote instead of writing again.
    """

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4)
    rows = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        indexes = [models.Index(fields=["id"], name="submission_id")]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="submission_pk"),
            models.UniqueConstraint(fields=["ledger", "user", "key"], name="submission_once"),
        ]

    def __str__(self):
        return str(self.key)

    @classmethod
    def forget_old(cls):
        """Drop what is too old for a form to come back: nobody presses "back" after a month."""
        cls.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()

    @classmethod
    def claim(cls, ledger: Ledger, user, key: uuid.UUID) -> "Submission":
        """The submission of this key, locked until the transaction ends. A twin waits here for the first one."""
        cls.objects.bulk_create([cls(ledger=ledger, user=user, key=key)], ignore_conflicts=True)
        return cls.objects.select_for_update().get(ledger=ledger, user=user, key=key)

    def remember(self, rows: dict[int, tuple[int, int]]):
        """Keep what the rows of the form became, beside what earlier saves of the same form became."""
        if rows:
            self.rows |= {str(index): pair for index, pair in rows.items()}
            self.save(update_fields=["rows"])
