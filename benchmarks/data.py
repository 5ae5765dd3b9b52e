"""Ledgers like those of people after ten years, the same each time. Runs inside the project: ``Server.shell``."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from benchmarks.works import DAYS
from expenses.models import Category, Expense
from expenses.tests.factories import make_ledger, make_token
from ledgers.models import Ledger
from users.models import User

BATCH = 50_000
# Twelve of them, with how many of 100 rows they have and what a row of them costs, roughly.
CATEGORIES = (
    ("Food", 38, 25),
    ("Shopping", 12, 60),
    ("Transport", 11, 20),
    ("Entertainment", 9, 30),
    ("Health", 6, 35),
    ("Children", 5, 40),
    ("Travel", 4, 140),
    ("Gifts", 4, 45),
    ("Energy", 3, 90),
    ("Insurance", 3, 110),
    ("Rent", 2, 900),
    ("Other", 3, 30),
)
PLACES = "Corner Central Old North Harbour Garden Station Village Green River Upper Sunny".split()
TRADES = "market bakery pharmacy books cinema café cycles florist grocer hardware".split()
WORDS = (
    "bread milk coffee weekend birthday school repair ticket monthly small large second return lunch "
    "dinner trip paint shoes winter summer present garden cable battery medicine cheese fruit paper"
).split()


def household(rows: int) -> dict:
    """The ledger of so many expenses, made if it is not there, and what a client has to know of it.

    What earlier benchmarks saved in it is taken away again: they write to days before the ten years.
    """
    with connection.owner():
        ledger = Ledger.objects.filter(name=_name(rows)).first() or _filled(rows, _person("benchmark"))
        first = _first_day(ledger)
        Expense.objects.filter(ledger=ledger, date__lt=first).delete()
        _tidy()
        return _known(ledger, _person("benchmark"), first)


def people(number: int, rows: int) -> list[dict]:
    """So many people, each with a ledger of so many expenses, and what a client has to know of each."""
    with connection.owner():
        known = []
        for index in range(number):
            person = _person(f"person-{index}")
            ledger = _filled(rows, person)
            known.append(_known(ledger, person, _first_day(ledger)))
        _tidy()
        return known


def tell(known):
    print(json.dumps(known))  # noqa: T201


def _name(rows: int) -> str:
    return f"{rows:,} expenses"


def _person(name: str) -> User:
    found = User.objects.filter(username=name).first()
    return found or User.objects.create_user(name, f"{name}@example.org")


@transaction.atomic
def _filled(rows: int, owner: User) -> Ledger:
    ledger = make_ledger(owner, _name(rows))
    have = set(Category.objects.in_ledger(ledger).values_list("name", flat=True))
    for position, (name, _weight, _cost) in enumerate(CATEGORIES, start=10):
        if name not in have:
            Category.objects.create(ledger=ledger, name=name, position=position)
    expenses = _expenses(rows, ledger, owner.pk)
    with connection.cursor() as cursor:
        while batch := list(islice(expenses, BATCH)):
            with cursor.copy(
                "COPY expenses_expense (ledger_id, date, amount, category_id, payee, notes, created_by_id)"
                " FROM STDIN"
            ) as copy:
                for row in batch:
                    copy.write_row(row)
    return ledger


def _expenses(rows: int, ledger: Ledger, owner_id: int) -> Iterator[tuple]:
    """Rows evenly over ten years up to today, in order of their dates; one of fifty is a refund."""
    random = Random(rows)
    ids = dict(Category.objects.in_ledger(ledger).values_list("name", "pk"))
    weights = [weight for _name, weight, _cost in CATEGORIES]
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    for number in range(rows):
        name, _weight, cost = random.choices(CATEGORIES, weights)[0]
        cents = max(1, round(100 * cost * random.lognormvariate(0, 0.8)))
        sign = "-" if random.random() < 0.02 else ""
        day = first + timedelta(days=number * DAYS // rows)
        amount = f"{sign}{cents // 100}.{cents % 100:02}"
        payee = f"{random.choice(PLACES)} {random.choice(TRADES)}"
        notes = " ".join(random.choices(WORDS, k=random.randint(0, 6)))
        yield ledger.pk, day, amount, ids[name], payee, notes, owner_id


def _first_day(ledger: Ledger) -> date:
    last = Expense.objects.filter(ledger=ledger).latest("date").date
    return last - timedelta(days=DAYS - 1)


def _tidy():
    """What autovacuum does a minute after the rows were written."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _known(ledger: Ledger, person: User, first: date) -> dict:
    client = Client()
    client.force_login(person)
    return {
        "ledger": ledger.pk,
        "category": Category.objects.get(ledger=ledger, name="Food").pk,
        "token": make_token(person),
        "session": client.cookies["sessionid"].value,
        "first": str(first),
    }
