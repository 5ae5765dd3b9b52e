from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from expenses.quick.grammar import LineError, joined, take_apart
from expenses.tests.quick.reading import TODAY


def taken(line, language="en", currency="EUR", decimals=2, today=TODAY):
    with override(language):
        return take_apart(line, today, currency, decimals)


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ("12.50 lunch", "12.50"),
        ("lunch 12.5", "12.5"),
        ("-20 refund", "-20"),
        ("\u221220 refund", "-20"),
        ("1,234.50 rent", "1234.50"),
        ("lunch 12.50.", "12.50"),
        ("12.50, lunch", "12.50"),
        (".5 gum", "0.5"),
        ("12.50+3 lunch", "15.50"),
        ("12.50+3*2 lunch", "18.50"),
        ("=10/4 cake", "2.50"),
        ("100/3 dinner", "33.33"),
        ("€12.50 lunch", "12.50"),
        ("-€20 refund", "-20"),
        ("12.50€ lunch", "12.50"),
        ("12.50 € lunch", "12.50"),
        ("EUR 12.50 lunch", "12.50"),
        ("lunch 12.50eur", "12.50"),
    ],
)
def test_the_amount_is_read_wherever_it_stands(line, amount):
    parts = taken(line)
    assert parts.amount == Decimal(amount)
    assert len(parts.words) == 1


@pytest.mark.parametrize(
    ("line", "language", "currency", "decimals", "amount"),
    [
        ("1.234,50 Miete", "de", "EUR", 2, "1234.50"),
        ("12,50€ Essen", "de", "EUR", 2, "12.50"),
        ("1,200 rent", "en", "JPY", 0, "1200"),
        ("$9 taxi", "en", "AUD", 2, "9"),
        ("A$9 taxi", "en", "AUD", 2, "9"),
        ("1.234 dates", "en", "KWD", 3, "1.234"),
    ],
)
def test_the_amount_is_written_as_the_language_and_the_currency_have_it(
    line, language, currency, decimals, amount
):
    assert taken(line, language, currency, decimals).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("line", "language", "day"),
    [
        ("5 x", "en", "2026-11-23"),
        ("5 x today", "en", "2026-11-23"),
        ("Yesterday, 5 x", "en", "2026-11-22"),
        ("5 x day before yesterday", "en", "2026-11-21"),
        ("5 x Monday", "en", "2026-11-23"),
        ("5 x tuesday", "en", "2026-11-17"),
        ("5 x fri.", "en", "2026-11-20"),
        ("5 x Dienstag", "en", "2026-11-17"),
        ("5 x tuesday", "de", "2026-11-17"),
        ("5 x so.", "de", "2026-11-22"),
        ("5 x 2024-02-29", "en", "2024-02-29"),
        ("5 x 1.11.", "en", "2026-11-01"),
        ("5 x 1.11.25", "en", "2025-11-01"),
        ("5 x 01.11.2025", "de", "2025-11-01"),
        ("5 x 11/1", "en", "2026-11-01"),
        ("5 x 1/11", "en-gb", "2026-11-01"),
        ("5 x 1/11/25", "en-gb", "2025-11-01"),
        ("5 x 12/21", "en", "2026-12-21"),  # exactly four weeks ahead
        ("5 x 12/22", "en", "2025-12-22"),
        ("5 x 2/29", "en", "2024-02-29"),
    ],
)
def test_the_date_is_read_as_the_reader_writes_it(line, language, day):
    parts = taken(line, language)
    assert (str(parts.date), joined(parts.words)) == (day, "x")


def test_a_date_shortly_after_new_year_may_lie_in_the_year_to_come():
    days = [taken(f"5 x {day}", today=date(2026, 12, 30)).date for day in ("5.1.", "30.1.")]
    assert days == [date(2027, 1, 5), date(2026, 1, 30)]


@pytest.mark.parametrize("word", ["sun cream", "so lala", "may", "2x", "500g", "a#b", "a@b", "@", "tom's"])
def test_words_that_only_look_like_something_are_words(word):
    assert joined(taken(f"5 {word}").words) == word


def test_tags_are_taken_wherever_they_stand():
    parts = taken("#Work 12.50 lunch #mensa, late #5")
    assert (parts.tags, joined(parts.words)) == (["mensa", "work"], "lunch, late #5")


def test_a_category_is_named_on_purpose():
    assert taken('5 @"Eating out" x').category == "Eating out"
    assert taken("5 x @Food, y").category == "Food,"


def test_what_stands_in_quotation_marks_is_text():
    parts = taken('5 "7 Eleven yesterday #no @no ""so"""')
    assert (parts.amount, parts.date, parts.tags) == (Decimal(5), TODAY, [])
    assert joined(parts.words) == '7 Eleven yesterday #no @no "so"'
    assert joined(taken("5 “7 Eleven” x").words) == "7 Eleven x"


@pytest.mark.parametrize("line", ['5 tv 55"', '5 "open', '5 a "b"c'])
def test_a_quotation_mark_alone_is_text(line):
    assert joined(taken(line).words) == line[2:]


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        ("lunch", "amount", "There is no amount. Write one such as 12.50."),
        (
            "5 lunch 7",
            "amount",
            "Two amounts: “5” and “7”. Put the one that is none in quotation marks.",
        ),
        (
            "5 monday, 1.11.",
            "date",
            "Two dates: “monday” and “1.11.”. Put the one that is none in quotation marks.",
        ),
        ("5 @Food @Rent", "category", "Two categories: “@Food” and “@Rent”."),
        ("5 30.2.", "date", "There is no such date as “30.2.”."),
        ("5 13/13/26", "date", "There is no such date as “13/13/26”."),
        ("5 2026-1-1", "date", "Write a date as YYYY-MM-DD."),
        ("5 1.1.1899", "date", "The date must lie between 1900 and 2200."),
        ("0 x", "amount", "“0”: An amount cannot be zero."),
        ("12,5 x", "amount", "“12,5”: Write an amount such as 1,234.50."),
        ("1.234 x", "amount", "“1.234”: An amount in this currency has at most 2 decimals."),
        ("5/0 x", "amount", "“5/0”: Nothing can be divided by zero."),
        (f"5 {' '.join(f'#t{i}' for i in range(21))}", "tags", "Write at most 20 tags."),
        (f"5 {'x' * 2000}", "line", "A line has at most 2000 characters."),
    ],
)
def test_a_line_that_would_have_to_be_guessed_is_refused(line, field, message):
    with pytest.raises(LineError) as refused:
        taken(line)
    assert (refused.value.field, refused.value.message) == (field, message)


def test_where_a_point_is_no_decimal_mark_it_could_mean_either():
    with pytest.raises(LineError) as refused:
        taken("1.11 x", "de")
    assert refused.value.field == "amount"
    assert [word in refused.value.message for word in ("1,11", "1.11.")] == [True, True]
