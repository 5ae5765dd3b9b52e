"""Shares of a whole that add up to exactly 100."""

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
