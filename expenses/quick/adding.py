"""Rows that were understood become expenses."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from expenses.day import Row, save_day
from expenses.models import Expense
from ledgers.models import Ledger


def add_all(ledger: Ledger, values: Iterable[dict[str, Any]], user) -> list[Expense]:
    """Expenses with these dates, amounts, categories, payees, notes and tags, in one statement: all or none."""
    rows = [Row({"spread_months": 1, **each}) for each in values]
    return save_day(ledger, timezone.localdate(), rows, user).created  # each row names its own date
