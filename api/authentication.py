"""Who sends an API request."""

import knox.auth
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.crypto import hash_token
from rest_framework.exceptions import APIException, AuthenticationFailed, Throttled

from api.guesses import Guesses
from api.models import Token
from database.acting import become
from ledgers.access import sender
from users import security_log


class TokenMiddleware:
    """Looks up the token of an API request before its view begins a transaction.

    A wrong token stays counted and a use stays noted, although a refused request is rolled back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, _args, _kwargs):
        if hasattr(view, "cls"):  # a view of the API; pages know no tokens
            try:
                request.by_token = TokenLookup(request).authenticate(request)
            except APIException as refusal:
                request.by_token = refusal
            else:
                if request.by_token:  # before the view's transaction, which then knows it from its begin
                    become(sender(request, *request.by_token))


class TokenLookup(knox.auth.TokenAuthentication):
    """knox's reading of the header and our search, which finds the one row by its digest and counts guesses.

    Five wrong tokens a minute are looked up for an address. After that every request of that address that
    carries a token is refused with 429, one with a right token too: else the answer would tell which is right.
    A token that expired, or whose person is switched off, was no guess and is not counted.
    """

    def __init__(self, request):
        self.request = request

    def authenticate_credentials(self, secret: bytes):
        token = self._find(hash_token(secret.decode("latin-1")))
        if token is None:
            raise self._refused(_("Invalid token."), "unknown")
        if token.is_expired:
            raise self._refused(_("This token has expired."), "expired", token)
        if not token.user.is_active:
            raise self._refused(_("The account of this token is switched off."), "inactive", token)
        token.note_use()
        return token.user, token

    def _find(self, digest: str) -> Token | None:
        # A right token that comes before the fifth wrong one is counted waits for no one: it came before them.
        is_open = not Guesses(self.request).wait
        return (is_open and Token.find(digest)) or self._counted(digest)

    @transaction.atomic(durable=True)
    def _counted(self, digest: str) -> Token | None:
        guesses = Guesses(self.request, in_turn=True)
        if guesses.wait:
            raise Throttled(guesses.wait, _("Too many wrong tokens came from your address."))
        token = Token.find(digest)
        if token is None:
            guesses.add()
        return token

    def _refused(self, message: str, reason: str, token: Token | None = None) -> AuthenticationFailed:
        about = {"user": token.user, "token": token.pk} if token else {}
        security_log.record("token_refused", self.request, reason=reason, **about)
        return AuthenticationFailed(message)


class TokenAuthentication(knox.auth.TokenAuthentication):
    """The person and the ``api.models.Token`` that ``TokenMiddleware`` found, as ``request.user`` and ``.auth``."""

    def authenticate(self, request):
        if isinstance(request.by_token, APIException):
            raise request.by_token
        return request.by_token


class TokenScheme(KnoxTokenScheme):
    """How the OpenAPI schema describes it."""

    target_class = TokenAuthentication
