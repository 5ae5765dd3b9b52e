"""How gunicorn serves the expense tracker: its configuration file."""

import os
import signal
import socket
import struct
import sys

wsgi_app = "expense_tracker.wsgi"
workers = 2
worker_class = "gthread"
threads = 4
preload_app = True
sendfile = False  # which would wait for a slow reader for ever, whatever PATIENCE says
PATIENCE = 15  # seconds that a client may keep a thread without sending its request, or taking its answer, any further
graceful_timeout = 10  # seconds that requests under way have left after Ctrl-C
loglevel = "warning"  # requests are logged by our own middleware
control_socket_disable = True
# Each worker shows that it lives by touching a file, which may take seconds on a busy disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108


def on_starting(server):
    """Refuse to serve without row security, and load the pages so that nobody's first request has to."""
    from django.db import OperationalError
    from django.urls import get_resolver

    from database.roles import RoleError
    from expense_tracker.starting import refuse_unsafe_role

    try:
        refuse_unsafe_role()
    except RoleError as error:
        sys.exit(str(error))
    except OperationalError:
        pass  # it may come back; each connection is looked at anyway
    get_resolver().check()


def when_ready(server):
    """Limit how long clients stall, say where to look, and let Ctrl-C stop the server as gently as SIGTERM does."""
    from django.utils.translation import gettext as _

    for listener in server.LISTENERS:
        limit_patience(listener.sock)
    host, port = server.cfg.address[0]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    print(_("The expense tracker is at %(url)s – Ctrl-C stops it.") % {"url": url}, flush=True)  # noqa: T201
    signal.signal(signal.SIGINT, lambda *_: server.signal(signal.SIGTERM, None))


def on_exit(server):
    """The database serves commands as well, so it stays: say how to stop it."""
    from django.conf import settings
    from django.utils.translation import gettext as _

    if settings.EMBEDDED_POSTGRES:
        print(_("The database keeps running; “manage.py postgres stop” ends it."), flush=True)  # noqa: T201


def post_worker_init(worker):
    """A worker stops when the server tells it to, and not when Ctrl-C reaches it as well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def limit_patience(listener: socket.socket):
    """Connections taken from this socket fail with BlockingIOError where they would wait longer than PATIENCE.

    They inherit it, unlike a timeout of Python, which gunicorn takes away with ``setblocking(True)``.
    """
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        listener.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", PATIENCE, 0))
