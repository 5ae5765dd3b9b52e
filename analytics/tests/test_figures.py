"""For random ledgers every figure is what a plain recomputation from the rows gives, and leads to those rows."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from statistics import median
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import queries
from analytics.dimensions import DIMENSIONS, ONE_BY_ONE
from analytics.figures import NOTHING, Figure
from analytics.links import Links
from analytics.percentages import percentages
from analytics.ranges import Range
from analytics.tests import plain
from analytics.tests.choosing import TODAY, listed, passes, select
from analytics.tests.plain import DECIMALS, Sum
from expenses.models import Category, Expense, in_order

pytestmark = [pytest.mark.django_db, pytest.mark.torture]

FIRST = date(2023, 11, 20)
DAYS = st.integers(0, 460) | st.sampled_from(
    [11, 41, 42, 72, 101, 102, 407, 408]
)  # where months and years begin
ROWS = st.lists(
    st.tuples(
        st.integers(0, 4),
        DAYS,
        st.integers(-3_000, 100_000).filter(bool),
        st.sampled_from([1, 1, 1, 2, 3, 7, 12, 120]),
        st.sampled_from(["", "Bakery", " Bakery ", " ", "Bäcker & Söhne", "100 %", "bakery"]),
        st.just([]) | st.lists(st.sampled_from(["a", "é-1", "work"]), unique=True),
    ),
    max_size=20,
)
# Which categories are part of which others.
PARENTS = st.fixed_dictionaries({}, optional={n: st.sampled_from([0, 1]) for n in (2, 3, 4)})
EACH_FILTER = {
    "category": st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True),
    "without": st.lists(st.integers(0, 4), min_size=1, max_size=2, unique=True),
    "weekday": st.lists(st.integers(1, 7), min_size=1, max_size=4, unique=True),
    "payee": st.sampled_from(["Bakery"]),
    "without_payee": st.booleans(),
    "tag": st.sampled_from(["work", "work a"]),
    "without_tags": st.booleans(),
    "text": st.sampled_from(["bak", "Ö", "%"]),
    "amount_min": st.integers(-20, 300),
}
# All of them together let hardly anything through.
ONE_FILTER = st.sampled_from(sorted(EACH_FILTER)).flatmap(
    lambda name: st.fixed_dictionaries({name: EACH_FILTER[name]})
)
SOME_FILTERS = st.just({}) | ONE_FILTER | st.fixed_dictionaries({}, optional=EACH_FILTER)
BOOKS = st.fixed_dictionaries(
    {
        "rows": ROWS,
        "parents": PARENTS,
        "month_start_day": st.just(1) | st.integers(1, 28),
        "currency": st.sampled_from(sorted(DECIMALS)),
        "first_weekday": st.sampled_from([0, 6]),
        "start": DAYS,
        "length": st.integers(0, 500),
        "asked": SOME_FILTERS,
        "two": st.lists(st.sampled_from(sorted(DIMENSIONS)), min_size=2, max_size=2, unique=True),
    }
)


class Book:
    """A ledger of what Hypothesis drew, a selection of it, and the rows that are in it."""

    def __init__(self, ledger, basis, month_start_day, first_weekday, start, length, asked, two, **_written):
        self.categories = list(Category.objects.in_ledger(ledger).order_by("pk").values_list("pk", flat=True))
        self.asked = {
            name: [self.categories[n] for n in value] if name in ("category", "without") else value
            for name, value in asked.items()
        }
        self.first_day, self.first_weekday, self.two = month_start_day, first_weekday, two
        self.start = FIRST + timedelta(days=start)
        self.end = self.start + timedelta(days=length)
        self.selection = select(ledger, self.start, self.end, first_weekday, basis=basis, **self.asked)
        self.all_rows = plain.rows_on(basis, ledger)
        self.rows = self.between(self.start, self.end)
        self.links = Links(self.selection)

    def between(self, start, end):
        let_through = passes(self.asked)
        return [row for row in self.all_rows if start <= row.date <= end and let_through(row)]

    def keys(self, row, dimension):
        return plain.keys(row, dimension, self.first_day, self.first_weekday)

    def by(self, *dimensions):
        keyed = (
            (keys, row.amount)
            for row in self.rows
            for keys in product(*(self.keys(row, each) for each in dimensions))
        )
        return plain.sums(keyed)

    @property
    def total(self):
        return sum((row.amount for row in self.rows), NOTHING)


def write(ledger, rows, parents, month_start_day, currency, **_choice):
    """Make the ledger what was drawn; it is right however the rows and then the ledger are changed."""
    Expense.objects.in_ledger(ledger).delete()
    ledger.currency, ledger.month_start_day = currency, month_start_day
    ledger.save()
    categories = list(Category.objects.in_ledger(ledger).order_by("pk"))
    Category.objects.in_ledger(ledger).update(parent=None)
    for child, parent in parents.items():
        Category.objects.filter(pk=categories[child].pk).update(parent=categories[parent])
    unit = Decimal(10) ** -DECIMALS[currency]
    Expense.objects.bulk_create(
        Expense(
            ledger=ledger,
            category=categories[category],
            date=FIRST + timedelta(days=day),
            amount=amount * unit,
            spread_months=months,
            payee=payee,
            tags=in_order(tags),
        )
        for category, day, amount, months, payee, tags in rows
    )


def check_whole(book):
    assert queries.whole(book.selection) == book.by().get((), Sum())


def check_breakdown(book, dimension):
    found = queries.breakdown(book.selection, dimension)
    parts, totals = found.parts, [part.figure.total for part in found.parts]
    expected = {key: figure for (key,), figure in book.by(dimension).items()}
    assert {part.key: part.figure for part in parts if part.figure.count} == expected
    assert found.whole == book.by().get((), Sum())
    shares = [part.percentage for part in parts]
    if dimension == "tag":
        assert shares == [by_hand_share(total, book.total) for total in totals]
        assert found.percentage == (100 if book.total > 0 else 0)
    else:
        assert shares == percentages(totals)
        assert found.percentage == sum(shares) == (100 if any(total > 0 for total in totals) else 0)
    keys = [part.key for part in parts]
    if dimension in ONE_BY_ONE:
        assert keys == sorted(expected, key=lambda key: (-expected[key].total, str(key)))
    elif dimension == "weekday":
        week = [(book.first_weekday + n) % 7 + 1 for n in range(7)] if expected else []
        assert keys == [day for day in week if day in book.asked.get("weekday", week)]
    else:
        assert keys == series(book, dimension, expected)
    check_lists(book, [((dimension, part.key),) for part in parts], [part.figure for part in parts])


def by_hand_share(total, whole):
    return round(Decimal(100) * total / whole, 1) if whole > 0 and total > 0 else 0


def check_families(book):
    main_of = {row.category: row.main for row in book.all_rows}
    found = queries.families(queries.breakdown(book.selection, "category").parts, main_of.get)
    by_main = queries.breakdown(book.selection, "main_category").parts
    assert [(family.whole.key, family.whole.figure) for family in found] == [
        (part.key, part.figure) for part in by_main
    ]
    assert sum((family.whole.percentage for family in found), NOTHING) in (0, 100)
    for family in found:
        assert sum((part.figure for part in family.parts), Figure()) == family.whole.figure
        assert sum(part.percentage for part in family.parts) == family.whole.percentage
        assert {main_of[part.key] for part in family.parts} == {family.whole.key}


def check_other_tags(book):
    """What is in no list: the tags after the first ones together, each expense once."""
    *parts, rest = queries.breakdown(book.selection, "tag", most=1).parts or [None]
    if not rest or not rest.hidden:
        return
    (first,) = (part.key for part in parts)
    others = [row for row in book.rows if {*book.keys(row, "tag")} - {first}]
    assert rest.figure == plain.sums((None, row.amount) for row in others)[None]
    assert rest.percentage == by_hand_share(rest.figure.total, book.total)
    assert rest.hidden == len(book.by("tag")) - 1
    by_month = plain.sums((book.keys(row, "month")[0], row.amount) for row in others)
    assert queries.others(book.selection, [first], "month") == by_month


def series(book, dimension, expected):
    """Of each day between the first and the last key, the time it lies in; of days only those with rows."""
    if dimension == "day" or not expected:
        return sorted(expected)
    days = [min(expected) + timedelta(days=n) for n in range((max(expected) - min(expected)).days + 1)]
    rows = [plain.Row(0, day, NOTHING, 0, "") for day in days]
    return sorted({book.keys(row, dimension)[0] for row in rows})


def check_lists(book, parts, figures):
    """Each figure leads to a list of rows that make exactly it."""
    for part, figure in zip(parts, figures, strict=True):
        rows = listed(book.selection, urlsplit(book.links.rows(*part)).query)
        assert (sum(row.amount for row in rows), len(rows)) == (figure.total, figure.count), part


def check_matrix(book):
    one, two = book.two
    found = queries.matrix(book.selection, one, two)
    assert found.cells == book.by(one, two)
    for position, (dimension, margin) in enumerate([(one, found.rows), (two, found.columns)]):
        assert margin == queries.breakdown(book.selection, dimension).parts
        if book.two[1 - position] == "tag":
            continue
        sums = defaultdict(lambda: Figure())
        for keys, figure in found.cells.items():
            sums[keys[position]] += figure
        assert {part.key: part.figure for part in margin if part.figure.count} == sums
    assert found.whole == queries.whole(book.selection)
    order = [(row.key, column.key) for row in found.rows for column in found.columns]
    assert list(found.cells) == [keys for keys in order if keys in found.cells]
    some = list(found.cells.items())[:4]
    check_lists(
        book, [tuple(zip((one, two), keys, strict=True)) for keys, _figure in some], [f for _k, f in some]
    )


def check_comparison(book):
    earlier = Range(book.start - timedelta(days=90), book.end - timedelta(days=90))
    then = plain.sums((row.category, row.amount) for row in book.between(earlier.start, earlier.end))
    now = {key: figure for (key,), figure in book.by("category").items()}
    found = queries.comparison(book.selection, book.selection.during(earlier))
    assert {change.key: (change.now, change.before) for change in found} == {
        key: (now.get(key, Sum()), then.get(key, Sum())) for key in now | then
    }
    changes = [abs(change.change) for change in found]
    assert changes == sorted(changes, reverse=True)
    assert sum(change.change for change in found) == sum(f.total for f in now.values()) - sum(
        f.total for f in then.values()
    )


def check_running(book):
    earlier = Range(book.start - timedelta(days=45), book.end - timedelta(days=50))
    if earlier.start > earlier.end:
        return
    points = queries.running_totals(book.selection, book.selection.during(earlier), TODAY)
    for whose, chosen in (("", Range(book.start, book.end)), ("earlier_", earlier)):
        days = [getattr(point, f"{whose}day") for point in points]
        last = min(chosen.end, TODAY)
        length = max((last - chosen.start).days + 1, 0)
        assert days == [chosen.start + timedelta(days=n) for n in range(length)] + [None] * (
            len(points) - length
        )
        rows = book.between(chosen.start, last)
        by_hand = [day and sum((row.amount for row in rows if row.date <= day), NOTHING) for day in days]
        assert [getattr(point, f"{whose}total") for point in points] == by_hand
    assert [point.number for point in points] == list(range(1, len(points) + 1))


def check_single_rows(book):
    spent = [row.amount for row in book.rows if row.amount > 0]
    assert queries.median(book.selection) == (median(spent) if spent else None)
    found = [(row.amount, row.date, row.pk) for row in queries.largest(book.selection, 4)]
    assert found == sorted(((row.amount, row.date, row.number) for row in book.rows), reverse=True)[:4]


def test_figures_are_those_of_a_plain_recomputation(ledger, scale):
    @settings(max_examples=scale(8, 500), deadline=None, suppress_health_check=list(HealthCheck))
    @given(BOOKS, st.sampled_from(["paid", "spread"]))
    def check(drawn, basis):
        write(ledger, **drawn)
        book = Book(ledger, basis, **drawn)
        for rollups in (True, False):
            with override_settings(ROLLUPS=rollups):
                check_whole(book)
                for dimension in DIMENSIONS:
                    check_breakdown(book, dimension)
                check_families(book)
                check_other_tags(book)
                check_matrix(book)
                check_comparison(book)
                check_running(book)
        check_single_rows(book)

    check()
