"""What the database works out over expenses, or over the totals that are kept of them."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, BooleanField, Count, DecimalField, Func, Q, Sum, TextField, Value
from django.db.models.functions import Coalesce, NullIf

NOTHING = Decimal(0)


def sum_of(expression: str, **kwargs) -> Coalesce:
    """The sum of an expression over rows, which is zero where there are none."""
    return Coalesce(Sum(expression, **kwargs), NOTHING, output_field=DecimalField())


SUMS_OF_ROWS = {
    "all_gross": sum_of("amount", filter=Q(amount__gt=0)),
    "all_refunds": sum_of("amount", filter=Q(amount__lt=0)),
    "all_count": Count("*"),
}
SUMS_OF_ROLLUPS = {
    "all_gross": sum_of("gross"),
    "all_refunds": sum_of("refunds"),
    "all_count": Coalesce(Sum("count"), 0),
}


class Middle(Aggregate):
    """The value in the middle; of an even number the lower one, or if ``descending`` the higher one."""

    function = "percentile_disc"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s %(direction)s)"

    def __init__(self, amount: str, *, descending: bool = False):
        direction = "DESC" if descending else "ASC"
        super().__init__(
            amount, direction=direction, output_field=DecimalField(max_digits=18, decimal_places=3)
        )


def _texts(words: Sequence[str]) -> Value:
    return Value(list(words), ArrayField(TextField()))


class EachTag(Func):
    """Each tag of an expense, as many rows; an empty text for what has none."""

    function = "unnest"
    set_returning = True

    def __init__(self):
        super().__init__(Coalesce(NullIf("tags", _texts([])), _texts([""])), output_field=TextField())


class HasOtherTag(Func):
    """Whether an expense counts in any tag besides these, where one without tags counts in an empty text."""

    # So that PostgreSQL looks each tag up in a hash table: as arrays they would be compared one by one.
    template = "EXISTS (SELECT FROM %(expressions)s))"
    arg_joiner = " AS tag WHERE tag <> ALL ("
    output_field = BooleanField()

    def __init__(self, tags: Sequence[str]):
        super().__init__(EachTag(), _texts(tags))
