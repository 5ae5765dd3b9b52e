"""What the environment says, in the types that settings need."""

import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SWITCH = {
    "on": True,
    "true": True,
    "yes": True,
    "1": True,
    "off": False,
    "false": False,
    "no": False,
    "0": False,
}
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
# As Django's own check has it, which warns where this refuses.
SECRET_LENGTH, SECRET_VARIETY = 50, 5
PLACEHOLDERS = ("insecure", "changeme", "change-me", "change_me", "placeholder", "your-secret", "your_secret")
HOW_TO_MAKE_ONE = "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"


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


def private_folder(path: Path) -> Path:
    """The folder at ``path``, made if need be, which nobody but us can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:  # it was there before
        path.chmod(0o700)
    return path


def switch(name: str, default: str = "off") -> bool:
    """Whether the variable is ``on``; ``default`` if it is not set. Raises ImproperlyConfigured for anything else."""
    text = os.environ.get(name) or default
    try:
        return SWITCH[text.lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name} must be on or off, not {text!r}.") from None


def choice(name: str, default: str, allowed: Collection[str], such_as: str = "") -> str:
    """The variable, or ``default`` if it is not set. Raises ImproperlyConfigured if it is none of ``allowed``."""
    text = os.environ.get(name) or default
    if text not in allowed:
        meant = f"a name such as {such_as}" if such_as else f"one of {', '.join(allowed)}"
        raise ImproperlyConfigured(f"{name} must be {meant}, not {text!r}.")
    return text


def number(name: str, default: int) -> int:
    """The variable as a number from 0 up, or ``default`` if it is not set. Raises ImproperlyConfigured."""
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a number such as 0 or 1, not {text!r}.")
    return int(text)


def secret(name: str, strong: bool) -> str:
    """The variable, or "" if it is not set. Raises ImproperlyConfigured if it has to be strong and is guessable."""
    text = os.environ.get(name, "")
    if text and strong and (weakness := _weakness(text)):
        raise ImproperlyConfigured(
            f"{name} {weakness}. Leave it out, and one is made and kept; or {HOW_TO_MAKE_ONE}"
        )
    return text


def _weakness(text: str) -> str:
    if any(word in text.lower() for word in PLACEHOLDERS):
        return "is an example that everybody knows"
    if len(text) < SECRET_LENGTH:
        return f"must have {SECRET_LENGTH} characters or more, not {len(text)}"
    if len(set(text)) < SECRET_VARIETY:
        return f"must have {SECRET_VARIETY} different characters or more"
    return ""
