"""Which of several columns of numbers is the amount, and which the balance, where no name says so."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import permutations

from statements.formats.tables.balances import LOOKED_AT, chain
from statements.formats.tables.dialects import Role
from statements.formats.tables.numbers import Amounts, decide, digits_of
from statements.formats.tables.rows import Row

Roles = Mapping[Role, tuple[int, ...]]
ALWAYS = 0.9  # of all rows


def possible(columns: Sequence[int], body: Sequence[Row]) -> dict[str, Roles]:
    """The ways to read these columns, by the value of an answer; one if a running balance proves it.

    Two columns of which each row fills just one are money out and money in. Of others one may be a balance: it runs
    with the amounts.
    """
    rows = [row for row in body[:LOOKED_AT] if not row.reason and len(row.cells) > max(columns)]
    point = decide(digits_of(row.cells[at] for row in rows for at in columns))
    amounts = Amounts(point if point != "?" else ".")
    values = {at: [amounts[row.cells[at]] if row.cells[at] else None for row in rows] for at in columns}
    pair = next((two for two in permutations(columns, 2) if two[0] < two[1] and _exclude(values, *two)), None)
    usual = [
        at for at in columns if sum(value is not None for value in values[at]) * 2 >= len(rows)
    ] or columns
    ways = dict(_pairs(pair, values) if pair else _singles(usual, values))
    proved = {name: roles for name, roles in ways.items() if Role.BALANCE in roles}
    return proved if len(proved) == 1 else {name: _without_balance(roles) for name, roles in ways.items()}


def _exclude(values: Mapping[int, list], one: int, other: int) -> bool:
    """Whether each row fills one of two columns, and either is filled somewhere."""
    filled = [(bool(a), bool(b)) for a, b in zip(values[one], values[other], strict=True)]
    single = sum(a != b for a, b in filled)
    return single >= ALWAYS * len(filled) and any(a for a, _ in filled) and any(b for _, b in filled)


def _pairs(pair: tuple[int, int], values: Mapping[int, list]) -> Iterator[tuple[str, Roles]]:
    for name, (debit, credit) in {"first_is_out": pair, "second_is_out": pair[::-1]}.items():
        roles: dict[Role, tuple[int, ...]] = {Role.DEBIT: (debit,), Role.CREDIT: (credit,)}
        change = [abs(b or 0) - abs(a or 0) for a, b in zip(values[debit], values[credit], strict=True)]
        balances = [at for at in values if at not in pair and _runs(change, values[at])]
        yield name, roles | ({Role.BALANCE: (balances[0],)} if balances else {})


def _singles(columns: Sequence[int], values: Mapping[int, list]) -> Iterator[tuple[str, Roles]]:
    for at in columns:
        balances = [other for other in columns if other != at and _runs(values[at], values[other])]
        yield f"column_{at + 1}", {Role.AMOUNT: (at,)} | ({Role.BALANCE: (balances[0],)} if balances else {})


def _runs(change: list[Decimal | None], balance: list[Decimal | None]) -> bool:
    both = [(a, b) for a, b in zip(change, balance, strict=True) if a is not None and b is not None]
    found = chain(both)
    return found is not None and found.sign >= 0


def _without_balance(roles: Roles) -> Roles:
    return {role: places for role, places in roles.items() if role is not Role.BALANCE}
