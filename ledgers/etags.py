"""Which state of something a request speaks of, in the words of HTTP (RFC 9110, sections 8.8.3 and 13.1)."""

from django.http import HttpResponseNotModified
from django.utils.http import parse_etags


def names(header: str | None, etag: str) -> bool | None:
    """Whether ``If-Match`` or ``If-None-Match`` names the state with this ETag, as ``*`` does; None without header.

    A weak tag counts like ours, which compressing proxies make weak. What cannot be read names nothing.
    """
    if header is None:
        return None
    named = {tag.removeprefix("W/") for tag in parse_etags(header)}
    return not named.isdisjoint({etag, "*"})


def unless_known(request, response):
    """The response; 304 without a body in its place if the client has what its ETag stands for."""
    if names(request.headers.get("If-None-Match"), response["ETag"]):
        return HttpResponseNotModified(headers={"ETag": response["ETag"]})
    return response
