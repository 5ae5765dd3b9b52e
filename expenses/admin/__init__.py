"""What the admin has of a ledger's record: edit many at once, without losing what others did."""

from expenses.admin.accounts import AccountAdmin
from expenses.admin.categories import CategoryAdmin
from expenses.admin.expenses import ExpenseAdmin
from expenses.admin.favourites import FavouriteAdmin
from expenses.admin.rules import RuleAdmin

__all__ = ["AccountAdmin", "CategoryAdmin", "ExpenseAdmin", "FavouriteAdmin", "RuleAdmin"]
