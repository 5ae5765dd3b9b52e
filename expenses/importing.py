"""Making a ledger of what an exported file says (``exchange.py``)."""

from dataclasses import dataclass

from django.db import transaction

from expenses.exchange import ROWS_AT_ONCE
from expenses.models import Account, Category, Expense, Favourite, Rule
from ledgers.models import Ledger, Membership
from users.models import User


@dataclass(frozen=True)
class Imported:
    """The ledger made, and how many expenses it has.

    ``members``: the roles, by name, of people here whom the file let in. ``strangers``: the names of its members
    whom nobody here is called by.
    """

    ledger: Ledger
    expenses: int
    members: dict[str, Membership.Role]
    strangers: list[str]


@transaction.atomic
def import_ledger(file: dict, owner: User, name: str = "") -> Imported:
    """A new ledger of ``owner`` with all that the file has, under its own name or this one.

    Members and whoever entered an expense are people here of the same username, whom somebody who imports a file
    from elsewhere has to know. To be called as an operator. Costs a handful of statements for thousands of rows.
    """
    ledger = Ledger.objects.create(**file["ledger"] | ({"name": name} if name else {}))
    roles = {member["username"]: member["role"] for member in file["members"]}
    named = set(roles) | {expense.get("created_by") for expense in file["expenses"]} - {None}
    people = {user.username: user for user in User.objects.filter(username__in=named)}
    roles |= {owner.username: Membership.Role.OWNER}
    people |= {owner.username: owner}
    Membership.objects.bulk_create(
        Membership(ledger=ledger, user=people[username], role=role)
        for username, role in roles.items()
        if username in people
    )
    _add_rows(ledger, file, people)
    return Imported(
        ledger,
        len(file["expenses"]),
        {
            name: Membership.Role(role)
            for name, role in roles.items()
            if name in people and name != owner.username
        },
        [username for username in roles if username not in people],
    )


def _add_rows(ledger: Ledger, file: dict, people: dict[str, User]):
    categories = {None: None}
    for is_part in (False, True):  # what they are part of comes first
        made = Category.objects.bulk_create(
            Category(**values | {"ledger": ledger, "parent": categories[values.get("parent")]})
            for values in file["categories"]
            if ("parent" in values) == is_part
        )
        categories |= {category.name: category for category in made}
    Account.objects.bulk_create(Account(ledger=ledger, **values) for values in file["accounts"])
    Rule.objects.bulk_create(
        Rule(**values | {"ledger": ledger, "category": categories[values["category"]]})
        for values in file["rules"]
    )
    Favourite.objects.bulk_create(
        Favourite(**values | {"ledger": ledger, "category": categories[values["category"]]})
        for values in file["favourites"]
    )
    expenses = (
        Expense(
            **values
            | {
                "ledger": ledger,
                "category": categories[values["category"]],
                "created_by": people.get(values.get("created_by")),
            }
        )
        for values in file["expenses"]
    )
    Expense.objects.bulk_create(expenses, batch_size=ROWS_AT_ONCE)
