"""A running balance proves what the amounts beside it mean, and that no row is missing between two others."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

Step = tuple[Decimal, Decimal]  # the amount of a row and the balance after it
ENOUGH = 3  # steps
LOOKED_AT = 1_000  # rows that tell which way the balance runs; the others have to follow
PROOF = 0.8  # of all steps


class Chain(NamedTuple):
    """How the balance runs: ``sign`` 1 if it rises with the amounts, -1 if it falls, 0 if all amounts are the same and
    it may do either; newest row first or last.

    ``breaks`` are the places (indices of the later row in the file) where it does not add up.
    """

    sign: int
    is_newest_first: bool
    breaks: tuple[int, ...]


def chain(rows: Sequence[Step]) -> Chain | None:
    """How the balance runs, None where it proves nothing: too few rows, unsorted, or of something else."""
    first = rows[:LOOKED_AT]
    if len(first) <= ENOUGH:
        return None
    runs = [Chain(sign, newest, _breaks(first, sign, newest)) for newest in (False, True) for sign in (1, -1)]
    best = min(runs, key=lambda run: len(run.breaks))
    if len(rows) > LOOKED_AT:
        best = best._replace(breaks=_breaks(rows, best.sign, best.is_newest_first))
    if len(best.breaks) > (1 - PROOF) * (len(rows) - 1):
        return None
    is_open = any(run.sign != best.sign and len(run.breaks) <= len(best.breaks) for run in runs)
    return best._replace(sign=0) if is_open else best


def _breaks(rows: Sequence[Step], sign: int, is_newest_first: bool) -> tuple[int, ...]:
    found = []
    before, after = rows[0]
    for at, (amount, balance) in enumerate(rows):
        earlier, change, later = (balance, before, after) if is_newest_first else (after, amount, balance)
        if at and earlier + (change if sign > 0 else -change) != later:
            found.append(at)
        before, after = amount, balance
    return tuple(found)
