"""Makes the people and rows that tests need."""

from datetime import date
from decimal import Decimal

from api.models import Token
from expenses.accounts import random_key
from expenses.models import Account, Category, Expense, Favourite, Rule
from expenses.opening import open_ledger
from ledgers.models import Ledger, Membership
from users.models import User

PASSWORD = "correct horse battery"


def make_user(username: str, **values) -> User:
    return User.objects.create_user(username, f"{username}@example.org", PASSWORD, **values)


def make_ledger(owner: User, name: str = "Household", currency: str = "EUR", **values) -> Ledger:
    return open_ledger(name, currency, owner, **values)


def share(ledger: Ledger, user: User, role: str) -> Membership:
    return Membership.objects.create(ledger=ledger, user=user, role=role)


def make_token(user: User, name: str = "script", can_write: bool = True, **values) -> str:
    """What the person sends to be known; the row is ``Token.objects.get()``."""
    _token, secret = Token.objects.create(user, name=name, can_write=can_write, **values)
    return secret


def make_account(ledger: Ledger, name="Checking", digits="3000", **values) -> Account:
    return Account.objects.create(ledger=ledger, name=name, digits=digits, **{"key": random_key(), **values})


def make_favourite(ledger: Ledger, name="Coffee", amount="3.2", category="Food", **values) -> Favourite:
    """A row to put in again. Without a position it goes behind all of them."""
    values = {"position": Favourite.objects.in_ledger(ledger).next_position(), **values}
    return Favourite.objects.create(
        ledger=ledger,
        name=name,
        amount=amount and Decimal(amount),
        category=Category.objects.get(ledger=ledger, name=category),
        **values,
    )


def make_rule(ledger: Ledger, pattern="bakery", category="Food", **values) -> Rule:
    """A rule that sets a category of the ledger given by name."""
    category = Category.objects.get(ledger=ledger, name=category)
    return Rule.objects.create(ledger=ledger, pattern=pattern, category=category, **values)


def make_expense(ledger: Ledger, amount="10", category="Food", day="2024-08-01", **values) -> Expense:
    """An expense as the database has it, in a category of the ledger given by name."""
    category = Category.objects.get(ledger=ledger, name=category)
    return Expense.objects.create(
        ledger=ledger, amount=Decimal(amount), category=category, date=date.fromisoformat(day), **values
    )
