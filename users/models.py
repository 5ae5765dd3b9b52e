"""People: who they are, what their clock and language are, and who was invited."""

from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

INVITATION_SALT = "users.invitation"
ADDRESS_AS_NAME = _("A username has no @: it could be taken for somebody else’s e-mail address.")


def validate_time_zone(name: str):
    """Refuse a name that is not in the IANA time zone database."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Choose one such as Europe/Berlin."), params={"name": name}
        )


def default_time_zone() -> str:
    return settings.TIME_ZONE


def default_language() -> str:
    return settings.LANGUAGE_CODE


def languages():
    return settings.LANGUAGES


class User(AbstractUser):
    """A person. The time zone decides what "today" is; the language also decides how figures are written.

    ``toured_at`` is when they closed the tour of the first day, None while it is still to be shown.
    """

    time_zone = models.CharField(
        _("time zone"), max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    language = models.CharField(_("language"), max_length=10, choices=languages, default=default_language)
    toured_at = models.DateTimeField(_("tour closed"), null=True, editable=False)

    def clean(self):
        super().clean()
        if "@" in self.username and not self._has_that_name_already():
            raise ValidationError({"username": ADDRESS_AS_NAME})

    def _has_that_name_already(self) -> bool:
        return User.objects.filter(pk=self.pk, username=self.username).exists()


class Invitation(models.Model):
    """A link by which one more person may sign up while sign-up is closed. It works once, for two weeks."""

    MAX_AGE = 14 * 24 * 3600  # seconds

    note = models.CharField(_("for whom"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.CASCADE, related_name="invitations", verbose_name=_("invited by"), editable=False
    )
    accepted_by = models.OneToOneField(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitation",
        verbose_name=_("accepted by"),
        editable=False,
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]

    def __str__(self):
        return self.note or f"#{self.pk}"

    @property
    def token(self) -> str:
        """What the link carries: our signature over the invitation's number and the time."""
        return signing.TimestampSigner(salt=INVITATION_SALT).sign(str(self.pk))

    @classmethod
    def from_token(cls, token: str) -> "Invitation | None":
        """The invitation that may still be used with this token, or None."""
        try:
            pk = signing.TimestampSigner(salt=INVITATION_SALT).unsign(token, max_age=cls.MAX_AGE)
        except signing.BadSignature:
            return None
        return cls.objects.filter(pk=pk, accepted_at=None).first()
