"""Shares of a whole: of parts that make it, which add up to exactly 100, and of parts that overlap."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

TENTH = Decimal("0.1")
HUNDRED = Decimal(100)


def percentages(totals: Sequence[Decimal]) -> list[Decimal]:
    """The share of each total, in per cent with one decimal.

    The whole is everything that was spent: the sum of the positive totals. A total that is negative (more
    refunds than spending) has no share and gets 0.0. The shares add up to exactly 100.0, or are all 0.0
    when nothing was spent.

    Rule: the largest remainder method (Hamilton). Every share is rounded down to a tenth, and the tenths left
    over go to those that lost most by it; among equals to the larger total, then to the one that comes first.
    """
    whole = sum((total for total in totals if total > 0), Decimal(0))
    if not whole:
        return [Decimal("0.0")] * len(totals)
    exact = [max(total, Decimal(0)) * HUNDRED / whole for total in totals]
    shares = [share.quantize(TENTH, ROUND_FLOOR) for share in exact]
    tenths_left = int((HUNDRED - sum(shares)) / TENTH)
    neediest = sorted(range(len(totals)), key=lambda i: (shares[i] - exact[i], -totals[i], i))
    for index in neediest[:tenths_left]:
        shares[index] += TENTH
    return shares


def shares_of(whole: Decimal, totals: Sequence[Decimal]) -> list[Decimal]:
    """The share of each total in a whole that they need not add up to, in per cent with one decimal.

    Rule: the total by the whole, rounded half to even. A total that is negative has no share and gets 0.0, and so do
    all if the whole is not positive. Parts that overlap may come to more than 100 together, and a single one does
    where refunds are in the whole but not in it.
    """
    if whole <= 0:
        return [Decimal("0.0")] * len(totals)
    return [round(max(total, Decimal(0)) * HUNDRED / whole, 1) for total in totals]
