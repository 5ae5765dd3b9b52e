"""Amounts as files write them, and which sign is the decimal separator, decided over all rows of a file."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from statements.formats.tables.currencies import currency_of, is_currency

LARGEST = Decimal(10) ** 12  # what a column of money can hold
PROOFS = 1_000  # so many amounts that prove the separator are enough
LONGEST = 40  # characters of an amount
MINUS = str.maketrans("−–—‒﹣－➖", "-------")
BLANKS = str.maketrans("", "", " \t\u00a0\u202f\u2007\u2009'’`´＇\u200b")
DIGITS = re.compile(r"(\d[\d.,]*|[.,]\d+)")
PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
# What may stand beside the digits: a sign, brackets, and the words for debit and credit.
OUT_WORDS = {"dr", "d", "db", "dbt", "debit", "s", "soll"}
IN_WORDS = {"cr", "c", "credit", "h", "haben"}


def parts(cell: str) -> tuple[str, str] | None:
    """Sign ("-", "+" or "") and digits with separators of an amount; None if the cell is none.

    "(1,234.50)", "1.234,50-", "$ -5", "− 5 €", "5.00 CR", "10,000円" are amounts; "1e3", "0x1F", "--5" are none.
    """
    if len(cell) > LONGEST:
        return None
    text = (
        cell.strip()
        if cell.isascii()
        else unicodedata.normalize("NFKC", cell.translate(MINUS)).translate(MINUS).strip()
    )
    text = text.removesuffix(".-").removesuffix(",-")
    found = DIGITS.search(squeezed := text.translate(BLANKS))
    if not found:
        return None
    before, after = squeezed[: found.start()], squeezed[found.end() :]
    if before.startswith("(") and after.endswith(")"):
        before, after, signs = before[1:], after[:-1], "-"
    else:
        signs = ""
    for around in (before, after):
        sign = _sign(around)
        if sign is None:
            return None
        signs += sign
    return (signs, found[0]) if len(signs) < 2 else None


def _sign(around: str) -> str | None:
    """What stands on one side of the digits: a sign, a currency or both; None if anything else does."""
    if not around:
        return ""
    sign = "-" if "-" in around else "+" if "+" in around else ""
    rest = around.replace(sign, "", 1) if sign else around
    if not rest or is_currency(rest):
        return sign
    word = rest.casefold().rstrip(".")
    if not sign and (word in OUT_WORDS or word in IN_WORDS):
        return "-" if word in OUT_WORDS else "+"
    for cut in range(1, len(word)):  # "EURCR"
        if not sign and is_currency(rest[:cut]) and word[cut:] in OUT_WORDS | IN_WORDS:
            return "-" if word[cut:] in OUT_WORDS else "+"
    return None


def digits_of(cells: Iterable) -> Iterator[str]:
    """The digits with their separators of all cells that are amounts."""
    for cell in cells:
        if isinstance(cell, str):
            if PLAIN.fullmatch(cell):
                yield cell.lstrip("+-")
            elif split := parts(cell):
                yield split[1]


def currency_beside(cell: str) -> str:
    """The currency that stands beside the digits of an amount, "" if none does or it is open which."""
    if PLAIN.fullmatch(cell):
        return ""
    found = DIGITS.search(text := cell.translate(MINUS).translate(BLANKS))
    around = (text[: found.start()], text[found.end() :]) if found else ()
    return next((code for side in around if side and (code := currency_of(side.strip("+-()")))), "")


def separator(digits: str) -> str | None:
    """What the digits prove as the decimal separator: "." or ","; "?" if they read both ways, None if nothing."""
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        return "." if digits.rindex(".") > digits.rindex(",") else ","
    mark = "." if dots else ","
    if dots + commas == 0:
        return None
    other = "," if dots else "."
    if dots + commas > 1:
        return other if _is_grouped(digits, mark) else None
    whole, fraction = digits.split(mark)
    return "?" if len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0" else mark


def _is_grouped(digits: str, mark: str) -> bool:
    """Whether the mark separates thousands, or as in India lakhs: 1,23,456."""
    first, *middle, last = digits.split(mark)
    if len(last) != 3 or not 1 <= len(first) <= 3:
        return False
    return all(len(group) == 3 for group in middle) or (
        len(first) <= 2 and all(len(group) == 2 for group in middle)
    )


def decide(digits: Iterable[str]) -> str | None:
    """The decimal separator of a file, "?" if it has to be asked, None if there is none at all.

    Beside what an amount alone proves: whoever writes 524 and 3,000 does not write three decimals, or 524 had them.
    """
    points = commas = 0
    unproved = []
    for text in digits:
        proof = separator(text)
        points, commas = points + (proof == "."), commas + (proof == ",")
        if points + commas >= PROOFS:
            break
        if proof in {"?", None}:
            unproved.append((text, proof))
    if points or commas:
        return "." if points >= commas else ","
    open_ones = [text for text, proof in unproved if proof == "?"]
    if not open_ones:
        return None
    whole = [text for text, _ in unproved if text.isdigit()]
    marks = {"." if "." in text else "," for text in open_ones}
    is_thousands = any(len(text) < 4 for text in whole) and not any(len(t) > 3 for t in whole)
    if len(marks) == 1 and is_thousands and any(text.endswith("0") for text in open_ones):
        return "," if "." in marks else "."
    return "?"


def value(digits: str, point: str | None) -> Decimal | None:
    """The number, None where the separators do not stand as they must."""
    proof = separator(digits)
    point = proof if proof in {".", ","} else point or "."
    other = "," if point == "." else "."
    whole, mark, fraction = digits.partition(point)
    if point in fraction or other in fraction or digits[-1] in ".,":
        return None
    if other in whole and not _is_grouped(whole, other):
        return None
    number = Decimal(whole.replace(other, "") + ("." + fraction if mark else ""))
    return number if number < LARGEST else None


class Amounts(dict):
    """Amounts by the cell they stand in, each read once; None for a cell that is no amount.

    >>> Amounts(",")["-1.234,50 €"]
    Decimal('-1234.50')
    """

    def __init__(self, point: str | None):
        super().__init__()
        self.point = point

    def __missing__(self, cell):
        self[cell] = result = self.read(cell)
        return result

    def read(self, cell) -> Decimal | None:
        """The amount in a cell, without remembering it."""
        if isinstance(cell, Decimal):
            return cell if cell.is_finite() and abs(cell) < LARGEST else None
        if not isinstance(cell, str):
            return None
        if self.point != "," and len(cell) < 13 and PLAIN.fullmatch(cell):
            return Decimal(cell) + 0  # which makes 0 of -0
        found = parts(cell)
        number = found and value(found[1], self.point)
        return None if number is None else -number + 0 if found[0] == "-" else number
