"""How long reading a file may take, and what it writes of the file."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements import formats, staging
from statements.formats.lines import Unreadable
from statements.formats.tables import rows
from statements.models import Statement
from statements.tests.files import booked, csv, staged

COFFEE = csv([booked("03-01", "-2.50")])


class Clock:
    def __init__(self):
        self.now = 0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(staging, "time", clock)
    monkeypatch.setattr(rows, "time", clock)
    return clock


@pytest.mark.django_db
def test_what_a_file_takes_before_its_first_line_counts(ledger, clock, monkeypatch):
    read = formats.read

    def slowly(*said):
        clock.now += 41
        return read(*said)

    monkeypatch.setattr(formats, "read", slowly)
    staged(ledger, COFFEE)
    file = Statement.objects.get()
    assert (file.state, file.problem["template"]) == ("refused", "Reading this file takes too long.")


def test_rows_that_are_held_before_the_first_line_are_bounded_in_time(clock, monkeypatch):
    monkeypatch.setattr(rows, "SECONDS", -1)
    with pytest.raises(Unreadable, match="takes too long"):
        formats.read(BytesIO(csv([booked("03-01", "-2.50")] * 10_000)), "a.csv", {})


@pytest.mark.django_db
def test_the_content_is_not_written_again(ledger):
    with CaptureQueriesContext(connection) as queries:
        staged(ledger, COFFEE)
    updates = [
        q["sql"] for q in queries.captured_queries if q["sql"].startswith('UPDATE "statements_statement"')
    ]
    assert ['"content"' in sql for sql in updates] == [False]
