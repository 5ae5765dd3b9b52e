"""Around every request: who acts, the person's clock and language, the end of a session, the log of refusals."""

import time
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils import timezone, translation

from database.acting import acting_as, become, current, person
from users import security_log
from users.adapter import SIGNED_IN_AT


class ActorMiddleware:
    """The signed-in person acts until the request ends, whoever a token or the admin makes of them meanwhile.

    ``request.is_carried_out`` says that the view's transaction has ended well, for whoever has to answer an error
    that comes afterwards.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acting_as(person(request.user)):
            response = self.get_response(request)
            request.is_carried_out = response.status_code < 400
            return response

    def process_view(self, request, view, _args, _kwargs):
        via = "api" if hasattr(view, "cls") else "page"
        become(replace(current(), via=via, act=request.resolver_match.view_name or ""))

    def process_template_response(self, request, response):
        """The admin's pages ask for rows while they are rendered, which is after the view's transaction."""
        request.is_carried_out = response.status_code < 400
        if isinstance(response, TemplateResponse):
            response.render = transaction.atomic(response.render)
        return response


class PreferencesMiddleware:
    """Activates the user's time zone and language; a visitor keeps what LocaleMiddleware chose."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
            with timezone.override(ZoneInfo(request.user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)


class SessionAgeMiddleware:
    """Ends a session SESSION_MAX_AGE seconds after its sign-in, however busy it is."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        signed_in_at = request.session.get(SIGNED_IN_AT)
        if signed_in_at is not None and time.time() - signed_in_at > settings.SESSION_MAX_AGE:
            security_log.record("session_too_old", request)
            logout(request)
        return self.get_response(request)


class DenialLogMiddleware:
    """Logs what was refused: 403 and 429 anywhere, and 404 beneath a ledger, which may be another's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if event := self._event(request, response):
            match = request.resolver_match
            ledger = match.kwargs.get("ledger_id") if match else None
            facts = {"status": response.status_code, "view": match and match.view_name, "ledger": ledger}
            security_log.record(event, request, **facts, reason=getattr(response, "denied_for", None))
        return response

    @staticmethod
    def _event(request, response) -> str | None:
        match = request.resolver_match
        beneath_ledger = match and "ledger_id" in match.kwargs
        return {403: "denied", 404: "denied" if beneath_ledger else None, 429: "limited"}.get(
            response.status_code
        )
