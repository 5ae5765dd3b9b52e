"""What the sign-in pages say about accounts."""

from django import template
from django.conf import settings

from users.adapter import signup_is_open
from users.models import User

register = template.Library()


@register.simple_tag
def anybody_may_sign_up() -> bool:
    return signup_is_open()


@register.simple_tag
def first_account_is_administrator() -> bool:
    """Whether the next account to be made is the first one, which becomes the administrator."""
    return settings.SIGNUP == "first" and not User.objects.exists()
