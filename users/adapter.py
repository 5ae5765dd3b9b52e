"""Who may sign up, and what the first account becomes."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from users.models import Invitation, User

SESSION_KEY = "invitation"
FIRST_ACCOUNT_LOCK = 0x5157_0001


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions, answered by SIGNUP (open, closed, first) and by invitations."""

    def is_open_for_signup(self, request):
        return signup_is_open() or invitation_of(request) is not None

    @transaction.atomic
    def save_user(self, request, user, form, commit=True):
        """Save the new person; the first one, under SIGNUP=first, is the administrator.

        Two people signing up at once wait for each other here, so that only one of them is first.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ACCOUNT_LOCK])
        if not self.is_open_for_signup(request):
            raise PermissionDenied(
                _("Somebody else has just made the first account. Ask them for an invitation.")
            )
        if settings.SIGNUP == "first" and not User.objects.exists():
            user.is_staff = user.is_superuser = True
        user = super().save_user(request, user, form, commit)
        Invitation.objects.filter(pk=getattr(invitation_of(request), "pk", None)).update(
            accepted_by=user, accepted_at=timezone.now()
        )
        request.session.pop(SESSION_KEY, None)
        return user


def signup_is_open() -> bool:
    """Whether anybody may sign up now, without an invitation."""
    return settings.SIGNUP == "open" or (settings.SIGNUP == "first" and not User.objects.exists())


def invitation_of(request) -> Invitation | None:
    """The still unused invitation this browser came with, if any."""
    token = request.session.get(SESSION_KEY)
    return Invitation.from_token(token) if token else None
