"""Expenses and categories in the admin: edit many at once, without losing what others did."""

from expenses.admin.categories import CategoryAdmin
from expenses.admin.expenses import ExpenseAdmin

__all__ = ["CategoryAdmin", "ExpenseAdmin"]
