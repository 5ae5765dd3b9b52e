from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from expenses.quick.grammar import LineError
from expenses.quick.understanding import Row, understand
from expenses.tests.quick.reading import CATEGORIES, FOOD, OUT, TODAY, a_reader, said


@pytest.mark.parametrize(
    ("line", "category", "payee", "notes"),
    [
        ("5 rent", "Rent", "", ""),
        ("5 FOOD bread", "Food", "", "bread"),
        ("5 bread groceries", "Food", "", "bread"),
        ("5 eating out pizza", "Eating out", "", "pizza"),
        ("5 eating pizza", "Eating out", "", "pizza"),
        ("5 public fountain", "", "", "public fountain"),
        ("5 public library", "Public library", "", ""),
        ("5 old boots", "", "", "old boots"),
        ("5 foods", "", "", "foods"),
        ("5 pizza food place", "Food", "", "pizza food place"),
        ("5 rent, food", "Rent", "", "food"),
        ("5 @food rent", "Food", "", "rent"),
        ('5 @"eating out" food', "Eating out", "", "food"),
        ('5 "food" x', "", "", "food x"),
        ("5 aldi", "Food", "Aldi", ""),
        ("5 aldi rent", "Rent", "Aldi", ""),
        ("5 aldi rent keys", "Rent", "Aldi", "keys"),
        ("5 rent aldi", "Rent", "Aldi", ""),
        ("5 aldi milk and eggs", "Food", "Aldi", "milk and eggs"),
        ("5 at aldi", "", "", "at aldi"),
        ("5 food court", "Eating out", "Food Court", ""),
        ("5 food court rent", "Rent", "Food Court", ""),
        ('5 "7 eleven"', "Food", "7 Eleven", ""),
        ("5 lunch", "Eating out", "", "lunch"),
        ("5 coffee", "Rent", "", "coffee"),
        ("5 attic", "", "Attic", ""),
        ('5 @"mobile 5g"', "Mobile 5G", "", ""),
        ("5", "", "", ""),
    ],
)
def test_words_are_a_category_then_a_payee_then_notes(line, category, payee, notes):
    assert said(line) == (category, payee, notes)


@pytest.mark.parametrize(
    ("line", "why"),
    [("5 food", "named"), ("5 aldi", "payee"), ("5 lunch", "notes"), ("5 zebra", "")],
)
def test_a_row_says_why_it_has_its_category(line, why):
    assert a_reader().row(line).why == why


@pytest.mark.parametrize("name", ["old", "nothing", "public"])
def test_a_category_named_on_purpose_has_to_be_one(name):
    with pytest.raises(LineError) as refused:
        a_reader().row(f"5 @{name}")
    assert refused.value.field == "category"
    assert refused.value.message == f"This ledger offers no category “{name}”."


def test_notes_have_a_length():
    with pytest.raises(LineError) as refused:
        a_reader().row(f"5 {'x' * 1001}")
    assert (refused.value.field, refused.value.message) == ("notes", "Notes have at most 1000 characters.")


def test_lines_are_counted_with_the_blank_ones_and_each_says_what_is_wrong():
    rows, problems = understand("\n5 food\n\nlunch\n6 6 x", a_reader())
    assert [(number, row.amount) for number, _line, row in rows] == [(2, Decimal(5))]
    assert [(problem.line, problem.text, problem.field) for problem in problems] == [
        (4, "lunch", "amount"),
        (5, "6 6 x", "amount"),
    ]
    assert str(problems[0]) == "Line 4, amount: There is no amount. Write one such as 12.50."


def test_there_is_an_end_to_the_lines():
    assert len(understand("5 x\n" * 200, a_reader())[0]) == 200
    with pytest.raises(ValidationError):
        understand("5 x\n" * 201, a_reader())


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (
            Row(TODAY, Decimal("12.5"), OUT, "Aldi", "big lunch", ["work"]),
            '12.50 2026-11-23 @"Eating out" Aldi big lunch #work',
        ),
        (Row(date(2024, 2, 29), Decimal(-20), FOOD, "", "7 eggs"), '-20.00 2024-02-29 @Food "7 eggs"'),
        (Row(TODAY, Decimal(5), None, "", "food"), '5.00 2026-11-23 "food"'),
    ],
)
def test_a_row_is_written_as_a_line_that_says_it(row, line):
    reader = a_reader()
    assert reader.written(row) == line
    assert reader.row(line) == row


# What means something, and what nearly does.
SCRAPS = st.sampled_from(
    """1 1. 1.1 1.1. 1,5 12/3 3/12 2026-11-01 2026-1-1 1.234,5 5€ € EUR -€3 +3 -4 (1+2)*3 = 1/0 .5 0 1e3 １２ NaN
    yesterday day before monday so. #a #a, # @food @ @nope food Food, court eating out aldi 7 Eleven lunch old
    public library, "7 " "" x” “y ; x""".split()  # noqa: SIM905
)
LINES = st.lists(SCRAPS | st.text(max_size=6), max_size=9).map(" ".join)
LANGUAGES = st.sampled_from(["en", "en-gb", "de"])


@given(
    LINES,
    LANGUAGES,
    st.sampled_from(["EUR", "JPY", "KWD", "AUD"]),
    st.dates(date(1900, 1, 1), date(2200, 12, 31)),
)
def test_any_line_is_understood_exactly_or_refused_and_written_out_it_says_the_same(
    line, language, currency, today
):
    reader = a_reader(currency, today)
    with override(language), suppress(LineError):
        row = reader.row(line)
        assert type(row.amount) is Decimal
        assert understand(reader.written(row), reader) == ([(1, reader.written(row), row)], [])


@given(
    st.builds(
        Row,
        st.dates(date(1900, 1, 1), date(2200, 12, 31)),
        st.decimals(-(10**9), 10**9, places=2).filter(bool),
        st.sampled_from([category for category in CATEGORIES if not category.archived]),
        st.sampled_from(["", "Aldi", "7 Eleven", "Food Court"]),
        st.lists(SCRAPS, min_size=1, max_size=4).map(" ".join).map(lambda text: f"x {text} x"),
        st.sampled_from([[], ["a"], ["a", "b"]]),
    ),
    LANGUAGES,
)
def test_any_row_that_somebody_could_mean_has_a_line(row, language):
    reader = a_reader()
    with override(language):
        assert reader.row(reader.written(row)) == row
