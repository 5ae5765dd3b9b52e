"""What the sign-in pages say about accounts."""

from django import template
from django.conf import settings

from users import passkeys
from users.adapter import signup_is_open
from users.models import User

register = template.Library()

# What to look for, the particular before the general: Edge says that it is Chrome, and Chrome that it is Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
    "curl/": "curl",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "Windows": "Windows",
    "Linux": "Linux",
}


@register.simple_tag
def anybody_may_sign_up() -> bool:
    return signup_is_open()


@register.simple_tag
def first_account_is_administrator() -> bool:
    """Whether the next account to be made is the first one, which becomes the administrator."""
    return settings.SIGNUP == "first" and not User.objects.exists()


@register.simple_tag(takes_context=True)
def passkeys_possible(context) -> bool:
    """Whether browsers offer passkeys at the address of this page."""
    return passkeys.are_possible(context["request"])


@register.filter
def browser_name(user_agent: str) -> str:
    """``Firefox · Linux`` for what the browser says about itself; all that it says where neither is known."""
    names = [_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)]
    return " · ".join(name for name in names if name) or user_agent or "–"


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")
