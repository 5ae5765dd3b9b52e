"""allauth's questions, answered: who may sign up, what counts as one account's guesses, what goes into the log."""

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from users import security_log
from users.models import Invitation, User

SESSION_KEY = "invitation"
SIGNED_IN_AT = "signed_in_at"  # seconds since 1970, in the session
FIRST_ACCOUNT_LOCK = 0x5157_0001


class AccountAdapter(DefaultAccountAdapter):
    """SIGNUP (open, closed, first) and invitations say who may sign up."""

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
        invitation = invitation_of(request)
        Invitation.objects.filter(pk=getattr(invitation, "pk", None)).update(
            accepted_by=user, accepted_at=timezone.now()
        )
        request.session.pop(SESSION_KEY, None)
        security_log.record("sign_up", request, user=user, invitation=getattr(invitation, "pk", None))
        return user

    def login(self, request, user):
        super().login(request, user)
        request.session[SIGNED_IN_AT] = time.time()
        security_log.record("sign_in", request)

    def authentication_failed(self, request, **credentials):
        event = "reauthentication_failed" if request.user.is_authenticated else "sign_in_failed"
        security_log.record(event, request, user=_meant(credentials))

    def validation_error(self, code, *args):
        if code in ("too_many_login_attempts", "rate_limited"):
            security_log.record("limited", self.request, form=self.request.resolver_match.view_name)
        return super().validation_error(code, *args)

    def _get_login_attempts_cache_key(self, request, **credentials):
        # One counter per account: allauth has one for each name of the account and of the host that is typed.
        person = _meant(credentials)
        return (
            f"user:{person.pk}" if person else super()._get_login_attempts_cache_key(request, **credentials)
        )


class UserSessionsAdapter(DefaultUserSessionsAdapter):
    """Ends sessions as allauth does, and says so in the log."""

    def end_sessions(self, sessions):
        super().end_sessions(sessions)
        security_log.record("sessions_ended", self.request, count=len(sessions))


def signup_is_open() -> bool:
    """Whether anybody may sign up now, without an invitation."""
    return settings.SIGNUP == "open" or (settings.SIGNUP == "first" and not User.objects.exists())


def invitation_of(request) -> Invitation | None:
    """The still unused invitation this browser came with, if any."""
    token = request.session.get(SESSION_KEY)
    return Invitation.from_token(token) if token else None


def _meant(credentials: dict[str, str]) -> User | None:
    """Whose account it is that somebody tries to get into."""
    name, email = credentials.get("username") or "", credentials.get("email") or ""
    by_email = filter_users_by_email(email or name, for_login=True)
    return (by_email or [get_user_by_username(name)])[0]
