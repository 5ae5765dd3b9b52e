"""What is decided over all rows of a table, and what has to be asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice

from babel.numbers import get_currency_precision

from statements.formats.lines import Choice, Line, Message, Question, gettext_noop
from statements.formats.tables import balances, numbers, preamble, signs
from statements.formats.tables.columns import Columns, sample
from statements.formats.tables.currencies import currency_of
from statements.formats.tables.dates import Dates, fields, orders
from statements.formats.tables.dialects import Dialect, Role, Sign
from statements.formats.tables.layout import MONEY, Layout, text_of
from statements.formats.tables.money import ZERO, Money, money_of
from statements.formats.tables.reader import Facts, Reader, shown
from statements.formats.tables.rows import Row
from statements.formats.tables.texts import clean

POINTS = {"comma": ",", "point": "."}
ORDERS = {
    "dmy": gettext_noop("day, month, year"),
    "mdy": gettext_noop("month, day, year"),
    "ymd": gettext_noop("year, month, day"),
}
SIGNS = {
    "plus_is_out": gettext_noop("An amount without a minus is money spent"),
    "minus_is_out": gettext_noop("An amount without a minus is money received"),
}
SEPARATORS = {
    "point": gettext_noop("The point separates the decimals"),
    "comma": gettext_noop("The comma separates the decimals"),
}
LOOKED_AT = 1_000  # amounts of which all have a currency beside them, or none
OPTIONS = {
    "first_is_out": gettext_noop("The first column of amounts is money spent"),
    "second_is_out": gettext_noop("The second column of amounts is money spent"),
}
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
            or preamble.currency(self.layout.preamble),
            preamble.account(self.layout.preamble),
            header[fee] if fee is not None and fee < len(header) else "",
            has_currency_beside=len(beside) > 1,
        )

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
        for row in self.layout.body:
            if len(row.cells) >= width and row.cells[at]:
                amount, balance = read(row.cells)[0], amounts[row.cells[at]]
                charged = amounts[row.cells[fee]] if fee is not None and row.cells[fee] else None
                if amount is not None and balance is not None:
                    yield row, amount, abs(charged or ZERO), balance

    def _chain(self, found: Money, most: int | None = None) -> balances.Chain | None:
        """How the balance runs with these amounts; a fee may or may not be part of them."""
        held = list(islice(self._balanced(found), most))
        plain = balances.chain([(amount, balance) for _, amount, _, balance in held])
        if not self.columns[Role.FEE] or (plain and not plain.breaks):
            return plain
        charged = balances.chain([(amount - fee, balance) for _, amount, fee, balance in held])
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
        return self._reader(restore=restore)

    def _reader(
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

    def questions(self) -> Iterator[Question]:
        """One for each matter that stays open, with a real row as each answer would read it."""
        if len(self.orders) > 1:
            readers = {order: self._reader(order=order) for order in self.orders}
            text = gettext_noop(
                "The dates can be read in more than one way. In which order are they written?"
            )
            yield self._question("date_order", text, ORDERS, readers)
        if self.lacks_year:
            yield self._year()
        if self.point == "?":
            readers = {name: self._reader(point=point) for name, point in POINTS.items()}
            text = gettext_noop(
                "The amounts can be read in more than one way. What separates their decimals?"
            )
            yield self._question("decimal", text, SEPARATORS, readers)
        if len(self.columns.options) > 1 and self.answers.get("columns") not in self.columns.options:
            yield self._columns()
        elif not (self.money.sign or self.money.is_pair or self.money.word_at):
            readers = {name: self._reader(sign=Sign(name)) for name in SIGNS}
            text = gettext_noop(
                "The file does not say which amounts are money spent. What are those without a minus?"
            )
            yield self._question("sign", text, SIGNS, readers)

    def _columns(self) -> Question:
        """Which column is which; once that is said, the sign may still have to be asked."""
        readers = {
            name: Deciding(
                self.layout, replace(self.columns, by_role=self.columns.by_role | roles), None, self.answers
            ).reader()
            for name, roles in self.columns.options.items()
        }
        text = gettext_noop("No name tells which column is the amount. Which reading is right?")
        return self._question(
            "columns", text, {name: OPTIONS.get(name, "%(value)s") for name in readers}, readers
        )

    def _year(self) -> Question:
        now = date.today().year  # noqa: DTZ011 - the choices only; the file's own date is what the person says
        years = [str(year) for year in range(now, now - 4, -1)]
        readers = {year: self._reader(last=date(int(year), 12, 1)) for year in years}
        text = gettext_noop("The dates have no year. In which year does the file end?")
        return self._question("year", text, dict.fromkeys(years, "%(value)s"), readers)

    def _question(
        self, key: str, text: str, labels: Mapping[str, str], readers: Mapping[str, Reader]
    ) -> Question:
        row = self._telling(list(readers.values()))
        choices = [
            Choice(value, Message(labels[value], {"value": value}), shown(reader.line(row)) if row else "")
            for value, reader in readers.items()
        ]
        return Question(key, Message(text), tuple(choices))

    def _telling(self, readers: Sequence[Reader]) -> Row | None:
        """A row that each of them reads, and reads differently."""
        for row in self.layout.body:
            lines = [reader.line(row) for reader in readers] if not row.reason else []
            read = {(line.date, line.amount) for line in lines if isinstance(line, Line)}
            if lines and len(read) == len(lines):
                return row
        return None


def _is_id(text: str) -> bool:
    return len(text) >= ID_LENGTH and any(map(str.isdigit, text))
