"""The record: categories and what was spent, the accounts it was paid from, and the rules that sort it."""

from expenses.models.account import Account
from expenses.models.category import (
    ALIASES_MESSAGE,
    ARCHIVED_MESSAGE,
    HAS_SUBCATEGORIES,
    LEVELS_MESSAGE,
    MAX_POSITION,
    TAKEN_MESSAGE,
    Category,
    CategoryQuerySet,
    arranged,
    normal_name,
)
from expenses.models.expense import (
    DATE_MESSAGE,
    FIRST_DATE,
    IMPORTED_MESSAGE,
    LARGEST,
    LAST_DATE,
    MOST_SPREAD_MONTHS,
    RANGE_MESSAGE,
    RECENT,
    SPENT,
    TAGS_MESSAGE,
    ZERO_MESSAGE,
    Expense,
    ExpenseQuerySet,
    shifted_date,
    validate_not_zero,
)
from expenses.models.favourite import Favourite
from expenses.models.part import Basis, ExpensePart, expenses_on
from expenses.models.rule import Rule
from expenses.models.words import MOST_WORDS, WordsField, in_order, with_words

__all__ = [
    "ALIASES_MESSAGE",
    "ARCHIVED_MESSAGE",
    "DATE_MESSAGE",
    "FIRST_DATE",
    "HAS_SUBCATEGORIES",
    "IMPORTED_MESSAGE",
    "LARGEST",
    "LAST_DATE",
    "LEVELS_MESSAGE",
    "MAX_POSITION",
    "MOST_SPREAD_MONTHS",
    "MOST_WORDS",
    "RANGE_MESSAGE",
    "RECENT",
    "SPENT",
    "TAGS_MESSAGE",
    "TAKEN_MESSAGE",
    "ZERO_MESSAGE",
    "Account",
    "Basis",
    "Category",
    "CategoryQuerySet",
    "Expense",
    "ExpensePart",
    "ExpenseQuerySet",
    "Favourite",
    "Rule",
    "WordsField",
    "arranged",
    "expenses_on",
    "in_order",
    "normal_name",
    "shifted_date",
    "validate_not_zero",
    "with_words",
]
