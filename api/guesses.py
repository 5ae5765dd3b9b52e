"""How many wrong tokens an address may send before nothing that it sends is looked up any more."""

import time
from math import ceil

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.db import connection

MOST, PERIOD = 5, 60  # wrong tokens, seconds
LOCK = 0x5157_0003  # no other advisory lock of ours has this number


class Guesses:
    """The wrong tokens that came from the address of this request within the last minute.

    Whoever may have to ``add`` one asks for them ``in_turn``, inside a transaction: others of the same address who do
    so wait until it ends, so that guesses that arrive at once are counted one after the other. The address is the
    one allauth counts sign-ins by (``users.addresses``).
    """

    def __init__(self, request, *, in_turn: bool = False):
        self.key = f"wrong-tokens:{get_ip(request)}"
        if in_turn:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, self.key])
        self.times = [at for at in cache.get(self.key, []) if at > time.time() - PERIOD]

    @property
    def wait(self) -> int:
        """Seconds until one more token is looked up; 0 if one may be now."""
        return ceil(self.times[-MOST] + PERIOD - time.time()) if len(self.times) >= MOST else 0

    def add(self):
        # The cache forgets by whole seconds, which must not be earlier than we do.
        cache.set(self.key, [*self.times, time.time()], 2 * PERIOD)
