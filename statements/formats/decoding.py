"""Text files whose format says more about their encoding than a table does."""

import codecs
from collections.abc import Iterable

from statements.formats.charsets import MARKS, decodes, encoding_of
from statements.formats.lines import HEAD

BOMS = tuple(mark for mark, _ in MARKS)


def ascii_of(head: bytes) -> str:
    """The ASCII letters of the begin of a file, in whatever encoding, to look for a format's marks in."""
    return head.replace(b"\0", b"").decode("ascii", "ignore")


def decoded(raw: bytes, declared: Iterable[str] = ()) -> str:
    """``raw`` as text, with "\\n" as the only line end.

    A byte order mark decides, then UTF-8 if all of it is (nothing else looks like it by chance), then the encodings the
    file itself declares, then a guess. Bytes without a meaning in it become U+FFFD; NULs are dropped. Raises Unreadable
    for what is no text.
    """
    text = raw.decode(_encoding(raw, declared), "replace")
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def _encoding(raw: bytes, declared: Iterable[str]) -> str:
    if raw.startswith(BOMS) or b"\0" in raw[:HEAD] or decodes(raw, "utf-8"):
        return encoding_of(raw)
    return next((name for name in declared if _exists(name) and decodes(raw, name)), None) or encoding_of(raw)


def _exists(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return False
