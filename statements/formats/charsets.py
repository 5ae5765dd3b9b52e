"""In which encoding a text file is written."""

import codecs
import re
from collections.abc import Sequence

import charset_normalizer

from statements.formats.lines import Unreadable, gettext_noop
from statements.formats.tables.headers import known, normal

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1254",
    "cp1253",
    "cp1257",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
]
# Standards begin with the common characters: GB 2312, Big5 and JIS X 0208 level 1, KS X 1001 Hangul.
COMMON = {
    "gb18030": (range(0xB0, 0xD8),),
    "big5": (range(0xA4, 0xC7),),
    "euc_kr": (range(0xB0, 0xC9),),
    "euc_jp": (range(0xA4, 0xA6), range(0xB0, 0xD0)),
    "cp932": (range(0x82, 0x84), range(0x88, 0x98)),
}
AS_GOOD = 0.01  # of what charset-normalizer calls chaos
HEADER_WITHIN = 40  # lines
LOOKED_AT = 64 * 1024  # bytes of a file that is not UTF-8; its first lines beyond ASCII may come late
BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
MUCH = 0.1  # control bytes in the head of a file, from which on it is no text


def encoding_of(data: bytes) -> str:
    """The name of the encoding of the whole file.

    "utf-8" is given for a file that is UTF-8 but for some lines, too. Raises Unreadable for what is no text at all.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    head = data[:4096]
    if wide := _wide(head):
        return wide
    if len(BINARY.findall(head.replace(b"\x00", b"", 16))) > MUCH * len(head) or b"\x00" * 8 in head:
        raise Unreadable(gettext_noop("This is not a text file."))
    return "utf-8" if _is_mostly_utf8(data) else _legacy(data)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every second byte of Latin text is 0."""
    pairs = len(head) // 2 or 1
    if head[1::2].count(0) > 0.6 * pairs and head[::2].count(0) < 0.1 * pairs:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > 0.6 * pairs and head[1::2].count(0) < 0.1 * pairs else ""


def _is_mostly_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        good = bad = 0
        for line in data.splitlines():
            if not line.isascii():
                is_good = decodes(line, "utf-8")
                good, bad = good + is_good, bad + (not is_good)
        return good > 0 and good * 4 >= bad
    return True


def decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _legacy(data: bytes) -> str:
    """One of the encodings of before UTF-8, by which of them gives words of a language."""
    lines = [line for line in data[: 16 * LOOKED_AT].splitlines(keepends=True) if not line.isascii()]
    telling = b"".join(lines)[:LOOKED_AT]
    fit = [name for name in LEGACY if decodes(data, name) and _keeps_bars(data, name)]
    likely = _likely(telling, fit or LEGACY)
    name = max([likely, *fit], key=lambda one: _names(data, one))  # the first of those that are equal
    # Where the letters are those of western Europe, the encodings of its neighbours give the same.
    return "cp1252" if _same(telling, name, "cp1252") else name


def _keeps_bars(data: bytes, encoding: str) -> bool:
    """Whether all | of a table they delimit remain: in some encodings one may be the second half of a character."""
    bars = data.count(b"|")
    return bars <= data.count(b"\n") or data.decode(encoding, "replace").count("|") == bars


def _likely(telling: bytes, encodings: Sequence[str]) -> str:
    """What charset-normalizer finds; among equally likely ones, that which makes the most common characters."""
    found = list(charset_normalizer.from_bytes(telling, cp_isolation=list(encodings))) if telling else []
    best = [one.encoding for one in found if one.chaos <= found[0].chaos + AS_GOOD]
    return max(best, key=lambda encoding: _common(telling, encoding), default="cp1252")


def _common(data: bytes, encoding: str) -> float:
    """The share of characters in the rows of a standard that hold the common ones, by their first byte."""
    if encoding not in COMMON:
        return 0
    first = [
        char.encode(encoding)[0]
        for char in data.decode(encoding, "ignore")
        if not char.isascii() and char.isalnum()
    ]
    kana = COMMON[encoding][0] if encoding == "euc_jp" else range(0)
    usual = sum(any(byte in rows for rows in COMMON[encoding]) for byte in first)
    # Japanese is hardly written without kana; without, its most common characters are those of Korean and Chinese, too.
    return usual / (len(first) or 1) - (0.1 if kana and not any(byte in kana for byte in first) else 0)


def _names(data: bytes, encoding: str) -> int:
    """How many names of columns are known if the file is in this encoding; in another their accents make no sense."""
    lines = data[:LOOKED_AT].splitlines()[:HEADER_WITHIN]
    texts = (line.decode(encoding, "replace") for line in lines if not line.isascii())
    return sum(bool(known().get(normal(cell))) for text in texts for cell in re.split(r'[,;|\t"]+', text))


def _same(data: bytes, one: str, other: str) -> bool:
    return data.decode(one, "replace") == data.decode(other, "replace")
