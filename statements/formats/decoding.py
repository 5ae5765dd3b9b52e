"""Bytes of a text file as text, whatever encoding they are in and whatever they claim to be in."""

import codecs
from collections.abc import Iterable

from charset_normalizer import from_bytes

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE = 200_000  # bytes that a guess is made from


def ascii_of(head: bytes) -> str:
    """The ASCII letters of the begin of a file, in whatever encoding, to look for a format's marks in."""
    return head.replace(b"\0", b"").decode("ascii", "ignore")


def decoded(raw: bytes, declared: Iterable[str] = ()) -> str:
    """``raw`` as text, with "\\n" as the only line end.

    A byte order mark decides, then UTF-8 if all of it is (nothing else looks like it by chance), then the encodings the
    file itself declares, then a guess. Bytes that have no meaning in it become U+FFFD. NULs are dropped.
    """
    text = _decoded(raw, declared)
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(raw: bytes, declared: Iterable[str]) -> str:
    for bom, encoding in BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(encoding, "replace")
    if raw[:400:2].count(0) > 40 or raw[1:400:2].count(0) > 40:
        return raw.decode("utf-16-be" if raw[:1] == b"\0" else "utf-16-le", "replace")
    for encoding in ("utf-8", *declared):
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode(_guess(raw), "replace")


def _guess(raw: bytes) -> str:
    """cp1252 where the letters beyond ASCII could be anything; a sample of mostly those tells its alphabet."""
    beyond = bytes(byte for byte in raw[:SAMPLE] if byte > 127)
    if len(beyond) < 20:
        return "cp1252"
    best = from_bytes(raw[:SAMPLE]).best()
    return best.encoding if best else "cp1252"
