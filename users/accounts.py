"""Making an account without the sign-up page."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from users.adapter import FIRST_ACCOUNT_LOCK
from users.models import User


@transaction.atomic
def make_account(username: str, password: str, email: str = "", admin: bool = False) -> User:
    """A new person. Raises ValidationError for what the sign-up page would refuse as well.

    Under SIGNUP=first the first account is the administrator, as on the sign-up page: it closes that page to
    everybody else, so there has to be somebody who can open it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ACCOUNT_LOCK])
    user = User(username=User.normalize_username(username), email=email.lower())
    _check(user, password)
    user.is_staff = user.is_superuser = admin or (settings.SIGNUP == "first" and not User.objects.exists())
    user.set_password(password)
    user.save()
    if email:
        EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return user


def find_account(username: str) -> User:
    """The person of this name. Raises ValidationError if there is none."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise ValidationError(_("There is no user “%(name)s”.") % {"name": username})
    return user


def _check(user: User, password: str):
    user.full_clean(exclude=["password"], validate_unique=False)
    get_adapter().clean_username(user.username)
    if user.email and filter_users_by_email(user.email):
        raise ValidationError(
            _("The e-mail address %(email)s has an account already.") % {"email": user.email}
        )
    validate_password(password, user)
