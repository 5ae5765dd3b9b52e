"""Whoever acts is known to each transaction, and to nothing else."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from database.acting import NOBODY, Actor, acting_as, become, current, operator
from database.row_security import SETTINGS

TOLD = "SELECT " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in SETTINGS)
ALICE, BOB = Actor(user_id=1), Actor(user_id=2)
EVERY_KIND = [
    NOBODY,
    ALICE,
    Actor(user_id=7, only_ledger_id=3, read_only=True),
    operator('it\'s a "test" % \\'),
]


def told() -> tuple[str, ...]:
    """What PostgreSQL knows of the actor now."""
    with connection.cursor() as cursor:
        cursor.execute(TOLD)
        return cursor.fetchone()


@pytest.fixture(autouse=True)
def _nobody():
    with acting_as(NOBODY):
        yield


@pytest.mark.parametrize("actor", EVERY_KIND, ids=str)
@pytest.mark.django_db(transaction=True)
@pytest.mark.catalogue(55)
def test_a_transaction_knows_the_actor_and_the_connection_forgets_it(actor):
    with acting_as(actor):
        with transaction.atomic():
            assert told() == actor.settings()
        assert told() == NOBODY.settings()


@pytest.mark.parametrize("actor", EVERY_KIND, ids=str)
@pytest.mark.django_db
def test_the_transaction_under_way_is_told_when_somebody_else_acts(actor):
    with acting_as(ALICE):
        with acting_as(actor):
            assert told() == actor.settings()
        assert told() == ALICE.settings()
    assert told() == NOBODY.settings()


@pytest.mark.django_db
def test_becoming_lasts_until_whoever_began_ends():
    with acting_as(ALICE):
        become(BOB)
        assert (current(), told()) == (BOB, BOB.settings())
    assert (current(), told()) == (NOBODY, NOBODY.settings())


@pytest.mark.django_db
def test_a_savepoint_that_is_rolled_back_leaves_the_actor_of_before():
    with acting_as(ALICE):
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(BOB):
            connection.cursor().execute("SELECT 1 / 0")
        assert (current(), told()) == (ALICE, ALICE.settings())


@pytest.mark.django_db
def test_whoever_was_become_in_a_savepoint_acts_on_after_it_is_rolled_back():
    with acting_as(ALICE):
        with transaction.atomic():
            with transaction.atomic():
                become(BOB)
                transaction.set_rollback(True)
            assert (current(), told()) == (BOB, BOB.settings())
            transaction.set_rollback(True)
        become(BOB)
        assert (current(), told()) == (BOB, BOB.settings())


@pytest.mark.django_db
def test_a_savepoint_that_is_rolled_back_without_another_actor_keeps_the_change_sets():
    with acting_as(ALICE), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('expense_tracker.change_sets', ' 1:2 ', true)")
        with transaction.atomic():
            transaction.set_rollback(True)
        cursor.execute("SELECT current_setting('expense_tracker.change_sets')")
        assert cursor.fetchone() == (" 1:2 ",)


@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_does_not_hide_its_error_behind_the_end_of_an_actor():
    with pytest.raises(DatabaseError, match="division by zero"), transaction.atomic(), acting_as(BOB):
        connection.cursor().execute("SELECT 1 / 0")
    assert told() == NOBODY.settings()


def one_transaction(dice: random.Random) -> list[str]:
    """A transaction of a random actor with a random end. Names what was wrong."""
    actor, wrong = dice.choice(EVERY_KIND), []

    def check(expected, where):
        if told() != expected.settings():
            wrong.append(f"{where}: {told()} instead of {expected.settings()}")

    with acting_as(actor):
        check(NOBODY, "outside a transaction")
        try:
            with transaction.atomic():
                check(actor, "begin")
                for _ in range(dice.randrange(3)):
                    _savepoint(dice, check, actor)
                if dice.random() < 0.2:
                    connection.cursor().execute("SELECT 1 / 0")
                if dice.random() < 0.2:
                    transaction.set_rollback(True)
        except DatabaseError:
            pass
    check(NOBODY, "afterwards")
    if dice.random() < 0.3:
        connection.close()
    return wrong


def _savepoint(dice, check, actor):
    other = dice.choice(EVERY_KIND)
    try:
        with transaction.atomic(), acting_as(other):
            check(other, "savepoint")
            if dice.random() < 0.5:
                connection.cursor().execute("SELECT 1 / 0")
    except DatabaseError:
        pass
    check(actor, "after a savepoint")


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
def test_of_many_mixed_transactions_on_a_small_pool_none_has_a_wrong_actor(scale, settings):
    """8 threads share 4 connections; errors, rollbacks and savepoints at random, but the same ones each time."""
    pool = connection.settings_dict["OPTIONS"]["pool"]
    connection.close()
    connection.close_pool()
    before, pool["max_size"] = pool["max_size"], 4

    def run(seed):
        dice = random.Random(seed)
        try:
            return [wrong for _ in range(scale(50, 400)) for wrong in one_transaction(dice)]
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(run, range(8))) == [[]] * 8
        assert connection.pool.get_stats()["pool_size"] <= 4
    finally:
        connection.close()
        connection.close_pool()
        pool["max_size"] = before
