"""Django's PostgreSQL backend that works as the web's role, and tells PostgreSQL who acts.

It also starts the embedded server when that is needed: `settings.EMBEDDED_POSTGRES` names its folder, or is None.
"""

import logging
import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import psycopg
from django.conf import settings
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base, client, creation
from django.db.utils import OperationalError
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from database import acting
from database.cluster import PORT, Cluster, ClusterError
from database.errors import OutcomeUnknown
from database.roles import drop_web_role, refuse_unsafe, web_credentials
from database.row_security import NOBODY_ACTS, TELL

security = logging.getLogger("security")
QUIET = 1  # second: a connection that was idle for longer is asked whether it still answers


def start_server() -> str:
    """Make sure the embedded server runs. Raise Django's OperationalError if it cannot be started.

    The connection pool calls this before each connection it opens, as the source of its connection string:
    it is empty because everything is said by keywords.
    """
    try:
        Cluster(settings.EMBEDDED_POSTGRES).ensure()
    except ClusterError as error:
        raise OperationalError(str(error)) from error
    return ""


def program(name: str) -> str:
    """Where one of PostgreSQL's programs is: beside the embedded server, else wherever PATH finds it."""
    return str(Cluster(settings.EMBEDDED_POSTGRES).bin / name) if settings.EMBEDDED_POSTGRES else name


class DatabaseClient(client.DatabaseClient):
    """What `manage.py dbshell` runs."""

    @classmethod
    def settings_to_cmd_args_env(cls, settings_dict, parameters):
        (name, *arguments), env = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [program(name), *arguments], env

    def runshell(self, parameters):
        self.connection.get_connection_params()
        super().runshell(parameters)


class DatabaseCreation(creation.DatabaseCreation):
    def _destroy_test_db(self, test_database_name, verbosity):
        super()._destroy_test_db(test_database_name, verbosity)
        with self.connection._nodb_cursor() as cursor:
            drop_web_role(cursor, self.connection.settings_dict | {"NAME": test_database_name})


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient
    creation_class = DatabaseCreation

    def __init__(self, settings_dict, *args, **kwargs):
        if settings.EMBEDDED_POSTGRES:
            _point_to_embedded_server(settings_dict)
        super().__init__(settings_dict, *args, **kwargs)
        # Databases are made and dropped by the owner.
        self.is_owner = self.alias == NO_DB_ALIAS
        self.is_pooled = True
        self._actors = {}  # by savepoint of the transaction: who acted when it was made

    @contextmanager
    def owner(self) -> Iterator[None]:
        """Inside the block this connection is the owner's, who makes tables and sees every row."""
        if self.is_owner:
            yield
            return
        self.validate_no_atomic_block()
        self.close()
        self.is_owner = True
        try:
            yield
        finally:
            self.close()
            self.is_owner = False

    @property
    def pool(self):
        return super().pool if self.is_pooled and not self.is_owner else None

    def get_connection_params(self):
        # Django asks this even when the pool has a connection to give, and then makes nothing of the answer.
        if self.is_pooled and not self.is_owner and self._has_idle_connection():
            return {}
        if settings.EMBEDDED_POSTGRES:
            start_server()
        parameters = super().get_connection_params()
        return parameters if self.is_owner else parameters | web_credentials(self.settings_dict)

    def get_new_connection(self, conn_params):
        """A connection that works, if need be after the pool has replaced all it had.

        A server that was restarted left every one of them dead. The pool's own check would find them one after
        the other, with pauses in between that are longer than a request waits.
        """
        connection = super().get_new_connection(conn_params)
        if self.pool and not _answers(connection):
            self.pool.drain()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection

    def tell_actor(self):
        """Tell the transaction under way, if there is one, who acts now."""
        if self.in_atomic_block and self._transaction_status() == TransactionStatus.INTRANS:
            self._send(_telling(acting.current().settings()))

    def create_cursor(self, name=None):
        if not self.autocommit and self._transaction_status() == TransactionStatus.IDLE:
            self._begin()
        if name and not self.autocommit:
            # Django would keep its rows beyond the transaction, as psycopg knows of none.
            return base.ServerSideCursor(self.connection, name=name, scrollable=False, withhold=False)
        return super().create_cursor(name)

    def _set_autocommit(self, autocommit):
        """psycopg stays in autocommit: it would send a BEGIN of its own before ours, which also tells who acts."""
        if autocommit:
            super()._set_autocommit(True)
        else:
            self._begin()

    def _savepoint(self, sid):
        super()._savepoint(sid)
        self._actors[sid] = acting.current()

    def _savepoint_rollback(self, sid):
        """PostgreSQL is back at who acted when the savepoint was made; whoever acts since goes on acting."""
        super()._savepoint_rollback(sid)
        if acting.current() != self._actors[sid]:
            self.tell_actor()

    def _begin(self):
        self._actors.clear()
        actor = acting.current()
        # Nobody has to be told of: it would be the query that fixes the moment for who asks for one.
        self._send(b"BEGIN; " + (b"" if actor == acting.NOBODY else _telling(actor.settings())))

    def _send(self, statements: bytes):
        with self.wrap_database_errors:
            self.connection.execute(statements)

    def _transaction_status(self) -> TransactionStatus | None:
        return self.connection and self.connection.pgconn.transaction_status

    def _commit(self):
        try:
            super()._commit()
        except OperationalError as error:
            if self.connection and self.connection.closed:
                raise OutcomeUnknown(str(error)) from error.__cause__
            raise

    def _close(self):
        if self.connection:
            self.connection.idle_since = time.monotonic()
        super()._close()

    def _configure_connection(self, connection):
        if not self.is_owner:
            refuse_unsafe(connection)
            connection.add_notice_handler(_log_forgotten_actor)
        return super()._configure_connection(connection)

    def _has_idle_connection(self) -> bool:
        pool = self._connection_pools.get(self.alias)
        return pool is not None and pool.get_stats()["pool_available"] > 0


def _answers(connection) -> bool:
    """Whether the server is still there. One that went has shut its end, which there is something to read from.

    To ask each time would cost a round trip. A machine that went without a word shows only when it is asked.
    """
    idle = time.monotonic() - getattr(connection, "idle_since", 0)
    try:
        if idle > QUIET or _has_news(connection):
            ConnectionPool.check_connection(connection)
    except psycopg.OperationalError:
        return False
    return True


def _has_news(connection) -> bool:
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))


@lru_cache(maxsize=1000)
def _telling(actor: tuple[str, ...]) -> bytes:
    """The statement that tells the transaction under way who acts: the values of ``row_security.SETTINGS``."""
    return sql.SQL(TELL).format(*map(sql.Literal, actor)).as_bytes()


def _log_forgotten_actor(diagnostic):
    if diagnostic.message_primary == NOBODY_ACTS:
        security.error("Rows of a ledger were asked for, but nobody acts: none were given.", stack_info=True)


def _point_to_embedded_server(settings_dict: dict) -> None:
    folder = Cluster(settings.EMBEDDED_POSTGRES).socket_folder
    settings_dict |= {"HOST": str(folder), "PORT": str(PORT), "USER": settings_dict.get("USER") or "postgres"}
    if pool := settings_dict.get("OPTIONS", {}).get("pool"):
        # The threads of the pool start the server too. After failures they pause ever longer: give up early.
        ours = {"conninfo": start_server, "reconnect_timeout": 5}
        settings_dict["OPTIONS"] |= {"pool": ours | ({} if pool is True else pool)}


# A pool's threads do not survive a fork, so a web worker forked from a process that has one makes its own.
os.register_at_fork(after_in_child=base.DatabaseWrapper._connection_pools.clear)
