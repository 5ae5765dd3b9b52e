"""Keys to the API, and what keeps a request that arrives twice from being carried out twice."""

import uuid
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken
from knox.settings import CONSTANTS

from database.constraints import CompositePrimaryKey
from ledgers.models import Ledger
from ledgers.row_security import ledger_rows

KEPT_FOR = timedelta(days=30)
MOST_TOKENS = 50  # of one person
USE_NOTED_EVERY = timedelta(minutes=1)
TURNS = 0x5157_0004  # no other advisory lock of ours has this number


class Token(AbstractAuthToken):
    """A key to the API in a person's name; ``objects.create(user, …)`` gives ``(token, secret)``.

    Only the digest of the secret is kept, and its first characters (``token_key``) to know it by. It reaches the
    ledgers of its person, or ``only_ledger``, and changes them only if ``can_write`` and the person's role allow.
    """

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=CONSTANTS.DIGEST_LENGTH, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    can_write = models.BooleanField(_("may write"), default=False)
    only_ledger = models.ForeignKey(
        Ledger, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("ledger")
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="token_name_given",
                violation_error_message=_("Give the token a name."),
            ),
            models.CheckConstraint(
                condition=Q(expiry=None) | Q(expiry__gt=F("created")),
                name="token_expiry_after_creation",
                violation_error_message=_("A token expires after it was made, not before."),
            ),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def find(cls, digest: str) -> "Token | None":
        """The token of this digest, with its ``user``.

        Every request of the API asks for it, and Django would put the statement together anew each time.
        """
        with connection.cursor() as cursor:
            cursor.execute(_with_user(), [digest])
            row = cursor.fetchone()
        if row is None:
            return None
        person, width = get_user_model(), len(_names(cls))
        token = cls.from_db(connection.alias, _names(cls), row[:width])
        token.user = person.from_db(connection.alias, _names(person), row[width:])
        return token

    @property
    def is_expired(self) -> bool:
        return self.expiry is not None and self.expiry <= timezone.now()

    @staticmethod
    def make_room(user):
        """Raise ValidationError if this person has all the tokens one may have.

        Whoever else makes one for them waits until this transaction ends.
        """
        get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
        if user.auth_token_set.count() >= MOST_TOKENS:
            raise ValidationError(
                _("There are %(most)d tokens already. Revoke one first."), params={"most": MOST_TOKENS}
            )

    def note_use(self):
        """Keep that the token is used now, unless it was noted within the last minute."""
        now = timezone.now()
        if self.last_used_at is None or self.last_used_at <= now - USE_NOTED_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)


class Submission(models.Model):
    """One rendering of a form, known by the key it carries, and what its rows became when it was saved.

    ``rows`` maps the index of a row in the form to ``[id, version]``, ``answer`` is where a form without rows led
    to. Committed together with the rows, so a form that comes back (double click, back button, a lost answer)
    finds what it wrote instead of writing again.
    """

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4)
    rows = models.JSONField(default=dict)
    answer = models.CharField(max_length=2000, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        indexes = [models.Index(fields=["id"], name="submission_id")]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="submission_pk"),
            models.UniqueConstraint(fields=["ledger", "user", "key"], name="submission_once"),
            ledger_rows("submission_open"),
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

    @classmethod
    def answered(cls, user, key: uuid.UUID) -> "Submission | None":
        """What this person's form of this key was answered, in a ledger where they may still write.

        A twin waits here until this transaction ends.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [TURNS, f"{user.pk} {key}"])
        # Row security lets those lock a row who may change it; for others it is not there.
        return cls.objects.select_for_update().filter(user=user, key=key).first()

    def remember(self, rows: dict[int, tuple[int, int]]):
        """Keep what the rows of the form became, beside what earlier saves of the same form became."""
        if rows:
            self.rows |= {str(index): pair for index, pair in rows.items()}
            self.save(update_fields=["rows"])


class IdempotencyKey(models.Model):
    """The key that a client gave a writing request (``Idempotency-Key``), and what it was answered.

    Committed together with the rows, so a request that comes back gets the same answer instead of being carried
    out again. ``fingerprint`` stands for the request; ``status`` is None until it was carried out, and stays None if
    that took away the person's own right to write here.
    """

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        indexes = [models.Index(fields=["id"], name="idempotencykey_id")]
        constraints = [
            CompositePrimaryKey(fields=("ledger", "id"), name="idempotencykey_pk"),
            models.UniqueConstraint(fields=["ledger", "user", "key"], name="idempotencykey_once"),
            ledger_rows("idempotencykey_open"),
        ]

    def __str__(self):
        return self.key

    @classmethod
    def forget_old(cls):
        """Drop what is too old for a request to come again."""
        cls.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()

    @classmethod
    def claim(cls, ledger: Ledger, user, key: str, fingerprint: str) -> "IdempotencyKey":
        """The row of this key, locked until the transaction ends; new ones get the fingerprint.

        A twin waits here for the first one.
        """
        new = cls(ledger=ledger, user=user, key=key, fingerprint=fingerprint)
        cls.objects.bulk_create([new], ignore_conflicts=True)
        return cls.objects.select_for_update().get(ledger=ledger, user=user, key=key)


@cache
def _names(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def _with_user() -> str:
    """The statement for a token by its digest, with its user."""
    parts = (("token", Token), ("person", get_user_model()))
    columns = ", ".join(
        f"{name}.{field.column}" for name, model in parts for field in model._meta.concrete_fields
    )
    tables = "api_token token JOIN users_user person ON person.id = user_id"
    return f"SELECT {columns} FROM {tables} WHERE digest = %s"  # noqa: S608
