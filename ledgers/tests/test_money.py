from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ledgers import money

AMOUNTS = st.decimals(min_value="-999999999999.99", max_value="999999999999.99", places=2)


@pytest.mark.parametrize(
    ("language", "text", "amount"),
    [
        ("en", "1,234.50", "1234.50"),
        ("en", "1234.5", "1234.5"),
        ("en", ".50", "0.5"),
        ("en", "-20", "-20"),
        ("en", "\u221220", "-20"),
        ("en", "0", "0"),
        ("de", "1.234,50", "1234.50"),
        ("de", "1234,5", "1234.5"),
        ("de", "1.234", "1234"),
        ("de", "12.345.678,90", "12345678.90"),
    ],
)
def test_an_amount_is_read_the_way_its_language_writes_it(language, text, amount):
    with translation.override(language):
        assert money.parse_local(text, decimals=2) == Decimal(amount)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "text",
    [
        "1e3",
        "1E+2",
        "1_000",
        "NaN",
        "sNaN",
        "Infinity",
        "１２",
        "٣",
        "0x10",
        "--5",
        "5-",
        "1 000",
        "12.345.6",
        "-",
        ".",
    ],
)
def test_what_would_have_to_be_guessed_is_refused(language, text):
    with translation.override(language), pytest.raises(ValidationError):
        money.parse_local(text, decimals=2)


@pytest.mark.parametrize(
    ("language", "text"), [("en", "1,5"), ("en", "12,50"), ("de", "12.50"), ("de", "1.5")]
)
def test_the_other_languages_decimal_mark_is_refused_with_an_example(language, text):
    with translation.override(language), pytest.raises(ValidationError, match=r"1[.,]234[.,]50"):
        money.parse_local(text, decimals=2)


@pytest.mark.parametrize(
    ("decimals", "good", "bad"), [(0, "12", "12.5"), (2, "12.55", "12.555"), (3, "1.555", "1.5555")]
)
def test_an_amount_has_no_more_decimals_than_its_currency(decimals, good, bad):
    assert money.parse_plain(good, decimals) == Decimal(good)
    with pytest.raises(ValidationError, match="decimal"):
        money.parse_plain(bad, decimals)


def test_an_amount_has_at_most_twelve_digits_before_the_decimals():
    assert money.parse_plain("999999999999.99", 2) == Decimal("999999999999.99")
    with pytest.raises(ValidationError, match="12 digits"):
        money.parse_plain("1000000000000", 2)


@pytest.mark.parametrize("text", ["", " 1", "1 ", "1,5", "1.", ".5", "+1", "1e3", "١", "NaN", "1\n"])
def test_a_machine_writes_amounts_in_one_way_only(text):
    with pytest.raises(ValidationError):
        money.parse_plain(text, 2)


@pytest.mark.parametrize("language", ["en", "en-gb", "de"])
@given(amount=AMOUNTS)
def test_what_is_written_reads_back_the_same(language, amount):
    with translation.override(language):
        for grouped in (True, False):
            assert money.parse_local(money.write(amount, 2, grouped=grouped), 2) == amount
    assert money.parse_plain(money.plain(amount, 2), 2) == amount


@pytest.mark.parametrize(
    ("language", "currency", "decimals", "text"),
    [
        ("en", "EUR", 2, "€1,234.50"),
        ("de", "EUR", 2, "1.234,50\u00a0€"),
        ("en", "JPY", 0, "¥1,234"),
        ("en", "IQD", 3, "IQD\u00a01,234.500"),
    ],
)
def test_a_figure_shows_the_digits_its_currency_has(language, currency, decimals, text):
    amount = Decimal("1234.5") if decimals else Decimal(1234)
    with translation.override(language):
        assert money.write_currency(amount, currency, decimals) == text


@pytest.mark.parametrize(("language", "text"), [("en", "55.7%"), ("de", "55,7\u00a0%")])
def test_a_percentage_shows_one_decimal(language, text):
    with translation.override(language):
        assert money.write_percent(Decimal("55.7")) == text
