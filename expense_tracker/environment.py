"""What the environment says, in the types that settings need."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def kept_secret(path: Path) -> str:
    """The secret in the file at ``path``; a new one is made and kept there on first use, readable by us only.

    Two processes starting at once agree on one secret: the file appears complete or not at all, and whoever
    comes second reads the first one's.
    """
    with suppress(FileNotFoundError):
        return path.read_text()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(50))
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text()
