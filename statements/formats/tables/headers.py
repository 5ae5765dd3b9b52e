"""What the name over a column says about the column."""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from statements.formats.tables.currencies import codes, is_currency
from statements.formats.tables.dialects import Role
from statements.formats.tables.word_parts import FOREIGN, NUMBERS, PARTS
from statements.formats.tables.words import NAMES

NOT_FOREIGN = {
    Role.AMOUNT,
    Role.DEBIT,
    Role.CREDIT,
    Role.BALANCE,
    Role.CURRENCY,
    Role.DATE,
    Role.PAYEE,
    Role.TEXT,
}
NOT_NUMBERS = {Role.PAYEE, Role.TEXT}
BRACKET = re.compile(r"[(（\[](.*?)[)）\]]")
LONGEST = 80  # characters of a name
UNITS = {"in", "元", "円", "ft"}


class Meaning(NamedTuple):
    """``rank`` is the lower the better where a file has several columns of the role."""

    role: Role
    rank: int


def normal(name: str) -> str:
    """The name without case, accents, marks and double blanks: "N° de Opération" is "n de operation"."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    if plain.strip() in {"+/-", "#"}:
        return plain.strip()
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


@cache
def known() -> dict[str, tuple[Meaning, ...]]:
    """What every whole name there is can mean, the name in its normal form: "valuta" is a date or a currency."""
    found: dict[str, list[Meaning]] = {}
    for role, groups in NAMES.items():
        for rank, group in enumerate(groups):
            for name in re.split(r"[|\n]", group):
                found.setdefault(normal(name), []).append(Meaning(role, rank))
    return {name: tuple(meanings) for name, meanings in found.items()}


@cache
def parts() -> tuple[tuple[str, Role], ...]:
    words = [(normal(word), role) for role, text in PARTS.items() for word in re.split(r"[|\n]\s*", text)]
    order = list(PARTS)
    return tuple(sorted(words, key=lambda pair: order.index(pair[1])))


@cache
def listed(text: str) -> frozenset[str]:
    """The words of a list that are separated by | or a line's end, in their normal form."""
    return frozenset(normal(word) for word in re.split(r"[|\n]", text))


def contains(name: str, word: str) -> bool:
    """Whether the word is one of the name's; in writing without blanks, whether it is in it."""
    return (
        word in name if word and not word.isascii() and ord(word[0]) > 0x2E80 else f" {word} " in f" {name} "
    )


def is_foreign(name: str) -> bool:
    """Whether the name speaks of another currency or account than that of the row."""
    text = normal(name)
    return any(contains(text, word) for word in listed(FOREIGN))


@cache
def meanings(name: str) -> tuple[Meaning, ...]:
    """All that a name can mean; what the column holds decides."""
    if len(name) > LONGEST or not (text := normal(name)):
        return ()
    if text in known():
        return known()[text]
    plain = normal(BRACKET.sub(lambda found: " " if is_currency(found[1].strip()) else found[0], name))
    short = " ".join(word for word in plain.split() if word.upper() not in codes() and word not in UNITS)
    if short != text and (short in known() or not short):
        return known().get(short, (Meaning(Role.AMOUNT, 3),))
    return _by_part(short)


def meaning(name: str) -> Meaning | None:
    """What a name says first of all, None if nothing."""
    return next(iter(meanings(name)), None)


def _by_part(text: str) -> tuple[Meaning, ...]:
    excluded = NOT_FOREIGN if any(contains(text, word) for word in listed(FOREIGN)) else set()
    excluded = excluded | (NOT_NUMBERS if any(contains(text, word) for word in listed(NUMBERS)) else set())
    found = [role for word, role in parts() if role not in excluded and contains(text, word)]
    return tuple(Meaning(role, 9) for role in dict.fromkeys(found))
