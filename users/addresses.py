"""Where a request comes from: one answer for the counters of guesses, the list of sessions and the security log."""

import logging
from ipaddress import ip_address

from allauth.core.internal.httpkit import clean_client_ip, get_client_ip
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

security = logging.getLogger("security")

UNKNOWN = "::"  # the unspecified address, which nobody has


def client_address(request) -> str:
    """The address that the outermost trusted proxy saw.

    Where ``X-Forwarded-For`` does not fit PROXY_COUNT, it is whoever is connected to us, and where nobody can tell,
    as at a socket, everybody is ``UNKNOWN`` and has one counter together. The security log says so once a request.
    """
    if not hasattr(request, "client_address"):
        request.client_address = _plain(_forwarded(request)) or _connected(request)
    return request.client_address


def _forwarded(request) -> str | None:
    try:
        return get_client_ip(request)
    except ImproperlyConfigured:  # fewer entries than proxies
        return None


def _connected(request) -> str:
    address = _plain(clean_client_ip(request.META.get("REMOTE_ADDR") or "")) or UNKNOWN
    expected = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    security.error("event=address_unclear user=- ip=%s proxy_count=%d", address, expected)
    return address


def _plain(address: str | None) -> str | None:
    """Without the name of a network card; version four as such, since a whole network of version six counts as one."""
    if not address:
        return None
    found = ip_address(address.partition("%")[0])
    return str(getattr(found, "ipv4_mapped", None) or found)
