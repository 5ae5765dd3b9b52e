"""Between the web and PostgreSQL: keeps the answer to a COMMIT from arriving."""

import socket
import socketserver
import threading
from enum import Enum
from pathlib import Path
from select import select

from database.cluster import PORT

# Messages of https://www.postgresql.org/docs/current/protocol-message-formats.html
BEGIN, COMMIT = (b"Q" + (len(word) + 5).to_bytes(4) + word + b"\0" for word in (b"BEGIN", b"COMMIT"))
READY = b"Z\0\0\0\5I"  # ends the answer to COMMIT
WRITING = b'INSERT INTO "expenses_expense"'


class Cut(Enum):
    """When a connection is cut: before PostgreSQL gets the COMMIT, or after it has carried it out."""

    BEFORE = "before"
    AFTER = "after"


class Cutter(socketserver.ThreadingUnixStreamServer):
    """Listens in ``folder`` and passes everything on to the server in ``socket_folder``, and back.

    Whoever sets ``next_cut`` has the next COMMIT of a transaction that wrote an expense cut off, once.
    """

    daemon_threads = True

    def __init__(self, folder: Path, socket_folder: Path):
        name = f".s.PGSQL.{PORT}"
        super().__init__(str(folder / name), Connection)
        self.beyond = str(socket_folder / name)
        self.next_cut: Cut | None = None

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.shutdown()
        self.server_close()


class Connection(socketserver.BaseRequestHandler):
    """One connection of the web's. When this returns, both its ends are closed."""

    def handle(self):
        with socket.socket(socket.AF_UNIX) as beyond:
            beyond.connect(self.server.beyond)
            self.has_written = False
            while all(self._pass_on(ready, beyond) for ready in select([self.request, beyond], [], [])[0]):
                pass

    def _pass_on(self, ready, beyond) -> bool:
        """Whether the connection stays."""
        data = ready.recv(65_536)
        if ready is beyond:
            self.request.sendall(data)
        elif data == COMMIT and self.has_written and self.server.next_cut:
            self._cut(beyond)
            return False
        else:
            self.has_written = data != BEGIN and (self.has_written or WRITING in data)
            beyond.sendall(data)
        return bool(data)

    def _cut(self, beyond):
        cut, self.server.next_cut = self.server.next_cut, None
        if cut is Cut.AFTER:
            beyond.sendall(COMMIT)
            answer = b""
            while not answer.endswith(READY):
                answer += beyond.recv(65_536)
