"""Catalogs of translations: the ``django.mo`` that Django reads, made of the ``django.po`` that people write.

`python -m expense_tracker.translations` makes them while an image is built; else the app does when it starts.
"""

import logging
import os
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"

logger = logging.getLogger(__name__)


def compile_catalogs(locale: Path = LOCALE):
    """Write ``django.mo`` beside each ``django.po`` where it is missing or older.

    Several processes may do so at once, and a folder that cannot be written is no reason not to start: what
    lacks its catalog speaks English.
    """
    for source in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        catalog = source.with_suffix(".mo")
        try:
            if not _is_fresh(catalog, source):
                _compile(source, catalog)
        except OSError as error:
            logger.warning("%s cannot be written: %s", catalog, error.strerror)


def _is_fresh(catalog: Path, source: Path) -> bool:
    return catalog.exists() and catalog.stat().st_mtime_ns >= source.stat().st_mtime_ns


def _compile(source: Path, catalog: Path):
    # Imported here: a start that finds every catalog fresh needs none of it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    half = catalog.with_name(f".{os.getpid()}.mo")
    try:
        with source.open("rb") as written, half.open("wb") as compiled:
            write_mo(compiled, read_po(written))
        half.replace(catalog)
    finally:
        half.unlink(missing_ok=True)


if __name__ == "__main__":
    compile_catalogs()
