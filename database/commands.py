"""What the commands of this project share."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import UndefinedTable

from database.acting import NOBODY, acting_as, become, operator
from database.roles import RoleError, prepare_web_role


class DatabaseCommand(BaseCommand):
    """A command that works with the tables, in every ledger, and says what to do where they are not there yet.

    It is one transaction, unless ``all_or_nothing`` is off. With ``one_moment`` it sees all rows as they were when it
    began, whoever writes meanwhile, and writes none.
    """

    all_or_nothing = True
    one_moment = False

    def execute(self, *args, **options):
        try:
            name = type(self).__module__.rpartition(".")[2]
            with _own_connection(), acting_as(NOBODY), self._transaction():
                become(operator(name, via="command", act=name))
                return super().execute(*args, **options)
        except OperationalError as error:
            message = _("The database does not let us in: %(why)s") % {"why": error}
            raise CommandError(f"{message}\n{_missing()}") from error
        except ProgrammingError as error:
            if not isinstance(error.__cause__, UndefinedTable):
                raise
            raise CommandError(_missing()) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """To be begun by nobody: telling PostgreSQL who acts is a query, which would fix the moment too early.

        In a transaction of somebody else, the moment is theirs to choose.
        """
        if not self.all_or_nothing:
            yield
            return
        starts = not connection.in_atomic_block
        with transaction.atomic():
            if self.one_moment and starts:
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            _take_your_time()
            yield


@contextmanager
def _own_connection() -> Iterator[None]:
    """Not one of the pool, if there is none yet: a pool would try for seconds before it said why it cannot connect."""
    if connection.connection:
        yield
        return
    before, connection.is_pooled = connection.is_pooled, False
    try:
        yield
    finally:
        connection.close()
        connection.is_pooled = before


def _take_your_time():
    """A command may load a large file, or wait for somebody to type a password."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")


def _missing() -> str:
    return _("If the database is new, run “manage.py serve” or “manage.py migrate” first.")


class OwnerCommand(BaseCommand):
    """Above one of Django's commands that need more than the web's role may do: the owner of the tables does it."""

    makes_tables = True

    def execute(self, *args, **options):
        with connection.owner():
            output = super().execute(*args, **options)
            if self.makes_tables:
                self._open_tables()
            return output

    @staticmethod
    def _open_tables():
        try:
            prepare_web_role(connection)
        except RoleError as error:
            raise CommandError(str(error)) from error
