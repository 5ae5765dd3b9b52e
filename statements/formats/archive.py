"""Archives: ZIPs of statements, and single files packed with gzip."""

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from statements.formats import limits
from statements.formats.lines import Unreadable, gettext_noop
from statements.formats.values import words

ZIP, GZIP = (b"PK\x03\x04", b"PK\x05\x06"), b"\x1f\x8b"
DAMAGED = (BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError, zlib.error)


def is_archive(head: bytes) -> bool:
    """Whether ``unpack`` would find other files in it; a workbook or text document is a ZIP, but no such archive."""
    is_document = b"[Content_Types].xml" in head or b"xl/" in head or head[30:38] == b"mimetype"
    return head.startswith(GZIP) or (head.startswith(ZIP) and not is_document)


def unpack(file: BinaryIO, name: str) -> Iterator[tuple[str, BinaryIO]]:
    """Each file in an archive with its bare name, one at a time; any other file as it is.

    What comes out of an archive is not unpacked again. Raises Unreadable, before anything is unpacked, where the
    archive is damaged, locked, or beyond the limits.
    """
    head = file.read(4096)
    file.seek(0)
    if not is_archive(head):
        yield name, file
    elif head.startswith(GZIP):
        yield name.removesuffix(".gz"), _gunzipped(file)
    else:
        yield from _members(file)


def has_too_many_entries(file: BinaryIO) -> bool:
    """Whether listing what is in this ZIP would cost too much.

    Each entry of its directory begins with these four bytes (APPNOTE.TXT 4.3.12), whatever number its end states.
    """
    file.seek(0)
    count = file.read(limits.BYTES + 1).count(b"PK\x01\x02")
    file.seek(0)
    return count > limits.ENTRIES


def _gunzipped(file: BinaryIO) -> BinaryIO:
    try:
        with gzip.open(file) as packed:
            content = packed.read(limits.BYTES + 1)
    except DAMAGED as error:
        raise _damaged() from error
    if len(content) > limits.BYTES:
        raise _too_much()
    return BytesIO(content)


def _members(file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    if has_too_many_entries(file):
        raise _too_many()
    try:
        archive = ZipFile(file)
    except DAMAGED as error:
        raise _damaged() from error
    members = [member for member in archive.infolist() if not _is_furniture(member)]
    _check(members)
    for member in members:
        try:
            content = archive.read(member)
        except DAMAGED as error:
            raise _damaged() from error
        yield _bare(member), BytesIO(content)


def _check(members: list[ZipInfo]):
    if not members:
        raise Unreadable(gettext_noop("There are no files in this archive."))
    if len(members) > limits.FILES:
        raise _too_many()
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable(gettext_noop("This archive is locked with a password; unpack it first."))
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > limits.BYTES or unpacked > max(1_000_000, limits.RATIO * packed):
        raise _too_much()


def _is_furniture(member: ZipInfo) -> bool:
    """Folders, and what a system leaves beside the files (.DS_Store, __MACOSX)."""
    return member.is_dir() or _bare(member).startswith(".") or member.filename.startswith("__MACOSX/")


def _bare(member: ZipInfo) -> str:
    return words(PurePosixPath(member.filename.replace("\\", "/")).name)


def _damaged() -> Unreadable:
    return Unreadable(gettext_noop("This archive is damaged; unpack it first."))


def _too_many() -> Unreadable:
    return Unreadable(gettext_noop("There are more than %(most)s files in this archive."), most=limits.FILES)


def _too_much() -> Unreadable:
    return Unreadable(
        gettext_noop("This archive unpacks to more than %(most)s MB: refused."),
        most=limits.BYTES // 1_000_000,
    )
