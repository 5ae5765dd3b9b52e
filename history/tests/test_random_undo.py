"""Undoing whatever one transaction did to a ledger gives the very rows there were, and undoing that what it did.

The whole ledger is compared, by one hash that PostgreSQL makes of all its rows. Versions never go back.
"""

import json
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from database.acting import Actor, acting_as
from expenses.day import Row, replace_day, save_day
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, share
from history.models import TRACKED, ChangeSet
from history.undoing import NotUndone, undo
from ledgers.models import Ledger, Membership

DAY = date(2024, 8, 1)
NAMES = ("Rent", "Food", "FOOD", "Pets", "Travel", "Ökostrom")
UNHASHED = ("version", "updated_at")


class Book:
    """A ledger with some rows, and everything that can be done to it, each by numbers that Hypothesis draws."""

    def __init__(self, owner, members):
        self.owner, self.members = owner, members
        self.ledger = make_ledger(owner)
        for number in range(12):
            day = DAY + timedelta(days=number % 3)
            make_expense(self.ledger, number + 1, day=str(day), payee=f"Shop {number}", created_by=owner)
        share(self.ledger, members[0], "editor")

    @property
    def expenses(self):
        return Expense.objects.in_ledger(self.ledger).order_by("pk")

    @property
    def categories(self):
        return Category.objects.in_ledger(self.ledger).order_by("pk")

    def create(self, which, number, text):
        """Up to three expenses."""
        category = _one_of(self.categories, which)
        Expense.objects.bulk_create(
            self._expense(category, number + index, text) for index in range(which % 3 + 1)
        )

    def edit(self, which, number, text):
        """Some of the fields of one expense."""
        values = {"amount": _amount(number), "payee": text, "notes": text[::-1], "date": _day(number)}
        chosen = dict(list(values.items())[: number % 4 + 1])
        Expense.objects.filter(pk=_one_of(self.expenses, which).pk).update(**chosen)

    def edit_many(self, which, number, text):
        """Some expenses, with ``bulk_update``."""
        rows = list(self._some(which))
        for row in rows:
            row.payee, row.amount = text, _amount(number)
        Expense.objects.bulk_update(rows, ["payee", "amount"])

    def delete(self, which, number, text):
        """One expense and those after it."""
        self._some(which).delete()

    def recategorise(self, which, number, text):
        self._some(which).recategorise(_one_of(self.categories, number))

    def set_date(self, which, number, text):
        self._some(which).set_date(_day(number))

    def shift_date(self, which, number, text):
        self._some(which).shift_date(number % 9 - 4)

    def replace_day(self, which, number, text):
        """A day with one of its rows kept and a new one."""
        kept = [
            {"amount": row.amount, "category": row.category, "notes": row.notes} for row in self._on(which)
        ]
        new = {"amount": _amount(number), "category": _one_of(self.categories, which), "notes": text}
        replace_day(self.ledger, _day(which), [*kept[:1], new], self.owner)

    def save_day(self, which, number, text):
        """A day with its first row changed, its last one deleted, and a new one."""
        values = {
            "amount": _amount(number),
            "category": _one_of(self.categories, which),
            "payee": text,
            "notes": "",
        }
        rows = list(self._on(which))
        wanted = [Row(values)] + [Row(values, row.pk, row.version) for row in rows[:1]]
        wanted += [Row(None, row.pk, row.version) for row in rows[1:][-1:]]
        save_day(self.ledger, _day(which), wanted, self.owner)

    def add_category(self, which, number, text):
        """One more, to which an expense may be moved at once."""
        new = Category.objects.create(ledger=self.ledger, name=NAMES[which % 6], position=number)
        if number % 2:
            self._some(which).recategorise(new)

    def change_category(self, which, number, text):
        """Rename, archive, recolour or move one."""
        values = {"name": NAMES[number % 6], "archived": number % 2, "colour": "#123456", "position": number}
        name = list(values)[which % 4]
        Category.objects.filter(pk=_one_of(self.categories, number).pk).update(**{name: values[name]})

    def reorder_categories(self, which, number, text):
        rows = list(self.categories)
        for row in rows:
            row.position = (row.position + number) % 7
        Category.objects.bulk_update(rows, ["position"])

    def delete_category(self, which, number, text):
        """One, and what is in it: moved elsewhere or deleted as well."""
        gone, other = _one_of(self.categories, which), _one_of(self.categories, number)
        inside = self.expenses.filter(category=gone)
        inside.delete() if gone == other or number % 2 else inside.recategorise(other)
        gone.delete()

    def change_ledger(self, which, number, text):
        Ledger.objects.filter(pk=self.ledger.pk).update(name=text or "Flat", month_start_day=number % 28 + 1)

    def change_members(self, which, number, text):
        """Another role for a member, one less, or one more."""
        members = Membership.objects.filter(ledger=self.ledger).exclude(user=self.owner)
        if which % 3 == 0:
            members.update(role=("viewer", "editor", "owner")[number % 3])
        elif which % 3 == 1:
            members.delete()
        else:
            share(self.ledger, self.members[number % 2], "viewer")

    def _expense(self, category, number, text) -> Expense:
        values = {"amount": _amount(number), "date": _day(number), "payee": text, "created_by": self.owner}
        return Expense(ledger=self.ledger, category=category, **values)

    def _some(self, which):
        """Some of the expenses, in a QuerySet that can be changed."""
        ids = list(self.expenses.values_list("pk", flat=True))
        first = which % (len(ids) or 1)
        return Expense.objects.filter(pk__in=ids[first : first + which % 5 + 1])

    def _on(self, which):
        return self.expenses.on(_day(which)).select_related("category")


ACTS = [name for name, act in vars(Book).items() if callable(act) and not name.startswith("_")]
NUMBERS = st.integers(0, 40)
STEPS = st.tuples(st.sampled_from(ACTS), NUMBERS, NUMBERS, st.text(alphabet="aß€'\\ %", max_size=6))
STATE = """
SELECT md5(string_agg(content, E'\\n' ORDER BY content)), jsonb_object_agg(row, version)
FROM ({rows}) AS rows (row, version, content)
"""


def _one_of(rows, number: int):
    rows = list(rows)
    assume(rows)
    return rows[number % len(rows)]


def _amount(number: int) -> Decimal:
    return Decimal(number * 7 - 100) / 8 or Decimal(1)


def _day(number: int) -> date:
    return DAY + timedelta(days=number % 5)


def state_of(ledger) -> tuple[str, dict[str, int]]:
    """A hash of every row of the ledger in all tracked tables, without its version; and the versions."""
    rows = " UNION ALL ".join(_rows_of(tracked.model) for tracked in TRACKED)
    with connection.cursor() as cursor:
        cursor.execute(STATE.format(rows=rows), {"ledger": ledger.pk})
        content_hash, versions = cursor.fetchone()
    return content_hash, json.loads(versions)


@cache
def _rows_of(model) -> str:
    columns = [field.column for field in model._meta.concrete_fields if field.column not in UNHASHED]
    ledger = "id" if model is Ledger else "ledger_id"
    row, table = f"'{model._meta.model_name} ' || id", model._meta.db_table
    content = f"{row} || ROW ({', '.join(columns)})::text"
    return f"SELECT {row}, version, {content} FROM {table} WHERE {ledger} = %(ledger)s"


def newest(ledger) -> ChangeSet | None:
    return ChangeSet.objects.in_ledger(ledger).newest_first().first()


def carry_out(book: Book, steps):
    """Do the steps in one transaction of their own; one that the database refuses leaves nothing."""
    with acting_as(Actor(user_id=book.owner.pk, via="page", act="random")):
        for name, *arguments in steps:
            try:
                with transaction.atomic():
                    getattr(book, name)(*arguments)
            except IntegrityError:
                event(f"refused: {name}")


def take_back(book: Book, change_set: ChangeSet) -> ChangeSet:
    """Undo it, and return the change set that did."""
    with acting_as(Actor(user_id=book.owner.pk, via="page", act="undo")):
        undo(Ledger.objects.for_user(book.owner).get(pk=book.ledger.pk), change_set)
    undone = newest(book.ledger)
    assert undone.undoes_id == change_set.pk
    return undone


def check(book: Book, steps) -> bool:
    """Do the steps, undo them, undo that, and once more. Whether they came to anything."""
    last = newest(book.ledger)
    before, seen = state_of(book.ledger)
    carry_out(book, steps)
    after, versions = state_of(book.ledger)
    change_set = newest(book.ledger)
    if before == after:
        check_nothing(book, change_set, last)
        return False
    for wanted in (before, after, before):
        seen |= versions
        change_set = take_back(book, change_set)
        there, (now, versions) = versions, state_of(book.ledger)
        assert now == wanted
        for row, version in versions.items():
            assert version >= there[row] if row in there else version > seen.get(row, 0)
    return True


def check_nothing(book, change_set, last):
    """What came to nothing is either refused or changes nothing."""
    before, _versions = state_of(book.ledger)
    if change_set != last:
        with suppress(NotUndone), acting_as(Actor(user_id=book.owner.pk, via="page", act="undo")):
            undo(Ledger.objects.for_user(book.owner).get(pk=book.ledger.pk), change_set)
    assert state_of(book.ledger)[0] == before


@pytest.mark.torture
def test_undoing_whatever_was_done_gives_the_rows_there_were(alice, bob, charlie, scale):
    book, undone = Book(alice, (bob, charlie)), 0

    @settings(
        max_examples=scale(60, 10_000),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(earlier=st.lists(STEPS, max_size=1), steps=st.lists(STEPS, min_size=1, max_size=5))
    def round_trip(earlier, steps):
        nonlocal undone
        before = transaction.savepoint()
        try:
            carry_out(book, earlier)
            is_undone = check(book, steps)
        finally:
            transaction.savepoint_rollback(before)
        assume(is_undone)
        undone += 1

    round_trip()
    print(f"{undone} random operations undone, redone and undone again")  # noqa: T201
    assert undone >= scale(60, 10_000)
