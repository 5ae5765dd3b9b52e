"""Which column of a table has which role, by its name and by what it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from statements.formats.tables.currencies import currency_in_header, is_currency
from statements.formats.tables.dates import fields
from statements.formats.tables.dialects import Dialect, Role
from statements.formats.tables.guessing import Roles, possible
from statements.formats.tables.headers import Meaning, is_foreign, meanings, normal
from statements.formats.tables.kinds import direction
from statements.formats.tables.layout import MONEY, holds_date, holds_number, text_of
from statements.formats.tables.rows import Row

SAMPLE = 400  # rows that are looked at to learn what a column holds
NET = {"net", "netto", "net amount", "amount net"}  # what is left after the fee
OWN_NUMBERS = {
    "kontonummer",
    "iban",
    "rekeningnummer",
    "account number",
    "account no",
    "konto",
    "iban bban",
    "kontonr",
}


class Content(NamedTuple):
    """What a column holds in the sample, as shares of its cells that are not empty."""

    filled: int
    rows: int
    dates: float
    numbers: float
    currencies: float
    values: frozenset[str]
    letters: float  # on average, in a cell


@dataclass(slots=True)
class Columns:
    """The columns by role, the preferred first. ``currency`` is that in the name of the amount."""

    by_role: dict[Role, tuple[int, ...]] = field(default_factory=dict)
    currency: str = ""
    options: Mapping[str, Roles] = field(default_factory=dict)  # where no name tells where the amount is

    def __getitem__(self, role: Role) -> tuple[int, ...]:
        return self.by_role.get(role, ())

    @property
    def width(self) -> int:
        """How many cells a row needs for all columns to be there."""
        return 1 + max((at for places in self.by_role.values() for at in places), default=0)

    def first(self, role: Role) -> int | None:
        found = self[role]
        return found[0] if found else None


def sample(body: Sequence[Row]) -> list[Row]:
    """Rows from all over the table, of those that have more than a text."""
    step = max(1, len(body) // SAMPLE)
    chosen = body[: SAMPLE // 2] if step > 1 else body
    rows = [*chosen, *body[SAMPLE // 2 :: step]] if step > 1 else chosen
    return [row for row in rows if sum(1 for cell in row.cells if cell) > 1]


def contents(rows: Sequence[Row], width: int) -> list[Content]:
    return [_content([row.cells[at] if at < len(row.cells) else "" for row in rows]) for at in range(width)]


def _content(cells: list) -> Content:
    filled = [cell for cell in cells if (cell.strip() if isinstance(cell, str) else True)]
    count = len(filled) or 1
    texts = [text_of(cell).strip() for cell in filled]
    return Content(
        filled=len(filled),
        rows=len(cells),
        dates=sum(holds_date(cell) or bool(fields(text)) for cell, text in zip(filled, texts, strict=True))
        / count,
        numbers=sum(map(holds_number, filled)) / count,
        currencies=sum(map(is_currency, texts)) / count,
        values=frozenset(texts),
        letters=sum(sum(map(str.isalpha, text)) for text in texts) / count,
    )


def of_dialect(dialect: Dialect, header: Sequence[str]) -> Columns:
    """The columns an application's export is known to have."""
    places: dict[str, int] = {}
    for at, name in enumerate(header):
        places.setdefault(name.strip().casefold(), at)
    by_role = {
        role: tuple(places[name.casefold()] for name in names if name.casefold() in places)
        for role, names in dialect.columns.items()
    }
    money = next(
        (by_role[role][0] for role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT) if by_role.get(role)), None
    )
    return Columns(by_role, "" if money is None else currency_in_header(header[money]))


def of_table(header: Sequence[str], body: Sequence[Row], said: str = "") -> Columns:
    """The columns of any table: by name where there is one, else by what they hold; ``said`` is one of ``options``."""
    rows = sample(body)
    width = max([len(header), *(len(row.cells) for row in rows)], default=0)
    held = contents(rows, width)
    names = [*header, *[""] * (width - len(header))]
    meant = [_meant(name, content) for name, content in zip(names, held, strict=True)]
    found = Columns()
    _dates(found, meant, held)
    _money(found, names, meant, held, body, said)
    _currency(found, names, meant, held)
    _texts(found, names, meant, held)
    _others(found, names, meant, held)
    return found


def _meant(name: str, held: Content) -> Meaning | None:
    """What a name means over what the column holds; the first of its meanings that fits, or else the first of all."""
    found = meanings(name)
    return next((one for one in found if _fits(one.role, held)), found[0] if found else None)


def _fits(role: Role, held: Content) -> bool:
    if not held.filled:
        return False
    if role is Role.DATE:
        return held.dates >= 0.3
    if role in {*MONEY, Role.BALANCE, Role.FEE}:
        return held.numbers >= 0.5
    return held.currencies >= 0.6 if role is Role.CURRENCY else held.dates < 0.5


def _ranked(meant: Sequence[Meaning | None], role: Role) -> list[int]:
    chosen = [at for at, one in enumerate(meant) if one and one.role is role]
    return sorted(chosen, key=lambda at: (meant[at].rank, at))


def _dates(found: Columns, meant: Sequence[Meaning | None], held: Sequence[Content]):
    """Columns of dates. One without gaps goes before one with gaps, that all rows may have the same kind of date."""
    dates = [at for at in _ranked(meant, Role.DATE) if held[at].filled and held[at].dates >= 0.3]
    if not dates:
        dates = [
            at
            for at, one in enumerate(held)
            if one.filled and one.dates >= 0.6 and one.filled >= one.rows / 2
        ]
    booked = [at for at in dates if (meant[at].rank if meant[at] else 0) < 3]
    fullest = max((held[at].filled for at in booked), default=0)
    if booked and held[booked[0]].filled < fullest:
        first = next(at for at in booked if held[at].filled == fullest)
        if not meant[booked[0]] or meant[first].rank > meant[booked[0]].rank:
            dates = [first, *[at for at in dates if at != first]]
    found.by_role[Role.DATE] = tuple(dates)


def _money(found: Columns, names, meant, held: Sequence[Content], body: Sequence[Row], said: str):
    """Columns of amounts. A debit or credit may be empty throughout, an amount may not."""
    taken = set(found[Role.DATE])

    def numeric(role: Role, share: float) -> list[int]:
        return [
            at
            for at in _ranked(meant, role)
            if at not in taken and (held[at].numbers >= share or not held[at].filled or not held[at].rows)
        ]

    debit, credit = numeric(Role.DEBIT, 0.5), numeric(Role.CREDIT, 0.5)
    amount = [at for at in numeric(Role.AMOUNT, 0.3) if held[at].filled or not held[at].rows]
    if not any(held[at].filled for at in debit + credit) and amount:
        debit = credit = []
    for role, places in ((Role.AMOUNT, amount), (Role.DEBIT, debit), (Role.CREDIT, credit)):
        found.by_role[role] = tuple(places[:1])
    found.by_role[Role.BALANCE] = tuple(numeric(Role.BALANCE, 0.5)[:1])
    if not (amount and normal(names[amount[0]]) in NET):
        found.by_role[Role.FEE] = tuple(at for at in numeric(Role.FEE, 0.5)[:1] if held[at].filled)
    if not amount and not debit and not credit:
        _unnamed_money(found, meant, held, body, said)
    chosen = next((at for role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT) for at in found[role]), None)
    found.currency = currency_in_header(names[chosen]) if chosen is not None else ""


def _unnamed_money(found: Columns, meant, held: Sequence[Content], body: Sequence[Row], said: str):
    """Columns of amounts that no name tells: numbers that are more than a mark or a number of something."""
    taken = {at for places in found.by_role.values() for at in places}
    free = [
        at
        for at, one in enumerate(held)
        if at not in taken
        and not meant[at]
        and one.filled
        and one.numbers >= 0.9
        and one.dates < 0.5
        and not _is_number_of(one)
    ]
    free = [
        at
        for at in free
        if not any(before < at and held[before].values == held[at].values for before in free)
    ]
    decimals = [at for at in free if any(not value.isdigit() for value in held[at].values)]
    if decimals or free:
        found.options = possible(decimals or free, body)
        found.by_role |= found.options.get(said) or next(iter(found.options.values()))


def _is_number_of(content: Content) -> bool:
    """Whether the numbers are those of accounts, cheques or instalments rather than amounts."""
    if all(value.isdigit() for value in content.values):
        return any(len(value) > 9 for value in content.values) or (
            content.rows > 2 and len(content.values) == 1 and content.filled == content.rows
        )
    return False


def _currency(found: Columns, names: Sequence[str], meant: Sequence[Meaning | None], held: Sequence[Content]):
    """The column of currencies beside the amount; one of another amount's currency is passed over."""
    money = next((at for role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT) for at in found[role]), 0)
    named = [
        at for at in _ranked(meant, Role.CURRENCY) if held[at].currencies >= 0.6 and not is_foreign(names[at])
    ]
    beside = money + 1
    if (
        not named
        and beside < len(names)
        and names.count(names[beside]) > 1
        and held[beside].currencies >= 0.9
    ):
        # One that stands beside the amount and again beside the balance is that of either, whatever it is called.
        named = [beside]
    if not named and found.options:
        named = [
            at
            for at, one in enumerate(held)
            if one.currencies >= 0.9 and one.filled >= one.rows / 2 and one.letters > 1
        ]
    best = sorted(named, key=lambda at: (meant[at].rank if meant[at] else 0, abs(at - money - 0.5)))
    found.by_role[Role.CURRENCY] = tuple(best[:2])


def _texts(found: Columns, names: Sequence[str], meant: Sequence[Meaning | None], held: Sequence[Content]):
    """Who was paid, and everything else that was said; of a table without names the longest texts."""
    taken = {at for places in found.by_role.values() for at in places}
    for role in (Role.PAYEE, Role.TEXT):
        places = [at for at in _ranked(meant, role) if at not in taken and not is_foreign(names[at])]
        best = meant[places[0]].rank if places else None
        chosen = [at for at in places if held[at].filled and meant[at].rank == best]
        if (
            role is Role.TEXT
        ):  # a text may go on in columns without a name, and is none if it only says out or in
            chosen += [
                at for at in range(len(names)) if at not in taken and _goes_on(names, at, held[at], chosen)
            ]
            chosen = [at for at in chosen if not all(map(_is_way, held[at].values))]
        if len(chosen) > 1:  # one that never changes is a name of the account or its owner
            chosen = [at for at in chosen if len(held[at].values) > 1 or held[at].rows < 3] or chosen
        found.by_role[role] = tuple(sorted(chosen))
    if not found[Role.PAYEE] and not found[Role.TEXT]:
        worded = [
            at for at, one in enumerate(held)
            if at not in taken and not meant[at] and one.letters >= 2 and one.numbers < 0.5 and one.dates < 0.5
        ]  # fmt: skip
        varied = [at for at in worded if len(held[at].values) > 1] or worded
        found.by_role[Role.TEXT] = tuple(varied)


def _is_way(value: str) -> bool:
    return len(value) > 2 and direction(value) is not None


def _goes_on(names: Sequence[str], at: int, content: Content, chosen: Sequence[int]) -> bool:
    is_after = bool(chosen) and at > min(chosen) and not any(names[min(chosen) + 1 : at + 1])
    return is_after and content.letters >= 2 and content.numbers < 0.5 and content.dates < 0.5


def _others(found: Columns, names: Sequence[str], meant: Sequence[Meaning | None], held: Sequence[Content]):
    for role in (Role.ID, Role.DIRECTION, Role.STATUS, Role.KIND, Role.CATEGORY, Role.TAGS):
        places = [at for at in _ranked(meant, role) if held[at].filled]
        found.by_role[role] = tuple(places if role in {Role.CATEGORY, Role.KIND} else places[:1])
    accounts = [at for at in _ranked(meant, Role.ACCOUNT) if _is_own(found, names[at], at, held[at])]
    found.by_role[Role.ACCOUNT] = tuple(accounts[:1])


def _is_own(found: Columns, name: str, at: int, content: Content) -> bool:
    """Whether a column of accounts is that of the owner: the same ones again and again, and not of whom was paid."""
    if content.filled < content.rows or not content.filled:
        return False
    if content.rows >= 6:
        return len(content.values) <= max(5, content.rows // 20)
    first = min([*found[Role.DATE], *(at for role in MONEY for at in found[role])], default=0)
    return normal(name) not in OWN_NUMBERS or at < first
