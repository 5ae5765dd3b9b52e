"""Bad days of the database, with a real server in front of it: clear answers, nothing half written, back by itself."""

import os
import signal
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection

from expense_tracker.tests.faults.load import FIRST_YEAR, LAST_YEAR, Load
from expense_tracker.tests.faults.service import ROWS, wait_until

pytestmark = pytest.mark.torture

DOORS = ["page", "api", "save", "admin"]
SMALL = 12  # megabytes


def at(door: str, service):
    """Ask at one door for something that needs the expenses."""
    if door == "save":
        return service.save(date(2024, 8, 1))
    if door == "api":
        return service.api("expenses/")
    ledger = service.known["ledger"]
    return service.page(f"/ledgers/{ledger}/expenses/" if door == "page" else "/admin/expenses/expense/")


def test_while_the_database_is_away_answers_are_clear_and_no_acknowledged_day_is_lost(service, scale):
    with Load(service) as load:
        load.wait_for_saves(scale(2, 50))
        service.cluster.stop()
        threading.Event().wait(scale(3, 30))
        service.cluster.ensure()
        load.wait_for_saves(scale(2, 50))
    assert [answer for answer in load.answers if not answer.is_clear] == []
    assert {answer.status for answer in load.answers} == {200, 503}
    written = {day: rows for day, rows in service.rows_by_day().items() if FIRST_YEAR <= day < LAST_YEAR}
    acknowledged = {day for days in load.acknowledged.values() for day in days}
    print(f"{len(acknowledged)} saves acknowledged, {Counter(answer.status for answer in load.answers)}")  # noqa: T201
    assert acknowledged - set(written) == set()
    assert set(written.values()) == {ROWS}


@pytest.mark.parametrize(
    ("setting", "said"),
    [("lock_timeout", "Somebody else is changing the same"), ("statement_timeout", "too long")],
)
def test_whoever_waits_too_long_for_a_lock_is_told_when_to_come_back(service, setting, said):
    with service.setting(setting, "300ms"):
        with service.locked(), ThreadPoolExecutor(len(DOORS)) as threads:
            answers = list(threads.map(lambda door: at(door, service), DOORS))
        assert [(answer.status, answer.is_clear, said in answer.body) for answer in answers] == [
            (503, True, True)
        ] * 4
        assert [at(door, service).status for door in DOORS] == [200] * 4


@pytest.mark.catalogue(46)
def test_a_save_whose_backend_is_killed_is_refused_and_can_be_sent_again(service, scale):
    for number in range(scale(1, 50)):
        day = date(2030, 1, 1) + timedelta(days=number)
        with ThreadPoolExecutor(1) as thread, service.locked():
            answer = thread.submit(service.save, day)
            os.kill(waiting_backend(service), signal.SIGKILL)
            assert (answer.result().status, answer.result().is_clear) == (503, True)
        wait_until(partial(is_saved, service, day), seconds=60)
        assert service.rows_by_day()[day] == ROWS


def is_saved(service, day) -> bool:
    return service.save(day).status == 200


def waiting_backend(service) -> int:
    """The process of the web's that waits for a lock."""
    query = "SELECT pid FROM pg_stat_activity WHERE usename = 'expenses_web' AND wait_event_type = 'Lock'"
    with service.owner() as owner:
        (pid,) = wait_until(lambda: owner.execute(query).fetchone(), seconds=30)
    return pid


@contextmanager
def small_disk(service):
    """The table of expenses on a disk of a few megabytes; yields what makes the disk larger."""
    folder = service.home / "disk"
    folder.mkdir()
    owner = f"uid={os.stat(service.cluster.data).st_uid},mode=700"
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL}m,{owner}", "tmpfs", folder], capture_output=True
    )
    if made.returncode:
        folder.rmdir()
        pytest.skip("may not mount a small disk here")
    try:
        with service.owner() as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
            connection.execute("ALTER TABLE expenses_expense SET TABLESPACE small")
        yield lambda: subprocess.run(["mount", "-o", f"remount,size={4 * SMALL}m", folder], check=True)
    finally:
        with service.owner() as connection:
            connection.execute("ALTER TABLE expenses_expense SET TABLESPACE pg_default")
            connection.execute("CHECKPOINT")  # files of moved tables go now
            connection.execute("DROP TABLESPACE small")
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def test_a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room(service):
    rows = [{"date": "2040-01-01", "amount": "1", "notes": "x" * 1000}] * 1000
    with small_disk(service) as enlarge:
        statuses = []
        while not statuses or (statuses[-1] == 201 and len(statuses) < 50):
            answer = service.add(rows)
            statuses.append(answer.status)
        assert (answer.status, answer.body) == (
            507,
            '{"detail":"The disk of the server is full. Nothing was saved."}',
        )
        assert service.rows_by_day()[date(2040, 1, 1)] == 1000 * statuses.count(201)
        assert [at(door, service).status for door in ("page", "api", "admin")] == [200] * 3
        enlarge()
        assert service.add(rows).status == 201
        print(f"refused after {1000 * statuses.count(201)} rows of 1 KB")  # noqa: T201


@pytest.mark.django_db(transaction=True)
def test_when_every_connection_is_taken_the_next_request_is_told_to_come_back(browser, ledger, api):
    """In this process, whose pool can be made small: the server has fewer threads than connections."""
    pool = connection.settings_dict["OPTIONS"]["pool"]
    connection.close()
    connection.close_pool()
    before = dict(pool)
    pool |= {"max_size": 2, "timeout": 0.5}
    try:
        connection.pool.open()
        connections = [connection.pool.getconn() for _ in range(2)]
        browser.raise_request_exception = api.raise_request_exception = False
        page, call = browser.get("/"), api.get(f"/api/v1/ledgers/{ledger.pk}/expenses/")
        assert [(answer.status_code, answer["Retry-After"]) for answer in (page, call)] == [(503, "5")] * 2
        assert list(call.json()) == ["detail"]
        for held in connections:
            connection.pool.putconn(held)
        assert api.get(f"/api/v1/ledgers/{ledger.pk}/expenses/").status_code == 200
    finally:
        connection.close()
        connection.close_pool()
        pool.clear()
        pool |= before
