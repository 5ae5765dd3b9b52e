"""Who sends an API request."""

import knox.auth
from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from rest_framework.exceptions import AuthenticationFailed


class TokenAuthentication(knox.auth.TokenAuthentication):
    """knox's tokens. Bytes that no token can have are refused before knox, which would fail on them."""

    def authenticate_credentials(self, token: bytes):
        if not token.isalnum():
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)


class TokenScheme(KnoxTokenScheme):
    """How the OpenAPI schema describes it."""

    target_class = TokenAuthentication
