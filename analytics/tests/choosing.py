"""Selections for tests: as an address asks for them, and as a plain condition on plain rows."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

from django.http import QueryDict

from analytics.ranges import Calendar
from analytics.selection import Selection, read
from expenses.filters import ExpenseFilter
from expenses.models import Expense, expenses_on
from ledgers.models import Ledger

TODAY = date(2024, 3, 15)


def query_of(**values) -> QueryDict:
    """A query string; a list is a name with several values."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, [str(each) for each in (value if isinstance(value, list) else [value])])
    return data


def question(ledger: Ledger, query: QueryDict, *, today=TODAY, first_weekday=0, **options):
    request = SimpleNamespace(ledger=ledger)
    return read(query, request, Calendar(ledger, today, first_weekday), **options)


def select(ledger: Ledger, start, end, first_weekday=0, **asked) -> Selection:
    """The selection of what an address asks for."""
    asked_for = question(ledger, query_of(start=start, end=end, **asked), first_weekday=first_weekday)
    assert asked_for.errors == {}
    return asked_for.selection


def listed(selection: Selection, query: str):
    """The rows that the list shows for a query string, as its filter finds them."""
    data = QueryDict(query, mutable=True)
    basis = data.pop("basis", ["paid"])[0]
    request = SimpleNamespace(ledger=selection.ledger)
    filters = ExpenseFilter(data, Expense.objects.none(), request=request)
    assert filters.is_valid(), filters.errors
    assert data.keys() <= filters.filters.keys()
    return filters.filter_queryset(expenses_on(basis).in_ledger(selection.ledger).order_by())


def passes(asked: dict) -> Callable:
    """Whether a plain row is let through by these filters of an address."""
    tests = {
        "category": lambda row, value: row.category in value or row.main in value,
        "without": lambda row, value: row.category not in value and row.main not in value,
        "tag": lambda row, value: all(tag in row.tags for tag in value.split()),
        "without_tags": lambda row, value: (not row.tags) == value,
        "weekday": lambda row, value: row.date.isoweekday() in value,
        "payee": lambda row, value: row.payee == value,
        "without_payee": lambda row, value: (row.payee == "") == value,
        "text": lambda row, value: value.lower() in row.payee.lower(),
        "amount_min": lambda row, value: row.amount >= value,
        "amount_max": lambda row, value: row.amount <= value,
    }
    return lambda row: all(tests[name](row, value) for name, value in asked.items())
