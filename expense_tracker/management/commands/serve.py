"""`manage.py serve`: everything from an empty folder to a running server, in one command."""

import ipaddress
import os
import socket
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database.roles import web_url
from expense_tracker import workers
from expense_tracker.starting import one_at_a_time, prepare

# By which docker compose and libpq know the owner's password.
OWNERS_PASSWORDS = ("POSTGRES_PASSWORD", "PGPASSWORD")
HTTPS_NOT_DECIDED = gettext_lazy(
    "%(host)s can be reached by other machines, so decide first how passwords travel. Set HTTPS=on if a "
    "proxy in front of this server speaks https, or HTTPS=off if plain http in a network you trust is what "
    "you want. ALLOWED_HOSTS must name the host that people type."
)


class Command(BaseCommand):
    help = _("Prepare the database and the static files, then serve with gunicorn. Ctrl-C stops it.")

    def add_arguments(self, parser):
        port = os.environ.get("PORT") or "8000"
        parser.add_argument("--host", default="127.0.0.1", help=_("Where to listen; 127.0.0.1 if not given."))
        parser.add_argument("--port", type=int, default=port, help=_("PORT of the environment, or 8000."))
        parser.add_argument("--demo", action="store_true", help=_("Also fill a ledger to look around in."))

    def handle(self, *args, host, port, demo, **options):
        if not _is_loopback(host) and not os.environ.get("HTTPS"):
            raise CommandError(HTTPS_NOT_DECIDED % {"host": host})
        _check_free(host, port)
        try:
            with connection.owner(), one_at_a_time():
                prepare()
                if demo:
                    call_command("load_demo", stdout=self.stdout)
        except DatabaseError as error:
            raise CommandError(_("The database does not answer: %(why)s") % {"why": error}) from error
        self.stdout.flush()
        connection.close()
        connection.close_pool()
        _become_gunicorn(host, port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_free(host: str, port: int):
    """Find out now, and not after the preparations, whether we may listen there. Raises CommandError."""
    if not 0 < port < 65_536:
        raise CommandError(_("A port is a number from 1 to 65535, not %(port)d.") % {"port": port})
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _name, address = found[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        message = _("Port %(port)d of %(host)s cannot be used: %(why)s. Choose another with --port or PORT.")
        raise CommandError(message % {"port": port, "host": host, "why": error}) from error


def _become_gunicorn(host: str, port: int):
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    config = ["--config", f"file:{workers.__file__}", "--chdir", str(settings.BASE_DIR)]
    # A relative DATA_DIR was meant from where we are, not from where gunicorn goes.
    environment = {**os.environ, "DATA_DIR": str(settings.DATA_DIR), **_web_database()}
    for name in OWNERS_PASSWORDS:
        environment.pop(name, None)
    command = [sys.executable, "-m", "gunicorn", *config, "--bind", bind]
    os.execve(sys.executable, command, environment)  # noqa: S606


def _web_database() -> dict[str, str]:
    """What the server gets to know of the database: the web's role, and not the owner's password."""
    if not settings.DATABASE_URL:
        return {}
    url = web_url(settings.DATABASE_URL, connection.settings_dict)
    return {"DATABASE_URL": url, "WEB_DATABASE_URL": url}
