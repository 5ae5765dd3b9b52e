"""Sums that people write where an amount is asked for: ``12.50+3*2``.

::

    sum     = product (("+" | "-") product)*
    product = factor (("*" | "×" | "/" | "÷") factor)*
    factor  = ["-"] (number | "(" sum ")")

A number is written as the reader's language does. An equals sign before all of it, as spreadsheets want, is taken off.
All is reckoned with fractions, so nothing is lost on the way; only the result is rounded, half away from zero, to the
decimals of the currency, and that is what is shown before it is saved.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 200
DEEPEST = 20
MOST_DECIMALS = 6  # of a number in a sum: 1.239 a litre
SIGNS = str.maketrans({"\u2212": "-", "×": "*", "·": "*", "÷": "/"})
TOKEN = re.compile(r"\s*(?:([-+*/()])|([^-+*/()]+))")


def is_sum(text: str) -> bool:
    """Whether there is anything to reckon: a sign of arithmetic other than one before the first number."""
    text = text.strip().translate(SIGNS)
    return text.startswith("=") or bool(re.search(r"[*/()]|(?<=[^-+\s])\s*[-+]", text))


def reckon(text: str, number: Callable[[str], Decimal], decimals: int) -> Decimal:
    """What a sum comes to, to so many decimals. ``number`` reads one number, without a sign.

    Raises ValidationError.
    """
    if len(text) > LONGEST:
        raise ValidationError(_("This is too long to be reckoned."), "sum")
    return _rounded(_Sum(text, number).value(), decimals)


def _rounded(value: Fraction, decimals: int) -> Decimal:
    scaled = abs(value) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    return Decimal(-whole if value < 0 else whole).scaleb(-decimals)


class _Sum:
    """Reads one sum from left to right."""

    def __init__(self, text: str, number: Callable[[str], Decimal]):
        text = text.strip().translate(SIGNS).removeprefix("=")
        self.parts = [sign or word.strip() for sign, word in TOKEN.findall(text)]
        self.parts = [part for part in self.parts if part]
        self.number, self.depth = number, 0

    def value(self) -> Fraction:
        value = self._sum()
        if self.parts:
            raise self._unfinished()
        return value

    def _sum(self) -> Fraction:
        value = self._product()
        while self._is_next("+", "-"):
            value = value + self._product() if self._take() == "+" else value - self._product()
        return value

    def _product(self) -> Fraction:
        value = self._factor()
        while self._is_next("*", "/"):
            sign, factor = self._take(), self._factor()
            if sign == "/" and not factor:
                raise ValidationError(_("Nothing can be divided by zero."), "sum")
            value = value * factor if sign == "*" else value / factor
        return value

    def _factor(self) -> Fraction:
        if self._is_next("-"):
            self._take()
            return -self._operand()
        return self._operand()

    def _operand(self) -> Fraction:
        if not self.parts or self._is_next(*"+-*/)"):
            raise self._unfinished()
        part = self._take()
        return self._bracket() if part == "(" else Fraction(self.number(part))

    def _bracket(self) -> Fraction:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._unfinished()
        value = self._sum()
        if not self._is_next(")"):
            raise self._unfinished()
        self._take()
        self.depth -= 1
        return value

    def _is_next(self, *signs: str) -> bool:
        return bool(self.parts) and self.parts[0] in signs

    def _take(self) -> str:
        return self.parts.pop(0)

    @staticmethod
    def _unfinished() -> ValidationError:
        return ValidationError(_("This cannot be reckoned. Write a sum such as 12+3*2."), "sum")
