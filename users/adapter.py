"""allauth's questions, answered: who may sign up, what counts as one account's guesses, what goes into the log."""

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.core.internal import ratelimit
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from users import security_log
from users.addresses import client_address
from users.models import ADDRESS_AS_NAME, Invitation, User

SESSION_KEY = "invitation"
SIGNED_IN_AT = "signed_in_at"  # seconds since 1970, in the session
FIRST_ACCOUNT_LOCK = 0x5157_0001
GUESSES = {"app": "allauth.account", "action": "login_failed"}  # what allauth counts them as


class AccountAdapter(DefaultAccountAdapter):
    """SIGNUP (open, closed, first) and invitations say who may sign up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _lazy(
            "Too many wrong tries. Wait five minutes; or get in now with a passkey, or with the letter that"
            " “Forgot your password?” sends."
        )
    }

    def is_open_for_signup(self, request):
        return signup_is_open() or invitation_of(request) is not None

    def clean_username(self, username, shallow=False):
        if "@" in username:
            raise ValidationError(ADDRESS_AS_NAME)
        return super().clean_username(username, shallow)

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
        for person in _meant(credentials) or [None]:
            security_log.record(event, request, user=person)

    def validation_error(self, code, *args):
        if code in ("too_many_login_attempts", "rate_limited"):
            security_log.record("limited", self.request, form=self.request.resolver_match.view_name)
        return super().validation_error(code, *args)

    def get_client_ip(self, request):
        return client_address(request)

    def pre_authenticate(self, request, **credentials):
        """Count a guess at every account it may be at; each of them has to have guesses left."""
        counted = []
        for person in _meant(credentials) or [None]:
            super().pre_authenticate(request, person=person, **credentials)
            counted += self._login_failed_rl_usage.usage
        self._login_failed_rl_usage.usage = counted

    def _get_login_attempts_cache_key(self, request, person=None, **credentials):
        # One counter per account: allauth has one for each name of the account and of the host that is typed.
        return _counter(person) if person else super()._get_login_attempts_cache_key(request, **credentials)

    def set_password(self, user, password):
        """A new password has not been guessed at yet; those of others who go by an address of this person have."""
        super().set_password(user, password)
        for rate in ratelimit.get_rates(**GUESSES):
            if rate.per == "key":
                cache.delete(ratelimit.get_cache_key(None, rate=rate, key=_counter(user), **GUESSES))


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


def _counter(person: User) -> str:
    return f"user:{person.pk}"


def _meant(credentials: dict[str, str]) -> list[User]:
    """The accounts that allauth compares the password with: one's name may be another's address."""
    name, email = credentials.get("username"), credentials.get("email")
    people = {get_user_by_username(name)} if name else set()
    for text in filter(None, {name, email}):
        people |= set(filter_users_by_email(text, prefer_verified=True, for_login=True))
    return sorted(people - {None}, key=lambda person: person.pk)
