"""Alice owns the ledger, Bob is given roles in it by the test, Charlie is a stranger."""

import gc
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.utils import translation
from rest_framework.test import APIClient

from database.tests.emptying import empty_tables
from database.tests.every_ledger import every_ledger
from expenses.tests.factories import make_ledger, make_user

SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parent.parent / "shared"))
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
IN_CI = bool(os.environ.get("CI"))
# Python's own 700 has a tenth of the time go into looking for garbage, among what Django keeps to the end.
gc.set_threshold(10_000, 10, 10)
# Each of these starts servers, or has tests of about ten seconds.
LONGEST = tuple(
    f"expense_tracker/tests/{path}"
    for path in ("test_schema_fuzz.py", "test_serve.py", "faults/", "test_migrations_with_data.py")
)


def pytest_collection_modifyitems(items):
    """Put the longest first, and skip, with the reason, what this machine has no browser or no files for.

    CI has to have both.
    """
    needs = {"browser": (CHROMIUM, "needs Chromium"), "shared": (SHARED, "needs the shared input files")}
    for item in items:
        for marker, (path, reason) in needs.items():
            if marker in item.keywords and not path.exists() and not IN_CI:
                item.add_marker(pytest.mark.skip(reason=f"{reason} at {path}"))
    # At the end one worker would be left alone with them, while nothing is left for the other.
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish():
    # What was imported and collected stays: the collector need not go through it again and again.
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _emptied_quickly():
    with pytest.MonkeyPatch.context() as patch:
        # Django's flush takes 130 ms, ours 15.
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


@pytest.fixture(autouse=True)
def _sees_every_ledger():
    with every_ledger():
        yield


@pytest.fixture(scope="session")
def scale():
    """``scale(50, 4_000)`` is how often to do something: 50 times in every test run, 4,000 in `make torture`."""
    return lambda short, long: long if os.environ.get("TORTURE") else short


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real input kept beside the project."""
    return SHARED


@pytest.fixture(autouse=True)
def _plain_settings(settings):
    # Hashing 1 password takes 50 ms with Argon2; tests sign in often.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture(autouse=True)
def _plain_language():
    # A request leaves its language behind, and the next test would get German categories.
    yield
    translation.deactivate()


@pytest.fixture
def alice(db):
    return make_user("alice")


@pytest.fixture
def bob(db):
    return make_user("bob")


@pytest.fixture
def charlie(db):
    return make_user("charlie")


@pytest.fixture
def ledger(alice):
    """Alice's ledger in euro with the starter categories."""
    return make_ledger(alice)


@pytest.fixture
def as_user():
    """``as_user(bob)`` is a browser in which Bob is signed in."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def browser(alice, as_user) -> Client:
    """A browser in which Alice is signed in."""
    return as_user(alice)


@pytest.fixture
def api_as():
    """``api_as(bob)`` sends JSON as Bob."""

    def authenticate(user) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return authenticate


@pytest.fixture
def api(alice, api_as) -> APIClient:
    """An API client that is Alice."""
    return api_as(alice)
