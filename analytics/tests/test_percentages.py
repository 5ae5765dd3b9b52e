from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.percentages import percentages, shares_of

AMOUNTS = st.decimals(min_value="0.001", max_value="999999999999.999", places=3)
ANY_TOTALS = st.lists(st.decimals(min_value="-99999", max_value="999999999999.999", places=3), max_size=30)


def shares(*totals):
    return [str(share) for share in percentages([Decimal(total) for total in totals])]


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        (["2777", "1225", "670", "225", "90"], ["55.7", "24.6", "13.4", "4.5", "1.8"]),
        (["1", "1", "1"], ["33.4", "33.3", "33.3"]),
        (["1", "1", "1", "1", "1", "1"], ["16.7", "16.7", "16.7", "16.7", "16.6", "16.6"]),
        (["2", "1"], ["66.7", "33.3"]),
        (["5"], ["100.0"]),
        (["999999999999.999", "0.001"], ["100.0", "0.0"]),
        (["30", "10", "-40"], ["75.0", "25.0", "0.0"]),
        (["10", "0"], ["100.0", "0.0"]),
        (["-5", "-1"], ["0.0", "0.0"]),
        (["0", "0"], ["0.0", "0.0"]),
        ([], []),
    ],
)
def test_shares_have_one_decimal_and_add_up(totals, expected):
    assert shares(*totals) == expected


def test_among_equal_remainders_the_larger_total_gets_the_tenth():
    # 1995 and 3995 of 10,000 both lose half a tenth by rounding down, and one tenth is left over.
    assert shares("1995", "3995", "4010") == ["19.9", "40.0", "40.1"]


@given(st.lists(AMOUNTS, min_size=1, max_size=60))
def test_shares_of_what_was_spent_add_up_to_exactly_100(totals):
    assert sum(percentages(totals)) == Decimal("100.0")


@given(ANY_TOTALS)
def test_shares_add_up_to_100_or_are_all_nothing(totals):
    expected = Decimal("100.0") if any(total > 0 for total in totals) else Decimal("0.0")
    assert sum(percentages(totals)) == expected


@given(ANY_TOTALS)
def test_each_share_is_within_a_tenth_of_the_exact_one(totals):
    whole = sum(total for total in totals if total > 0)
    for total, share in zip(totals, percentages(totals), strict=True):
        exact = max(total, 0) * 100 / whole if whole else 0
        assert abs(share - exact) < Decimal("0.1")
        assert share == share.quantize(Decimal("0.1"))
        assert share >= 0


@given(ANY_TOTALS)
def test_a_larger_total_never_has_a_smaller_share(totals):
    pairs = sorted(zip(totals, percentages(totals), strict=True))
    assert [share for _total, share in pairs] == sorted(share for _total, share in pairs)


@given(st.lists(AMOUNTS, unique=True, max_size=20), st.randoms())
def test_the_order_of_the_totals_does_not_matter(totals, random):
    shuffled = totals.copy()
    random.shuffle(shuffled)
    given_to = dict(zip(shuffled, percentages(shuffled), strict=True))
    assert [given_to[total] for total in totals] == percentages(totals) == percentages(totals)


@pytest.mark.parametrize(
    ("whole", "totals", "shares"),
    [
        ("30", ["20", "20", "-5"], ["66.7", "66.7", "0.0"]),
        ("10", ["20"], ["200.0"]),
        ("0", ["5", "-5"], ["0.0", "0.0"]),
        ("-1", ["5"], ["0.0"]),
        ("8", ["0.004", "1"], ["0.0", "12.5"]),
    ],
)
def test_parts_that_overlap_have_a_share_of_the_whole_each(whole, totals, shares):
    found = shares_of(Decimal(whole), [Decimal(total) for total in totals])
    assert [str(share) for share in found] == shares
