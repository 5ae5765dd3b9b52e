"""How the amount of a row is put together: one column with a sign, a column and a word, or a column for each way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from statements.formats.lines import Kind
from statements.formats.tables.columns import Columns
from statements.formats.tables.dialects import Dialect, Role, Sign
from statements.formats.tables.kinds import direction, status
from statements.formats.tables.layout import text_of
from statements.formats.tables.numbers import Amounts
from statements.formats.tables.rows import Row
from statements.formats.tables.signs import way

ZERO = Decimal(0)
Words = Callable[[str], Sign | Kind | None]


@dataclass(slots=True)
class Money:
    """``sign`` is None as long as it is open. ``words`` reads the columns ``word_at``, which say out or in.

    ``debit_sign`` and ``credit_sign`` are what to multiply a cell by: a bank writes money out with or without a minus.
    """

    columns: Columns
    amounts: Amounts
    sign: Sign | None = None
    word_at: tuple[int, ...] = ()
    words: Words = direction
    word_signs: Mapping[Sign, Sign] = None
    debit_sign: int = -1
    credit_sign: int = 1
    is_pair: bool = False

    def reading(self) -> Callable[[Sequence], tuple[Decimal | None, Kind | None]]:
        """What reads the cells of a row: the amount, minus is out, None if there is none; and the Kind a word says."""
        if self.is_pair:
            return lambda cells: (self._pair(cells), None)
        amounts, sign, at = self.amounts, self.sign, self.columns.by_role[Role.AMOUNT][0]
        if self.word_at:
            return lambda cells: self._worded(amounts[cells[at]], cells)
        if sign in {None, Sign.MINUS_IS_OUT}:
            return lambda cells: (amounts[cells[at]], None)
        return lambda cells: (signed(amounts[cells[at]], sign), None)

    def _worded(self, amount: Decimal | None, cells: Sequence) -> tuple[Decimal | None, Kind | None]:
        if amount is None:
            return None, None
        sign, kind = self.sign, None
        for at in self.word_at:
            said = self.words(text_of(cells[at]))
            if isinstance(said, Kind):
                kind = kind or said
            elif said:
                sign = self.word_signs.get(said, said) if self.word_signs else said
        return signed(amount, sign), kind or (Kind.NEUTRAL if sign is None else None)

    def _pair(self, cells: Sequence) -> Decimal | None:
        total = None
        for role, sign in ((Role.DEBIT, self.debit_sign), (Role.CREDIT, self.credit_sign)):
            for at in self.columns[role]:
                cell = cells[at]
                amount = self.amounts[cell] if cell else None
                if amount is not None:
                    total = amount * sign + (total or ZERO)
                elif cell and (not isinstance(cell, str) or any(map(str.isdigit, cell))):
                    return None
        return total


def signed(amount: Decimal | None, sign: Sign | None) -> Decimal | None:
    """The amount with minus for money out; zero has no sign."""
    if amount is None:
        return None
    if sign is Sign.PLUS_IS_OUT:
        return -amount if amount else ZERO
    if sign is Sign.ALL_OUT:
        return -abs(amount) if amount else ZERO
    return abs(amount) if sign is Sign.ALL_IN else amount


def money_of(columns: Columns, amounts: Amounts, body: Sequence[Row], dialect: Dialect | None) -> Money:
    """What the columns alone say; ``sign`` is left open where they do not."""
    money = Money(columns, amounts)
    if dialect and (dialect.sign or dialect.words or not columns[Role.AMOUNT]):
        return _of_dialect(money, dialect)
    values = _cells(body, columns.first(Role.AMOUNT))
    has_minus = any((amounts[cell] or 0) < 0 for cell in values)
    if (columns[Role.DEBIT] or columns[Role.CREDIT]) and not (columns[Role.AMOUNT] and has_minus):
        return _pair_of(money, body)
    _find_words(money, body, has_minus)
    return money


def _of_dialect(money: Money, dialect: Dialect) -> Money:
    money.sign = dialect.sign
    money.is_pair = not money.columns[Role.AMOUNT]
    words = {word.strip().casefold(): said for word, said in dialect.words.items()}
    money.words = lambda text: words.get(text.strip().casefold())
    places = (at for role in (Role.DIRECTION, Role.KIND, Role.STATUS) for at in money.columns[role])
    money.word_at = tuple(places) if words else ()
    return money


def _pair_of(money: Money, body: Sequence[Row]) -> Money:
    money.is_pair = True
    for role, name, usual in ((Role.DEBIT, "debit_sign", -1), (Role.CREDIT, "credit_sign", 1)):
        values = [money.amounts[cell] or 0 for cell in _cells(body, money.columns.first(role))]
        minus, plus = sum(value < 0 for value in values), sum(value > 0 for value in values)
        setattr(
            money,
            name,
            (1 if minus > plus else -1) if role is Role.DEBIT else (-1 if minus > plus else usual),
        )
    return money


def _find_words(money: Money, body: Sequence[Row], has_minus: bool):
    """Find the column that says out or in: it is named so, or all of its words say so."""
    named, typed = money.columns[Role.DIRECTION], money.columns[Role.KIND]
    taken = {at for places in money.columns.by_role.values() for at in places}
    others = [at for at in range(max(len(row.cells) for row in body[:50])) if at not in taken]
    at = next((at for at in named if _say(body, at) >= 0.6), None)
    if at is None:
        at = next((at for at in typed if _say(body, at) == 1), None)
    if at is None and not has_minus:
        at = next(
            (at for at in others if _say(body, at) == 1 and all(map(str.strip, _cells(body, at)))), None
        )
    if at is None and not has_minus:  # "Purchase", "Deposit"
        at = next((at for at in typed if _say(body, at, way) == 1), None)
        money.words = way
    if at is None:
        return
    money.word_at = (at,)
    money.columns.by_role[Role.DIRECTION] = (at,)  # it counts in the width of a row
    money.sign = Sign.MINUS_IS_OUT if has_minus else None
    money.word_signs = {
        Sign.ALL_OUT: Sign.MINUS_IS_OUT
        if _is_mostly_minus(money, body, at, Sign.ALL_OUT)
        else Sign.PLUS_IS_OUT,
        Sign.ALL_IN: Sign.PLUS_IS_OUT
        if _is_mostly_minus(money, body, at, Sign.ALL_IN)
        else Sign.MINUS_IS_OUT,
    }


def _is_mostly_minus(money: Money, body: Sequence[Row], at: int, said: Sign) -> bool:
    """Whether the amounts of the rows with a word for that way are written with a minus."""
    place = money.columns.by_role[Role.AMOUNT][0]
    values = [
        money.amounts[row.cells[place]] or 0
        for row in body
        if len(row.cells) > max(at, place) and money.words(text_of(row.cells[at])) is said
    ]
    return sum(value < 0 for value in values) > sum(value > 0 for value in values)


def _say(body: Sequence[Row], at: int, words_of: Words = direction) -> float:
    """The share of words in a column that say which way the money went."""
    words = {text_of(cell) for cell in _cells(body, at)} - {""}
    words = {word for word in words if word.strip()}
    return sum(words_of(word) is not None for word in words) / len(words) if words and len(words) < 50 else 0


def _cells(body: Sequence[Row], at: int | None) -> list:
    return [] if at is None else [row.cells[at] for row in body if at < len(row.cells)]


def happened(cell) -> Kind:
    """What the cell of a status says of its row."""
    return status(cell) if isinstance(cell, str) else Kind.BOOKED
