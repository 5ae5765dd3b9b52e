"""A database with rows of every kind and its backup, made once; tests work on copies of it."""

import tempfile
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection

from database.roles import prepare_web_role
from expense_tracker.tests.backups.databases import (
    fill,
    fingerprint,
    new_database,
    schema,
    sequences,
    working_with,
)


class Saved(NamedTuple):
    """``database`` as it was when ``file`` was made; ``said`` is what the command said."""

    database: str
    file: Path
    said: str
    rows: dict
    sequences: list
    schema: list


@pytest.fixture(scope="package")
def saved(django_db_setup, django_db_blocker, scale):
    with django_db_blocker.unblock(), tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "all.backup", StringIO()
        # A database that is copied must have no visitors.
        connection.close()
        connection.close_pool()
        with new_database("saved", connection.settings_dict["NAME"]) as name:
            with working_with(name):
                with connection.owner():
                    fill(scale(500, 500_000))
                call_command("backup", file, stdout=out)
                found = fingerprint(), sequences(), schema()
            yield Saved(name, file, out.getvalue(), *found)


@pytest.fixture(autouse=True)
def _cache_as_in_production(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    }


@pytest.fixture(autouse=True)
def _patient(db):
    """The tests' own database only waits here, in a transaction, while a test works with others."""
    connection.cursor().execute("SET LOCAL idle_in_transaction_session_timeout = 0")


@pytest.fixture
def copy(saved):
    """Django works with a copy of the saved database, which may be changed."""
    with new_database("copy", saved.database) as name, working_with(name):
        with connection.owner():
            prepare_web_role(connection)
        yield


@pytest.fixture
def empty(saved):
    """Django works with a database in which nothing is."""
    with new_database("empty") as name, working_with(name):
        yield
