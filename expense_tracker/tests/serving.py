"""The product started as anybody starts it, with `manage.py serve` in a process of its own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

from database.cluster import Cluster

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
NOT_WANTED = ("DATABASE_URL", "HTTPS", "DEBUG", "ALLOWED_HOSTS", "SECRET_KEY", "PORT", "SIGNUP")


class FirstStart(NamedTuple):
    """What two servers did that were started at once on an empty folder, and stopped with Ctrl-C.

    Their DATA_DIR is ``home / "data"``, whose database runs still. Each list has something of each of the two.
    """

    home: Path
    cluster: Cluster
    said: list[str]  # until the address, which ends it
    urls: list[str]
    health: list[Any]  # the answers of /healthz
    statuses: list[int]  # of the processes that ended


@contextmanager
def first_start() -> Iterator[FirstStart]:
    """A folder that is gone when the block ends, with its database."""
    # Not tmp_path: as root, PostgreSQL runs as somebody who may not enter that.
    home = Path(tempfile.mkdtemp(prefix="serve tests "))
    home.chmod(0o755)
    cluster = Cluster(home / "data" / "postgres")
    try:
        yield FirstStart(home, cluster, *_start_two(home))
    finally:
        cluster.stop()
        shutil.rmtree(home)


def _start_two(home: Path) -> tuple[list[str], list[str], list[Any], list[int]]:
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(home, "--demo")) for _ in range(2)]
        said, urls = zip(*map(announced, servers), strict=True)
        health = [_health(url) for url in urls]
        for server in servers:
            # As a terminal does: to the server and to its workers.
            os.killpg(server.pid, signal.SIGINT)
        return list(said), list(urls), health, [server.wait(timeout=30) for server in servers]


def _health(url: str):
    with urlopen(f"{url}healthz", timeout=30) as answer:  # noqa: S310
        return json.load(answer)


@contextmanager
def serving(home: Path, *words: str) -> Iterator[subprocess.Popen]:
    """A server started from another folder, with a DATA_DIR relative to it."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_WANTED}
    environment |= {"DATA_DIR": "data", "PORT": str(free_port())}
    command = [sys.executable, MANAGE, "serve", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=home, env=environment, start_new_session=True, **pipes) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def announced(process: subprocess.Popen) -> tuple[str, str]:
    """All that the server said until it named its address, and the address."""
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://\S+", line):
            return said, found[0]
    raise AssertionError(f"the server ended, and said:\n{said}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
