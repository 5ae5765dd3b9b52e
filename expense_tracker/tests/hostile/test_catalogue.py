"""The catalogue of hostile input has 66 rows: each is proved by a test that names it, or excused with a reason."""

import re

from django.conf import settings

ROWS = range(1, 67)
EXCUSED = {
    11: "no expense recurs yet",
    63: "nothing happens by the clock yet",
}
MARK = re.compile(r"mark\.catalogue\(([\d, ]+)\)")


def proved() -> set[int]:
    """The rows that a test names."""
    texts = [path.read_text(encoding="utf-8") for path in settings.BASE_DIR.glob("*/tests/**/test_*.py")]
    return {int(row) for text in texts for rows in MARK.findall(text) for row in rows.split(",")}


def test_every_row_is_proved_or_excused():
    assert set(ROWS) - proved() - set(EXCUSED) == set()


def test_no_row_is_excused_that_is_proved():
    assert set(EXCUSED) & proved() == set()
