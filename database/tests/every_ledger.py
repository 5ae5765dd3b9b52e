"""How tests make and look at the rows of any ledger."""

from contextlib import contextmanager

from django.db import connection, transaction

from database.acting import acting_as, current, operator

TESTS = operator("tests")


@contextmanager
def every_ledger():
    """Every ledger is open inside the block, also without a transaction; not to the requests sent from there."""
    with acting_as(TESTS), connection.execute_wrapper(_in_transaction):
        yield


def _in_transaction(execute, *statement):
    if connection.in_atomic_block or connection.is_owner or current() != TESTS:
        return execute(*statement)
    with transaction.atomic():
        return execute(*statement)
