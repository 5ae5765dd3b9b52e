"""What the name over a column says about the column."""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from statements.formats.tables.currencies import codes
from statements.formats.tables.dialects import Role
from statements.formats.tables.words import FOREIGN, NAMES, PARTS

FOREIGN_ROLES = {
    Role.AMOUNT,
    Role.CURRENCY,
    Role.DATE,
    Role.DEBIT,
    Role.CREDIT,
    Role.BALANCE,
    Role.TEXT,
    Role.PAYEE,
}
# With such a word a name is that of a number or an address, and not of a person or a text.
LONGEST = 80  # characters of a name
UNITS = {"in", "元", "円", "ft"}
NUMBERS_OF = "number account iban bic konto kontonummer no nr id city country code address adresse adres zip phone compte rekening rachunek rachunku numer ucet uctu".split()


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
def foreign_words() -> frozenset[str]:
    return frozenset(normal(word) for word in re.split(r"[|\n]\s*", FOREIGN))


def contains(name: str, word: str) -> bool:
    """Whether the word is one of the name's; in writing without blanks, whether it is in it."""
    return (
        word in name if word and not word.isascii() and ord(word[0]) > 0x2E80 else f" {word} " in f" {name} "
    )


def is_foreign(name: str) -> bool:
    """Whether the name speaks of another currency or account than that of the row."""
    text = normal(name)
    return any(contains(text, word) for word in foreign_words())


@cache
def meanings(name: str) -> tuple[Meaning, ...]:
    """All that a name can mean; what the column holds decides."""
    if len(name) > LONGEST or not (text := normal(name)):
        return ()
    if text in known():
        return known()[text]
    short = " ".join(word for word in text.split() if word.upper() not in codes() and word not in UNITS)
    if short != text and (short in known() or not short):
        return known().get(short, (Meaning(Role.AMOUNT, 3),))
    part = _by_part(short)
    return (part,) if part else ()


def meaning(name: str) -> Meaning | None:
    """What a name says first of all, None if nothing."""
    return next(iter(meanings(name)), None)


def _by_part(text: str) -> Meaning | None:
    foreign = any(contains(text, word) for word in foreign_words())
    if any(contains(text, word) for word in NUMBERS_OF):
        foreign = True
    for word, role in parts():
        if contains(text, word) and not (foreign and role in FOREIGN_ROLES):
            return Meaning(role, 9)
    return None
