"""Tags as people write them: ``lunch with Ada #work``."""

import re
from collections.abc import Iterable
from unicodedata import normalize

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from expenses.models import MOST_WORDS, in_order

LONGEST_TAG = 50
# A word after a number sign, and the white space before both; what ends a sentence is not part of the word.
WRITTEN = re.compile(r"(?:^|(?<=\s)|\s+)#(\S+?)(?=[.,;:!?)]*(?:\s|$))")

BETWEEN = re.compile(r"[\s,]+")


def normal_tag(word: str) -> str | None:
    """The word as a tag is kept, in lower case; None if it cannot be one.

    A tag has no white space and, of ASCII's punctuation, only ``-`` and ``_``. It does not begin with those or with a
    figure, so that “invoice #5” stays what it is.
    """
    tag = normalize("NFC", normalize("NFC", word).lower())
    fits = 0 < len(tag) <= LONGEST_TAG and not tag[0].isnumeric() and tag[0] not in "-_"
    return tag if fits and all(map(_may_be_in_tag, tag)) else None


def _may_be_in_tag(letter: str) -> bool:
    if letter.isascii():
        return letter.isalnum() or letter in "-_"
    return letter.isprintable() and not letter.isspace() and not letter.isupper()


def clean_tags(words: Iterable[str]) -> list[str]:
    """These words as an expense keeps them. Raises ValidationError that names the first which is no tag."""
    tags = []
    for word in words:
        tag = normal_tag(word)
        if tag is None:
            raise ValidationError(_("“%(word)s” cannot be a tag."), "tag", {"word": word[:LONGEST_TAG]})
        tags.append(tag)
    if len(tags := in_order(tags)) > MOST_WORDS:
        raise ValidationError(_("Write at most %(most)d tags."), "too_many", {"most": MOST_WORDS})
    return tags


def parse_tags(text: str) -> list[str]:
    """Words between blanks or commas, each with or without its number sign, as an expense keeps them.

    Raises ValidationError.
    """
    return clean_tags(word.removeprefix("#") for word in BETWEEN.split(text) if word)


def take_tags(text: str) -> tuple[str, list[str]]:
    """A text without the tags written in it, and those: the other way of ``Expense.notes_with_tags``.

    Raises ValidationError if there are too many.
    """
    tags = []

    def take(match: re.Match) -> str:
        tag = normal_tag(match[1])
        if tag is None:
            return match[0]
        tags.append(tag)
        return ""

    rest = WRITTEN.sub(take, text)
    return (rest.strip() if tags else rest), clean_tags(tags)
