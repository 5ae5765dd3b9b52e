"""Sums are reckoned exactly, whatever people type, and never by floats."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ledgers.money import parse_sum, write

numbers = st.decimals("0", "9999", places=2)


@st.composite
def sums(draw, depth=3) -> tuple[str, Fraction]:
    """A sum as a person writes it in English, and what it comes to."""
    if depth == 0 or draw(st.booleans()):
        number = draw(numbers)
        return f"{number:f}", Fraction(number)
    (left, a), (right, b) = draw(sums(depth=depth - 1)), draw(sums(depth=depth - 1))
    sign = draw(st.sampled_from("+-*/" if b else "+-*"))
    value = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else a}[sign]
    blank = draw(st.sampled_from(["", " "]))
    return f"({left}){blank}{sign}{blank}({right})", value


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Half away from zero, by whole numbers only."""
    numerator, denominator = abs(value.numerator) * 10**decimals, value.denominator
    whole = (2 * numerator + denominator) // (2 * denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


@given(sums(), st.sampled_from([0, 2, 3]))
def test_a_sum_is_what_fractions_say(written, decimals):
    text, value = written
    if abs(value) < 10**11:
        found = parse_sum(f"={text}", decimals)
        assert (found, type(found)) == (rounded(value, decimals), Decimal)


@given(st.text("0123456789.,+-*/()= e×÷−", max_size=30) | st.text(max_size=30), st.sampled_from(["en", "de"]))
def test_whatever_is_typed_is_an_amount_or_refused(text, language):
    with override(language):
        try:
            amount = parse_sum(text, 2)
        except ValidationError:
            return
        assert isinstance(amount, Decimal)
        assert parse_sum(write(amount, 2, grouped=False), 2) == amount


@pytest.mark.parametrize("text", ["(" * 21 + "1" + ")" * 21, "1+" * 100 + "1"])
def test_what_is_too_deep_or_too_long_is_refused(text):
    with pytest.raises(ValidationError):
        parse_sum(text, 2)
