"""What Django and allauth announce about accounts, written to the security log."""

from functools import partial

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_out

from users import security_log

EVENTS = {
    "sign_out": user_logged_out,
    "password_changed": account.password_changed,
    "password_set": account.password_set,
    "password_reset": account.password_reset,
    "email_added": account.email_added,
    "email_changed": account.email_changed,
    "email_removed": account.email_removed,
    "mfa_added": mfa.authenticator_added,
    "mfa_removed": mfa.authenticator_removed,
    "mfa_renewed": mfa.authenticator_reset,
    "mfa_used": mfa.authenticator_used,
    "mfa_failed": mfa.authentication_failed,
}


def connect():
    """Called once, when the apps are ready."""
    for event, signal in EVENTS.items():
        signal.connect(partial(_record, event), weak=False, dispatch_uid=f"security_log.{event}")


def _record(event, sender, request=None, user=None, authenticator=None, **_facts):
    if user:  # nobody signs out where nobody was signed in
        security_log.record(event, request, user=user, type=getattr(authenticator, "type", None))
