"""What happens around every request."""

import logging
import time

access = logging.getLogger("access")


class AccessLogMiddleware:
    """One line per request: method, path, status, milliseconds, user id.

    Never the query string, the body or a name: they hold what people wrote.
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
            request.path,
            response.status_code,
            refused,
            milliseconds,
            self._user_id(request),
        )
        return response

    @staticmethod
    def _user_id(request):
        # Only what authentication has found out anyway; asking here would cost queries.
        user = getattr(request, "_cached_user", None)
        return getattr(user, "pk", None) or "-"
