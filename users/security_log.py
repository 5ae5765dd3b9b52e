"""The security log: who signed in or was refused, one line each, and nothing that a person wrote.

A line is ``event=sign_in user=5 ip=203.0.113.7``. Never in it: names and addresses typed, passwords, codes,
tokens, notes and amounts.
"""

import logging
import re

from users.addresses import client_address

security = logging.getLogger("security")

# A line break would begin a line of its own, and a blank or = a fact of its own.
NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.:@/+-]")


def record(event: str, request=None, *, user=None, **facts):
    """Write one line. ``user`` is the person it is about, if that is not who sent the request.

    ``facts`` are identifiers and kinds, such as ``ledger=3``; those that are None are left out.
    """
    sender = getattr(request, "user", None)
    about = getattr(user or sender, "pk", None)
    address = client_address(request) if request else None
    known = {"event": event, "user": about or "-", "by": _other(sender, about), "ip": address}
    security.info(
        " ".join(f"{key}={_plain(value)}" for key, value in (known | facts).items() if value is not None)
    )


def _other(sender, about) -> int | None:
    """Who sent the request, if somebody else than whom the line is about."""
    return sender.pk if sender and sender.pk and sender.pk != about else None


def _plain(value) -> str:
    return NOT_PLAIN.sub("_", str(value))[:100]
