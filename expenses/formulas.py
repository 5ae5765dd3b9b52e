"""Texts that a spreadsheet would take for a formula.

A spreadsheet calculates a cell that begins with ``= + - @``, their wide or small forms included, and may pass over
blanks, quotation marks and invisible characters before it; see https://owasp.org/www-community/attacks/CSV_Injection.
Where a cell begins is not ours to say: in many countries files are split at semicolons, whatever stands in quotes.
So in a file an apostrophe stands directly before each such sign that a text begins with, or that comes after a
separator within it. Reading takes it away again: what is exported and loaded is equal.
"""

import re

SIGNS = r"=+\-@⁺⁼₊₌﬩﹢﹣﹦﹫＝＋－＠"  # all that Unicode calls compatible with = + - @
SEPARATORS = r";|\t-\r\x1c-\x1f\x85\u2028\u2029"
# Control and format characters, blanks, variation selectors and fillers.
INVISIBLE = (
    r"\x01-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5"
    r"\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
PASSED_OVER = rf"['\"{SEPARATORS}{INVISIBLE}]"
# Everything passed over before a sign, which takes no longer the longer it is: it is looked at from its begin only.
BEFORE_A_SIGN = re.compile(rf"(?<!{PASSED_OVER}){PASSED_OVER}*+(?=[{SIGNS}])")
SEPARATOR = re.compile(rf"[{SEPARATORS}]")


def guard(text: str) -> str:
    """The text as no spreadsheet calculates any part of it."""
    return BEFORE_A_SIGN.sub(lambda found: f"{found[0]}'" if _begins_a_cell(found) else found[0], text)


def unguard(text: str) -> str:
    """The text that ``guard`` was given."""
    return BEFORE_A_SIGN.sub(
        lambda found: found[0].removesuffix("'") if _begins_a_cell(found) else found[0], text
    )


def _begins_a_cell(found: re.Match) -> bool:
    return not found.start() or bool(SEPARATOR.search(found[0]))
