"""allauth's forms for passkeys, which take whatever a browser sends for one."""

import binascii
import ipaddress
from contextlib import contextmanager

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms
from django.utils.translation import gettext_lazy as _

UNREADABLE = (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError, binascii.Error)


def are_possible(request) -> bool:
    """Whether browsers offer passkeys at the address this request came to: a name, and https unless localhost."""
    name = request.get_host().rsplit(":", 1)[0]
    return name == "localhost" or (request.is_secure() and not _is_number(name.strip("[]")))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@contextmanager
def readable():
    """A credential that is none is a wrong one: allauth and fido2 do not foresee every shape."""
    try:
        yield
    except UNREADABLE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class Readable:
    def clean_credential(self):
        with readable():
            return super().clean_credential()


class AddWebAuthnForm(forms.AddWebAuthnForm):
    """Proposes a passkey that does without a password; a key that cannot can still be the second step."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = _("Sign in with it alone, without a password")
        alone.help_text = _("It then asks for your fingerprint, your face or a PIN each time.")

    def clean(self):
        with readable():
            return super().clean()


class AuthenticateWebAuthnForm(Readable, forms.AuthenticateWebAuthnForm):
    pass


class LoginWebAuthnForm(Readable, forms.LoginWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(Readable, forms.ReauthenticateWebAuthnForm):
    pass
