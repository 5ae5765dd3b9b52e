"""What is decided over all rows of a table, and what remains open."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice

from babel.numbers import get_currency_precision

from statements.formats.lines import Message, gettext_noop
from statements.formats.tables import balances, numbers, preamble, signs
from statements.formats.tables.columns import Columns, sample
from statements.formats.tables.currencies import currency_of, of_accounts, of_language
from statements.formats.tables.dates import Dates, fields, orders
from statements.formats.tables.dialects import Dialect, Role, Sign
from statements.formats.tables.layout import MONEY, Layout, text_of
from statements.formats.tables.money import ZERO, Money, money_of
from statements.formats.tables.reader import Facts, Reader
from statements.formats.tables.rows import Row
from statements.formats.tables.texts import clean

POINTS = {"comma": ",", "point": "."}
ORDERS = ("dmy", "mdy", "ymd")
SIGNS = ("plus_is_out", "minus_is_out")
LOOKED_AT = 1_000  # amounts of which all have a currency beside them, or none
GAPS_NAMED = 3
ID_LENGTH = 6  # shorter ones count the rows of a file


class Deciding:
    """All that has to be known to read the rows, each found once and only when it is needed."""

    def __init__(self, layout: Layout, columns: Columns, dialect: Dialect | None, answers: Mapping[str, str]):
        self.is_alone = False
        self.layout, self.columns, self.dialect, self.answers = layout, columns, dialect, answers

    def cells(self, *places: int) -> dict:
        """The different cells of these columns, in the order they appear in the file."""
        found = {}
        for at in places:
            found |= dict.fromkeys(row.cells[at] for row in self.layout.body if len(row.cells) > at)
        found.pop("", None)
        return found

    # Dates

    @cached_property
    def last_month(self) -> date | None:
        """The month the file ends in: asked only where dates have no year and nothing before the table says it."""
        if (year := self.answers.get("year", "")).isdigit() and len(year) == 4:
            return date(int(year), 12, 1)
        return preamble.last_month(preamble.cells(self.layout.preamble))

    @cached_property
    def written_dates(self) -> list[str]:
        first = self.columns.first(Role.DATE)
        return [] if first is None else [cell for cell in self.cells(first) if isinstance(cell, str)]

    @cached_property
    def lacks_year(self) -> bool:
        return self.last_month is None and any(
            len(item.numbers) == 2 for text in self.written_dates if (item := fields(text))
        )

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """The orders of day, month and year that remain possible."""
        if self.dialect and self.dialect.date_order:
            return (self.dialect.date_order,)
        if (said := self.answers.get("date_order")) in ORDERS:
            return (said,)
        left = orders(self.written_dates, bool(self.chain))
        others = self.columns[Role.DATE][1:]
        if len(left) > 1 and others:
            more = [cell for cell in self.cells(*others) if isinstance(cell, str)]
            both = orders([*self.written_dates, *more], bool(self.chain))
            left = both if len(both) < len(left) else left
        return left

    # Amounts

    @cached_property
    def point(self) -> str | None:
        """The decimal separator, "?" if it has to be asked."""
        said = self.answers.get("decimal") or (self.dialect and self.dialect.decimal)
        if said in POINTS:
            return POINTS[said]
        places = [at for role in (*MONEY, Role.BALANCE, Role.FEE) for at in self.columns[role]]
        found = numbers.decide(numbers.digits_of(self.cells(*places)))
        if found != "?":
            return found
        return self._point_elsewhere(places) or ("." if self._has_no_decimals() else "?")

    def _point_elsewhere(self, places: Sequence[int]) -> str | None:
        """What numbers in other columns of the file prove, such as rates of exchange."""
        others = {
            cell
            for row in sample(self.layout.body)
            for at, cell in enumerate(row.cells)
            if at not in places and isinstance(cell, str) and 3 < len(cell) < 16 and not fields(cell)
        }
        proofs = {
            proof for text in numbers.digits_of(others) if (proof := numbers.separator(text)) in {".", ","}
        }
        return proofs.pop() if len(proofs) == 1 else None

    def _has_no_decimals(self) -> bool:
        """Whether all is in a currency such as yen, of which there are no fractions, and commas separate thousands."""
        found = {self.facts.currency} if self.facts.currency else set()
        found |= {currency_of(text_of(cell)) for cell in self.cells(*self.columns[Role.CURRENCY])}
        has_commas = not any("." in text for text in numbers.digits_of(self.written_amounts))
        return has_commas and bool(found) and all(code and not get_currency_precision(code) for code in found)

    @cached_property
    def facts(self) -> Facts:
        fee = self.columns.first(Role.FEE)
        header = self.layout.header
        beside = {
            numbers.currency_beside(cell)
            for cell in islice(self.written_amounts, LOOKED_AT)
            if isinstance(cell, str)
        }
        return Facts(
            self.columns.currency
            or (beside.pop() if len(beside) == 1 else "")
            or preamble.currency(self.layout.preamble)
            or self._implied_currency(),
            preamble.account(self.layout.preamble),
            header[fee] if fee is not None and fee < len(header) else "",
            has_currency_beside=len(beside) > 1,
        )

    def _implied_currency(self) -> str:
        """What the country of the accounts, or the language of the table, says where no cell names a currency."""
        if self.columns[Role.CURRENCY]:
            return ""
        numbers = [text_of(cell) for cell in self.cells(*self.columns[Role.ACCOUNT])]
        words = [*preamble.cells(self.layout.preamble), *self.layout.header]
        return of_accounts(numbers) or of_language(words)

    @cached_property
    def written_amounts(self) -> dict:
        return self.cells(*[at for role in MONEY for at in self.columns[role]])

    @cached_property
    def likely_point(self) -> str | None:
        """What the lines are read with while the question is open: as thousands."""
        if self.point != "?":
            return self.point
        return "," if any("." in text for text in numbers.digits_of(self.written_amounts)) else "."

    # Signs

    @cached_property
    def money(self) -> Money:
        """How amounts are put together; ``sign`` is None where it has to be asked."""
        amounts = numbers.Amounts(self.likely_point)
        found = money_of(self.columns, amounts, self.layout.body, self.dialect)
        if found.is_pair or found.sign or found.word_at:
            return found
        said = self.answers.get("sign")
        return replace(found, sign=Sign(said) if said in SIGNS else self._sign(found))

    def _sign(self, found: Money) -> Sign | None:
        card = signs.is_card(self.layout.header, preamble.cells(self.layout.preamble))
        samples = self._samples(found)
        self.is_alone = len(samples) == 1 and samples[0].amount > 0 and not card
        return (
            Sign.MINUS_IS_OUT
            if self.is_alone
            else signs.decide(samples, self._chain(found, balances.LOOKED_AT), card)
        )

    def _samples(self, found: Money) -> list[signs.Sample]:
        at = self.columns.first(Role.AMOUNT)
        told = [at for role in (Role.PAYEE, Role.TEXT, Role.KIND, Role.CATEGORY) for at in self.columns[role]]
        return [
            signs.Sample(
                amount, " ".join(text_of(row.cells[other]) for other in told if len(row.cells) > other)
            )
            for row in sample(self.layout.body)
            if len(row.cells) > at and (amount := found.amounts[row.cells[at]]) is not None
        ]

    def _balanced(self, found: Money) -> Iterator[tuple[Row, Decimal, Decimal, Decimal]]:
        """Rows with a balance after them: amount, fee and balance, in file order."""
        at, fee = self.columns.first(Role.BALANCE), self.columns.first(Role.FEE)
        if at is None:
            return
        width, read, amounts = self.columns.width, found.reading(), found.amounts
        balance_of = amounts.read  # each is there once: to keep them would only cost memory
        for row in self.layout.body:
            if len(row.cells) >= width and row.cells[at]:
                amount, balance = read(row.cells)[0], balance_of(row.cells[at])
                charged = amounts[row.cells[fee]] if fee is not None and row.cells[fee] else None
                if amount is not None and balance is not None:
                    yield row, amount, abs(charged or ZERO), balance

    def _chain(self, found: Money, most: int | None = None) -> balances.Chain | None:
        """How the balance runs with these amounts; a fee may or may not be part of them."""
        held = islice(self._balanced(found), most)
        if not self.columns[Role.FEE]:
            return balances.chain([(amount, balance) for _, amount, _, balance in held])
        held = list(held)
        plain = balances.chain([(amount, balance) for _, amount, _, balance in held])
        charged = balances.chain([(amount - fee, balance) for _, amount, fee, balance in held])
        if plain and not plain.breaks:
            return plain
        return charged if charged and (not plain or len(charged.breaks) < len(plain.breaks)) else plain

    @cached_property
    def chain(self) -> balances.Chain | None:
        return self._chain(self.money)

    def ids_are_unique(self) -> bool:
        """Whether the column of ids has one for each row, that could not be a running number of the file."""
        at = self.columns.first(Role.ID)
        cells = (
            [text_of(row.cells[at]).strip() for row in self.layout.body if len(row.cells) > at]
            if at is not None
            else []
        )
        filled = [cell for cell in cells if cell]
        return len(filled) > 0 and len(set(filled)) == len(filled) and all(map(_is_id, filled))

    @property
    def are_columns_open(self) -> bool:
        return len(self.columns.options) > 1 and self.answers.get("columns") not in self.columns.options

    @property
    def is_sign_open(self) -> bool:
        return not (self.money.sign or self.money.is_pair or self.money.word_at)

    def warnings(self) -> Iterator[Message]:
        """What was decided on little, and each place where the running balance says that rows are missing."""
        if self.is_alone and self.money.sign is Sign.MINUS_IS_OUT and "sign" not in self.answers:
            yield Message(gettext_noop("The only amount has no minus. It is read as money received."))
        if not self.chain or not self.chain.breaks:
            return
        rows = [row for row, *_ in self._balanced(self.money)]
        for at in self.chain.breaks[:GAPS_NAMED]:
            text = gettext_noop("The balance does not add up at line %(line)s: rows may be missing.")
            yield Message(text, {"line": rows[at].number})

    # The whole

    def reader(self, restore: Callable[[str], str] = clean) -> Reader:
        """What reads the rows as it is likeliest."""
        return self.reader_with(restore=restore)

    def reader_with(
        self,
        order: str = "",
        point: str = "",
        sign: Sign | None = None,
        last: date | None = None,
        restore=clean,
    ) -> Reader:
        """With one of the decisions replaced."""
        found = self.money
        if point:
            found = replace(found, amounts=numbers.Amounts(point))
        if sign or not (found.sign or found.is_pair or found.word_at):
            found = replace(found, sign=sign or Sign.PLUS_IS_OUT)
        dates = Dates(order or self.orders[0], last or self.last_month or date.today())  # noqa: DTZ011 - see _year
        accounts = frozenset(map(text_of, self.cells(*self.columns[Role.ACCOUNT])))
        return Reader(
            self.layout.header, self.columns, dates, found, self.facts, self.dialect, accounts, restore
        )


def _is_id(text: str) -> bool:
    return len(text) >= ID_LENGTH and any(map(str.isdigit, text))
