"""From uploaded files and pasted cells to an import whose statements wait to be read."""

import os
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from ledgers.models import Ledger
from statements.formats import unpack
from statements.formats.limits import BYTES, FILES
from statements.formats.lines import Unreadable, gettext_noop
from statements.models import Import, Statement
from statements.wording import kept, shown

ALL_BYTES = 4 * BYTES  # of everything that is uploaded at once
TOO_LARGE = gettext_noop("The file is larger than %(most)s MB.")
EMPTY = gettext_noop("The file is empty.")


class NotTaken(Exception):
    """Nothing was written. ``messages`` are sentences that name the files and say why."""

    def __init__(self, *messages: str):
        super().__init__(" ".join(messages))
        self.messages = list(messages)


@transaction.atomic
def begin_import(ledger: Ledger, user, files: Iterable[tuple[str, BinaryIO]], pasted: str = "") -> Import:
    """An import of these files, by name, and of cells that were pasted, tab separated. None of them is read yet.

    Archives are taken apart, and what is there twice is taken once. A file that cannot be taken stays in the import
    with the reason; if none can be, raises NotTaken.
    """
    of_import = Import.objects.create(ledger=ledger, created_by=user)
    refused: list[tuple[str, dict]] = []
    digests, size = set(), 0
    for name, content in _contents(files, pasted, refused):
        size += len(content)
        digest = blake2b(content, digest_size=16).hexdigest()
        is_new = digest not in digests
        digests.add(digest)
        _check_sum(size, len(digests) + len(refused))
        if is_new:
            _statement(of_import, name, content=content, digest=digest)
    _check_sum(size, len(digests) + len(refused))
    if not digests:
        said = [_named(name, problem) for name, problem in refused]
        raise NotTaken(*(said or [_("Choose a file, or paste some rows.")]))
    for name, problem in refused:
        _statement(of_import, name, state=Statement.State.REFUSED, problem=problem)
    return of_import


def _check_sum(size: int, files: int):
    if size > ALL_BYTES or files > FILES:
        raise NotTaken(
            _("At most %(files)s files with %(most)s MB together can be imported at once.")
            % {"files": FILES, "most": ALL_BYTES // 1_000_000}
        )


def _statement(of_import: Import, name: str, **values) -> Statement:
    name = name.replace("\0", "")[-200:] or _("file")
    return Statement.objects.create(ledger_id=of_import.ledger_id, of_import=of_import, name=name, **values)


def _contents(files, pasted: str, refused: list) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, one at a time; what cannot be taken goes to ``refused`` with the reason."""
    for name, file in files:
        try:
            _check_size(file)
            for member, unpacked in unpack(file, name):
                content = unpacked.read()
                if not content.strip(b"\0 \t\r\n"):
                    raise Unreadable(EMPTY)
                yield member, content
        except Unreadable as error:
            refused.append((name, kept(error.message)))
    if pasted.strip():
        # Not longer than a file may be: a form's text is bounded by DATA_UPLOAD_MAX_MEMORY_SIZE.
        yield _("pasted.csv"), pasted.replace("\r\n", "\n").strip("\n").encode("utf-8", "replace")


def _check_size(file: BinaryIO):
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > BYTES:
        raise Unreadable(TOO_LARGE, most=BYTES // 1_000_000)


def _named(name: str, problem: dict) -> str:
    return _("“%(name)s”: %(problem)s") % {"name": name, "problem": shown(problem)}
