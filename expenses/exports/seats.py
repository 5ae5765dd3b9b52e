"""Where an export is written before a byte of it is sent, and how many long ones a process has at once."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import TextIO
from weakref import finalize

from django.utils.translation import gettext as _

from expenses.exports.selection import TryAgain

IN_MEMORY = 250_000  # bytes; a longer file goes to the disk
# For long files of this process, made or on their way. Whoever reads one slowly keeps a thread busy, and half of the
# threads that gunicorn has in a process have to be left for everybody else.
SEATS = BoundedSemaphore(2)


class ExportFile(SpooledTemporaryFile):
    """A file without a name. A long one has one of the ``SEATS`` until it is closed or forgotten.

    Writing raises TryAgain where it would have to wait for a seat.
    """

    seat = None

    def __init__(self):
        super().__init__(max_size=IN_MEMORY)

    def take_seat(self):
        """For a file that will be long, before it is."""
        if self.seat:
            return
        if not SEATS.acquire(blocking=False):
            raise TryAgain(_("Others are exporting at the moment. Try again in a few seconds."))
        self.seat = finalize(self, SEATS.release)

    def rollover(self):
        self.take_seat()
        super().rollover()

    @contextmanager
    def as_text(self) -> Iterator[TextIO]:
        """The file as UTF-8; line breaks are written as they are."""
        text = io.TextIOWrapper(self, "utf-8", newline="")
        yield text
        text.detach()

    def __exit__(self, *error):
        self.close()

    def close(self):
        try:
            super().close()
        finally:
            if self.seat:
                self.seat()
