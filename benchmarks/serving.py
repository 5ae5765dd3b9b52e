"""Serves the project for a benchmark: ``manage.py serve`` with gunicorn and an embedded PostgreSQL of its own."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.asking import Connection, Request

HERE = Path(__file__).resolve().parents[1]
LIBC = ctypes.CDLL(None)


class Server:
    """The project in the folder ``tree``, with its data in ``home``; nothing of this machine's settings reaches it."""

    def __init__(self, home: Path, tree: Path = HERE):
        self.home, self.tree, self.port = home, tree, free_port()
        self.environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(home), "PORT": str(self.port)}

    @contextmanager
    def database(self):
        """The folder is there; whatever started the PostgreSQL in it, it is stopped after the block."""
        self.home.mkdir(mode=0o711, parents=True, exist_ok=True)
        try:
            yield self
        finally:
            self.manage("postgres", "stop")

    @contextmanager
    def running(self, *words: str):
        """Serve during the block; ``words`` go to ``manage.py serve``. Raises SystemExit with its log if it ends."""
        with open(self.home / "server.log", "wb") as log:
            command = [sys.executable, str(self.tree / "manage.py"), "serve", *words]
            options = {"env": self.environment, "stdout": log, "stderr": log, "start_new_session": True}
            self.process = subprocess.Popen(command, **options)
            try:
                self._wait()
                yield self
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def manage(self, *words: str) -> str:
        """What a command of ``manage.py`` prints. Raises CalledProcessError if it fails."""
        command = [sys.executable, str(self.tree / "manage.py"), *words]
        return subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    def shell(self, code: str) -> str:
        """The last line that this Python prints inside the project."""
        return self.manage("shell", "--no-imports", "-c", code).splitlines()[-1]

    def worker_memory(self) -> list[float]:
        """The most memory that each worker of gunicorn has had so far, in MB, what it shares with others included."""
        return [peak_memory(worker) for worker in children(self.process.pid)]

    def cpu_time(self) -> tuple[float, float]:
        """Milliseconds that gunicorn and PostgreSQL have computed since they were started.

        Unlike the time of the clock, their growth during a request hardly depends on what else the machine does.
        """
        postmaster = int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        return computed(self.process.pid), computed(postmaster)

    def _wait(self):
        connection = Connection(self.port)
        while True:
            try:
                return connection.ask(Request("GET", "/healthz", {}))
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit((self.home / "server.log").read_text()) from None
                time.sleep(0.1)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def computed(pid: int) -> float:
    """Milliseconds of CPU time that the children of a process have used, all threads together."""
    clock, total = ctypes.c_int(), 0.0
    for child in children(pid):
        # Exact to the microsecond, where /proc/<pid>/stat counts in hundredths of a second.
        if LIBC.clock_getcpuclockid(child, ctypes.byref(clock)) == 0:
            with suppress(OSError):  # it has just ended
                total += 1000 * time.clock_gettime(clock.value)
    return total


def peak_memory(pid: int) -> float:
    """The most memory that a process has had in RAM, in MB (``VmHWM`` of proc(5), there in units of 1024 bytes)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e6


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def temporary_folder():
    """Not shut to others as Python's are: for root, PostgreSQL runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
