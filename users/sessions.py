"""Sessions in the database, as Django keeps them."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Asks the database only for keys that it may have made: a cookie can hold a NUL, on which it would fail."""

    # Not Django's: sessions made before they were listed for their owners end, as nobody could end them.
    key_salt = "users.sessions"

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
