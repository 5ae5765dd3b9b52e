"""A reader that knows a ledger without any database."""

from datetime import date

from expenses.models import Category
from expenses.quick.memory import Memory
from expenses.quick.understanding import Reader
from ledgers.models import Ledger

TODAY = date(2026, 11, 23)  # a Monday
CATEGORIES = [
    Category(pk=number, name=name, **values)
    for number, (name, values) in enumerate(
        {
            "Rent": {},
            "Food": {"aliases": ["groceries", "lebensmittel"]},
            "Eating out": {"aliases": ["restaurant"]},
            "Public transport": {},
            "Public library": {},
            "Old": {"archived": True},
            "Mobile 5G": {},
        }.items(),
        start=1,
    )
]
RENT, FOOD, OUT, TRANSPORT, LIBRARY, OLD, MOBILE = CATEGORIES
# Payee, notes and category, the newest first.
HISTORY = [
    ("Aldi", "", FOOD.pk),
    ("ALDI", "socks", OLD.pk),
    ("aldi", "", OLD.pk),
    ("Food Court", "", OUT.pk),
    ("7 Eleven", "", FOOD.pk),
    ("", "lunch", FOOD.pk),
    ("", "Lunch", OUT.pk),
    ("", "lunch", OUT.pk),
    ("", "coffee", RENT.pk),
    ("", "coffee", FOOD.pk),
    ("Attic", "", OLD.pk),
]


def a_reader(currency="EUR", today=TODAY, history=HISTORY, categories=CATEGORIES) -> Reader:
    return Reader(Ledger(currency=currency), today, categories, Memory(history, categories))


def said(line: str) -> tuple[str, str, str]:
    """The category, the payee and the notes that a line says."""
    row = a_reader().row(line)
    return row.category.name if row.category else "", row.payee, row.notes
