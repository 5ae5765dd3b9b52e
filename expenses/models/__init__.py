"""The record: categories and what was spent, the accounts it was paid from, and the rules that sort it."""

from expenses.models.account import Account
from expenses.models.category import ARCHIVED_MESSAGE, MAX_POSITION, TAKEN_MESSAGE, Category, CategoryQuerySet
from expenses.models.expense import (
    DATE_MESSAGE,
    FIRST_DATE,
    IMPORTED_MESSAGE,
    LARGEST,
    LAST_DATE,
    MOST_SPREAD_MONTHS,
    RANGE_MESSAGE,
    SPENT,
    ZERO_MESSAGE,
    Expense,
    ExpenseQuerySet,
    validate_not_zero,
)
from expenses.models.part import Basis, ExpensePart, expenses_on
from expenses.models.rule import Rule

__all__ = [
    "ARCHIVED_MESSAGE",
    "DATE_MESSAGE",
    "FIRST_DATE",
    "IMPORTED_MESSAGE",
    "LARGEST",
    "LAST_DATE",
    "MAX_POSITION",
    "MOST_SPREAD_MONTHS",
    "RANGE_MESSAGE",
    "SPENT",
    "TAKEN_MESSAGE",
    "ZERO_MESSAGE",
    "Account",
    "Basis",
    "Category",
    "CategoryQuerySet",
    "Expense",
    "ExpensePart",
    "ExpenseQuerySet",
    "Rule",
    "expenses_on",
    "validate_not_zero",
]
