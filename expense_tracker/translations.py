"""Catalogs of translations: each ``django.mo`` that Django reads is made of the ``django.po`` that people write.

The app does so whenever it starts; `python -m expense_tracker.translations` does while an image is built.
"""

import logging
import os
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"

logger = logging.getLogger(__name__)


def ensure_catalogs():
    """Make what is missing or out of date. A folder that cannot be written is no reason not to start."""
    try:
        compile_catalogs()
    except OSError as error:
        logger.warning("Translations are missing or out of date: %s", error)


def compile_catalogs(locale: Path = LOCALE):
    """Write ``django.mo`` beside each ``django.po`` where it is missing or older. Several may do so at once."""
    for source in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        catalog = source.with_suffix(".mo")
        if not catalog.exists() or catalog.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _compile(source, catalog)


def _compile(source: Path, catalog: Path):
    # Imported here: a start that finds nothing to do needs none of it.
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
