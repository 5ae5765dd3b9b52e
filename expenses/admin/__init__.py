"""Expenses, categories, accounts and rules in the admin: edit many at once, without losing what others did."""

from expenses.admin.accounts import AccountAdmin
from expenses.admin.categories import CategoryAdmin
from expenses.admin.expenses import ExpenseAdmin
from expenses.admin.rules import RuleAdmin

__all__ = ["AccountAdmin", "CategoryAdmin", "ExpenseAdmin", "RuleAdmin"]
