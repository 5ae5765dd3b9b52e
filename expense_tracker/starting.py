"""What has to be in place before the first request: the tables and the static files."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django import __version__
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from api.models import IdempotencyKey, Submission

PREPARING = 0x5157_0002


@contextmanager
def one_at_a_time():
    """Of several processes that start at once, the others wait here for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])


def prepare():
    """Bring database and static files up to date, and sweep."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("clearsessions", verbosity=0)
    Submission.forget_old()
    IdempotencyKey.forget_old()
    collect_static()


def refuse_unsafe_role():
    """Raise ``RoleError`` if the web would work as a role that row security does not hold for."""
    connection.is_pooled = False
    try:
        connection.ensure_connection()
    finally:
        connection.close()
        connection.is_pooled = True


def collect_static() -> bool:
    """Collect the static files, unless they are as they were the last time. Returns whether it was needed."""
    stamp = settings.STATIC_ROOT.with_suffix(".stamp")
    sources = _fingerprint()
    if stamp.exists() and stamp.read_text() == sources:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(sources)
    return True


def _fingerprint() -> str:
    """One text for all the sources of static files, and for what is done to them."""
    doing = [__version__, settings.STORAGES["staticfiles"]["BACKEND"], settings.STATIC_URL]
    facts = "\n".join([*doing, *sorted(_sources())])
    return hashlib.sha256(facts.encode()).hexdigest()


def _sources() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            yield f"{storage.path(name)} {found.st_size} {found.st_mtime_ns}"
