"""What happens around every request."""

import logging
import time

from django.http import HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.encoding import escape_uri_path
from django.utils.functional import SimpleLazyObject

from expense_tracker.views import too_large

access = logging.getLogger("access")

MOST_BYTES = 26_000_000

# What our pages do not use, and so nothing that gets into one may: all but passkeys and copying a token.
PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), clipboard-write=(self), "
    "display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), "
    "idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "picture-in-picture=(), screen-wake-lock=(), serial=(), storage-access=(), usb=(), "
    "window-management=(), xr-spatial-tracking=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)


class AccessLogMiddleware:
    """One line per request: method, path, status, milliseconds, user id.

    Never the query string, the body or a name: they hold what people wrote. ``logs.Formatter`` leaves out the keys
    that a path may have.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        response = self.get_response(request)
        milliseconds = (time.perf_counter() - started) * 1000
        refused = (
            " refused"
            if response.status_code >= 400 and request.method not in ("GET", "HEAD", "OPTIONS")
            else ""
        )
        access.info(
            "%s %s %d%s %.0fms user=%s",
            request.method,
            escape_uri_path(request.path),  # a line break would begin a line of its own
            response.status_code,
            refused,
            milliseconds,
            self._user_id(request),
        )
        return response

    @staticmethod
    def _user_id(request):
        # Only what authentication has found out anyway; asking here would cost queries.
        user = vars(request).get("user")
        if isinstance(user, SimpleLazyObject):
            user = getattr(request, "_cached_user", None)
        return getattr(user, "pk", None) or "-"


class IsolationMiddleware:
    """No other site may load what we answer, and no page gets features of the browser that we do not use."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class BoundedMiddleware:
    """413 for a request that announces more bytes than its view takes, before any of it is read.

    A view says how many by its ``most_bytes``; without, it is what the API takes of files.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        announced = str(request.META.get("CONTENT_LENGTH", ""))
        if not (announced.isascii() and announced.isdigit()):
            return None  # no number: whoever reads the body refuses it
        return too_large(request) if int(announced) > getattr(view, "most_bytes", MOST_BYTES) else None


class FormsOnlyMiddleware:
    """An address that only takes forms, opened like a page, has a page that says so and leads on."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response


class NoStoreMiddleware:
    """Nothing below is kept by browser or proxy, so that the back button shows nothing after signing out.

    Static files, which are served above, have names of their own for every content and are kept.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        patch_cache_control(response, no_store=True, private=True)
        return response
