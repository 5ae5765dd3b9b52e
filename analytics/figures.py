"""What figures are: what ``queries`` makes out of expenses.

Sums are sums of ``Figure``: the totals of the parts of a breakdown are together exactly the total of the whole, unless
the parts overlap.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from analytics.measures import NOTHING


def rounded(figure: Decimal, decimals: int) -> Decimal:
    """With so many decimals, for what is no sum; never a negative zero."""
    return round(figure, decimals) + 0


@dataclass(frozen=True)
class Figure:
    """What expenses add up to: ``gross`` was spent, ``refunds`` (zero or negative) came back, in ``count`` rows."""

    gross: Decimal = NOTHING
    refunds: Decimal = NOTHING
    count: int = 0

    @property
    def total(self) -> Decimal:
        """What was spent in the end: the one figure that "total" means everywhere."""
        return self.gross + self.refunds

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.gross + other.gross, self.refunds + other.refunds, self.count + other.count)


@dataclass(frozen=True)
class Part:
    """One part of a breakdown. ``key`` is the id of a category, a payee, the number of a weekday or a first day.

    For what nobody was paid and what has no tag it is an empty text.

    ``percentage`` is its share of all that was spent, by the rule of ``percentages``: a part with more refunds
    than spending stays in the breakdown, with its negative total and a share of 0. Of parts that overlap it is the
    share of the total, by the rule of ``shares_of``.

    The last part of a long breakdown may be all the smaller ones together: ``hidden`` says how many, and ``key`` is
    None. Its share is that of those among them that were spent on. Where parts overlap, it is what counts in any of
    the smaller ones, each expense once.
    """

    key: Any
    figure: Figure
    percentage: Decimal
    hidden: int = 0


@dataclass(frozen=True)
class Breakdown:
    """The ``parts`` of some expenses, and the ``whole``, in which every expense counts once.

    The parts add up to the whole, unless they are ``overlapping``: an expense counts in each of its tags.
    """

    parts: list[Part]
    whole: Figure
    overlapping: bool = False

    @property
    def percentage(self) -> Decimal:
        """That of the whole: 100.0, or 0.0 where nothing has a share."""
        if self.overlapping:
            return Decimal("100.0") if self.whole.total > 0 else Decimal("0.0")
        return sum((part.percentage for part in self.parts), NOTHING)


@dataclass(frozen=True)
class Family:
    """A main category with all that is part of it, ``whole``, and its ``parts``: itself and its subcategories.

    The share of the whole is the sum of those of the parts.
    """

    whole: Part
    parts: list[Part]

    @property
    def has_subcategories(self) -> bool:
        """Whether any of these parts is a subcategory."""
        return any(part.key != self.whole.key for part in self.parts)


@dataclass(frozen=True)
class Matrix:
    """Two breakdowns at once: ``cells`` by the keys of row and column, in their order, where there are expenses.

    The cells of a row add up to the row unless the columns overlap, and those of a column unless the rows do.
    """

    rows: list[Part]
    columns: list[Part]
    cells: dict[tuple[Any, Any], Figure]
    whole: Figure


@dataclass(frozen=True)
class Change:
    """One part in the chosen time and in the one before, either of which may be nothing."""

    key: Any
    now: Figure
    before: Figure

    @property
    def change(self) -> Decimal:
        return self.now.total - self.before.total

    @property
    def percentage(self) -> Decimal | None:
        """The change in per cent of what was before, with one decimal; None where that was nothing."""
        before = abs(self.before.total)
        return rounded(self.change * 100 / before, 1) if before else None


@dataclass(frozen=True)
class Averages:
    """``per_day``, ``per_week`` and ``per_month`` of a total, over ``days`` days; not rounded."""

    days: int
    per_day: Decimal
    per_week: Decimal
    per_month: Decimal

    def rounded(self, decimals: int) -> "Averages":
        means = (self.per_day, self.per_week, self.per_month)
        return Averages(self.days, *(rounded(mean, decimals) for mean in means))


@dataclass(frozen=True)
class Running:
    """The total up to and with the ``number``-th day of two ranges; None for a day that is not, or not yet."""

    number: int
    day: date | None
    total: Decimal | None
    earlier_day: date | None
    earlier_total: Decimal | None
