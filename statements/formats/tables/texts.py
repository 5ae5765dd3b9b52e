"""Texts of a statement as they can be stored and shown: one line, nothing in them that steers a terminal or a page."""

import re

# Escape sequences (ECMA-48), control characters, soft hyphens, marks that turn the direction of writing, invisible
# blanks, and halves of characters. Joiners (U+200C, U+200D) stay: Persian and many emoji are wrong without them.
STEERING = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The text without what cannot be seen, blanks collapsed."""
    if not text.isprintable():
        text = STEERING.sub("", text)
    return " ".join(text.split())
