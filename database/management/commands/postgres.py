"""`manage.py postgres`: look at, stop, copy or talk to the database."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from database.cluster import Cluster, ClusterError
from database.postgresql.base import DatabaseClient


class DumpClient(DatabaseClient):
    executable_name = "pg_dump"


class Command(BaseCommand):
    help = _("Look at, stop, copy or talk to the PostgreSQL database.")
    # It must work when nothing else does.
    requires_system_checks = []

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True, metavar=_("ACTION"))
        actions.add_parser("status", help=_("Tell whether the server runs, and where; exit status 1 if not."))
        actions.add_parser("stop", help=_("Stop the embedded server. The next connection starts it again."))
        dump = actions.add_parser("dump", help=_("Copy the whole database into a file, for pg_restore."))
        dump.add_argument("file", type=Path, metavar=_("FILE"), help=_("A .sql name gives plain SQL."))
        psql = actions.add_parser("psql", help=_("Open psql on the database."))
        psql.add_argument("arguments", nargs="*", metavar=_("ARGUMENT"), help=_("For psql, after --."))

    def handle(self, *args, action, **options):
        try:
            getattr(self, action)(**options)
        except ClusterError as error:
            raise CommandError(str(error)) from error

    def status(self, **options):
        if settings.EMBEDDED_POSTGRES:
            self._embedded_status()
        else:
            self._server_status()

    def stop(self, **options):
        if not settings.EMBEDDED_POSTGRES:
            raise CommandError(_("The server of DATABASE_URL has to be stopped where it runs."))
        Cluster(settings.EMBEDDED_POSTGRES).stop()
        self.stdout.write(_("PostgreSQL is stopped."))

    def dump(self, *, file, **options):
        try:
            self._write_dump(file)
        except OSError as error:
            message = _("%(file)s cannot be written: %(why)s") % {"file": file, "why": error.strerror}
            raise CommandError(message) from error
        self.stdout.write(_("The database is saved in %(file)s.") % {"file": file})

    def psql(self, *, arguments, **options):
        command, environment = self._command(DatabaseClient, arguments)
        self.stdout.flush()
        try:
            os.execvpe(command[0], command, environment)  # noqa: S606
        except FileNotFoundError as error:
            raise CommandError(_("psql is not installed.")) from error

    def _write_dump(self, file):
        # Only we may read the new file. A dump that fails or is interrupted leaves an old one as it was.
        descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        os.close(descriptor)
        try:
            self._pg_dump(draft, "plain" if file.suffix == ".sql" else "custom")
            os.replace(draft, file)
        except BaseException:
            os.unlink(draft)
            raise

    def _pg_dump(self, file, form):
        arguments = [f"--format={form}", f"--file={file}", "--no-password"]
        command, environment = self._command(DumpClient, arguments)
        try:
            result = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True)
        except FileNotFoundError as error:
            raise CommandError(_("pg_dump is not installed.")) from error
        if result.returncode:
            raise CommandError(_("The dump failed: %(why)s") % {"why": result.stderr.strip()})

    def _command(self, client, arguments):
        """The command line of one of PostgreSQL's programs and its environment, which holds the password."""
        try:
            connection.get_connection_params()  # starts the embedded server
        except DatabaseError as error:
            raise CommandError(str(error)) from error
        command, environment = client.settings_to_cmd_args_env(connection.settings_dict, arguments)
        return command, {**os.environ, **(environment or {})}

    def _embedded_status(self):
        status = Cluster(settings.EMBEDDED_POSTGRES).status()
        state = _("running") if status.running else _("not running")
        self._tell(_("PostgreSQL"), f"{status.version} ({state})")
        self._tell(_("Data"), status.data)
        self._tell(_("Socket"), status.socket_folder)
        self._tell(_("Process"), status.pid or _("none"))
        if not status.running:
            sys.exit(1)

    def _server_status(self):
        try:
            with connection.owner(), connection.cursor() as cursor:
                cursor.execute("SHOW server_version")
                (version,) = cursor.fetchone()
        except DatabaseError as error:
            self._tell(_("PostgreSQL"), _("not running"))
            raise CommandError(str(error)) from error
        self._tell(_("PostgreSQL"), f"{version} ({_('running')})")
        self._tell(_("Server"), "{HOST}:{PORT}/{NAME}".format_map(connection.settings_dict))

    def _tell(self, label, value):
        self.stdout.write(f"{label}: {value}")
