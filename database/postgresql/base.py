"""Django's PostgreSQL backend, which starts the embedded server when it is needed.

`settings.EMBEDDED_POSTGRES` names that server's folder. With None it is Django's own backend.
"""

import os

from django.conf import settings
from django.db.backends.postgresql import base, client
from django.db.utils import OperationalError

from database.cluster import PORT, Cluster, ClusterError


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


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def __init__(self, settings_dict, *args, **kwargs):
        if settings.EMBEDDED_POSTGRES:
            _point_to_embedded_server(settings_dict)
        super().__init__(settings_dict, *args, **kwargs)

    def get_connection_params(self):
        # Django asks this even when the pool has a connection to give. Looking at the server then would make
        # it fork a process for each request.
        if settings.EMBEDDED_POSTGRES and not self._has_idle_connection():
            start_server()
        return super().get_connection_params()

    def _has_idle_connection(self) -> bool:
        pool = self._connection_pools.get(self.alias)
        return pool is not None and pool.get_stats()["pool_available"] > 0


def _point_to_embedded_server(settings_dict: dict) -> None:
    folder = Cluster(settings.EMBEDDED_POSTGRES).socket_folder
    settings_dict |= {"HOST": str(folder), "PORT": str(PORT), "USER": settings_dict.get("USER") or "postgres"}
    if pool := settings_dict.get("OPTIONS", {}).get("pool"):
        # The threads of the pool start the server too. After failures they pause ever longer: give up early.
        ours = {"conninfo": start_server, "reconnect_timeout": 5}
        settings_dict["OPTIONS"] |= {"pool": ours | ({} if pool is True else pool)}


# A pool's threads do not survive a fork, so a web worker forked from a process that has one makes its own.
os.register_at_fork(after_in_child=base.DatabaseWrapper._connection_pools.clear)
