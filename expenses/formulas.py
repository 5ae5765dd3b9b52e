"""Texts that a spreadsheet would take for a formula.

In a file such a text has an apostrophe in front, which reading takes away again: what is exported and loaded is
equal. A text that had apostrophes before its sign already gets one more, to be told from those.
"""

import re

# Blanks too, which some programs skip, and the full-width signs, which some take for the plain ones.
SIGN = r"[=+\-@\s＝＋－＠]"
LIKE_A_FORMULA = re.compile(rf"'*{SIGN}")
GUARDED = re.compile(rf"'+{SIGN}")


def guard(text: str) -> str:
    """The text as no spreadsheet calculates it."""
    return f"'{text}" if LIKE_A_FORMULA.match(text) else text


def unguard(text: str) -> str:
    """The text that ``guard`` was given."""
    return text[1:] if GUARDED.match(text) else text
