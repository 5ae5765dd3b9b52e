"""One row of a table becomes one line of a statement."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from statements.formats.lines import Kind, Line, Message, Rejected, gettext_noop
from statements.formats.tables.columns import Columns
from statements.formats.tables.currencies import currency_of
from statements.formats.tables.dates import Dates
from statements.formats.tables.dialects import Dialect, Role
from statements.formats.tables.headers import listed, normal
from statements.formats.tables.kinds import is_state
from statements.formats.tables.layout import MONEY, text_of
from statements.formats.tables.money import Money, happened
from statements.formats.tables.numbers import currency_beside
from statements.formats.tables.rows import Row
from statements.formats.tables.texts import clean
from statements.formats.tables.word_parts import PAYERS

NOTHING = frozenset({"", "/", "-", "--", "n/a", "N/A", "nan", "NaN", "null", "NULL", "None"})


class Facts(NamedTuple):
    """What is said once for all rows: in the preamble, or in the name of a column."""

    currency: str = ""
    account: str = ""
    fee_name: str = ""
    has_currency_beside: bool = False  # its own beside each amount


class Reader:
    """Reads the rows of one table. ``restore`` makes of a cell the text, where it is to be kept as it is."""

    def __init__(
        self,
        header: Sequence[str],
        columns: Columns,
        dates: Dates,
        money: Money,
        facts: Facts,
        dialect: Dialect | None = None,
        accounts: frozenset[str] = frozenset(),
        restore: Callable[[str], str] = clean,
    ):
        self.header, self.columns, self.dates, self.money, self.facts = header, columns, dates, money, facts
        self.dialect, self.accounts, self.restore = dialect, accounts, restore
        self.width, self.amount = columns.width, money.reading()
        self.days, self.texts = columns[Role.DATE], columns[Role.TEXT]
        payers = [
            at for at in columns[Role.PAYEE] if at < len(header) and normal(header[at]) in listed(PAYERS)
        ]
        others = [at for at in columns[Role.PAYEE] if at not in payers]
        self.payees, self.payers = (*others, *payers), (*payers, *others)
        self.fees, self.currencies = columns[Role.FEE], columns[Role.CURRENCY]
        self.statuses = () if dialect else columns[Role.STATUS]
        self.categories, self.tags = columns[Role.CATEGORY], columns.first(Role.TAGS)
        self.id, self.account = columns.first(Role.ID), columns.first(Role.ACCOUNT)

    def line(self, row: Row) -> Line | Rejected | None:
        """The line of a row, why there is none, or None where another application's row is no line of its own."""
        cells = row.cells
        if len(cells) < self.width:
            cells = [*cells, *[""] * (self.width - len(cells))]
        day = self._day(cells)
        amount, kind = self.amount(cells)
        if day is None or amount is None:
            if (mended := self._mended(cells)) is not None:
                return self.line(row._replace(cells=mended))
            return self._rejected(row, "date" if day is None else "amount", cells)
        payee, text = self._payee(cells, self.payers if amount > 0 else self.payees), self._text(cells)
        line = Line(
            row.number,
            row.source,
            day,
            amount,
            self._currency(cells),
            payee,
            text,
            self._cell(cells[self.id]) if self.id is not None else "",
            self._kind(cells, kind, payee, text),
            (self._cell(cells[self.account]) if self.account is not None else "") or self.facts.account,
            self._category(cells) if self.categories else "",
            self._tags(cells[self.tags]) if self.tags is not None else (),
        )
        return self._amended(line, cells) if self.dialect else line

    def _mended(self, cells: Sequence) -> Sequence | None:
        """The cells of a row with more of them than the header, because a text has the delimiter in it unquoted."""
        extra = len(cells) - len(self.header)
        for at in self.texts if self.header and extra > 0 else ():
            joined = ",".join(map(text_of, cells[at : at + extra + 1]))
            mended = [*cells[:at], joined, *cells[at + extra + 1 :], *[""] * (self.width - len(self.header))]
            if self._day(mended) is not None and self.amount(mended)[0] is not None:
                return mended
        return None

    def _day(self, cells: Sequence) -> date | None:
        for at in self.days:
            if day := self.dates[cells[at]]:
                return day
        return None

    def _kind(self, cells: Sequence, said: Kind | None, payee: str, text: str) -> Kind:
        for at in self.statuses:
            if (status := happened(cells[at])) is not Kind.BOOKED:
                return status
        if said:
            return said
        return Kind.BALANCE if not self.dialect and is_state(text or payee) else Kind.BOOKED

    def _currency(self, cells: Sequence) -> str:
        for at in self.currencies:
            if cells[at] and (code := currency_of(text_of(cells[at]))):
                return code
        if self.facts.has_currency_beside:
            places = [at for role in MONEY for at in self.columns[role] if cells[at]]
            return next((code for at in places if (code := currency_beside(text_of(cells[at])))), "")
        return self.facts.currency

    def _payee(self, cells: Sequence, places: Sequence[int]) -> str:
        """Who was paid; of money that came in, who paid it, where the table has a column for each."""
        for at in places:
            if (text := self._cell(cells[at])) not in NOTHING:
                return text
        return ""

    def _text(self, cells: Sequence) -> str:
        if len(self.texts) == 1 and not self.fees:
            text = self._cell(cells[self.texts[0]])
            return "" if text in NOTHING else text
        texts = []
        for at in self.texts:
            text = self._cell(cells[at])
            if text not in NOTHING and text not in texts and text.strip("-"):
                texts.append(text)
        for at in self.fees:
            if self.money.amounts[cells[at]]:  # it is not part of the amount, and must not be lost
                texts.append(f"{self.facts.fee_name} {self._cell(cells[at])}")
        return " ".join(texts)

    def _cell(self, cell) -> str:
        return self.restore(cell) if isinstance(cell, str) else text_of(cell)

    def _category(self, cells: Sequence) -> str:
        if len(self.categories) == 1:
            return self._cell(cells[self.categories[0]])
        names = [text for at in self.categories if (text := self._cell(cells[at]))]
        return ": ".join(dict.fromkeys(names))

    def _tags(self, cell) -> tuple[str, ...]:
        text = self._cell(cell)
        for separator in self.dialect.tag_separator if self.dialect else ",;":
            text = text.replace(separator, "\n")
        return tuple(tag.strip() for tag in text.split("\n") if tag.strip())

    def _amended(self, line: Line, cells: Sequence) -> Line | None:
        if self.dialect.own_payees and not line.category and line.payee in self.accounts - {line.account}:
            line = replace(line, kind=Kind.TRANSFER)
        if self.dialect.amend is None:
            return line
        named: dict[str, str] = {}
        for name, cell in zip(self.header, cells, strict=False):
            named.setdefault(name.casefold(), text_of(cell).strip())
        return self.dialect.amend(line, named)

    def _rejected(self, row: Row, what: str, cells: Sequence) -> Rejected:
        roles = (Role.DATE,) if what == "date" else (Role.AMOUNT, Role.DEBIT, Role.CREDIT)
        places = (at for role in roles for at in self.columns[role])
        cell = next((text for at in places if (text := clean(text_of(cells[at])))), "")
        return Rejected(row.number, row.source, _reason(what, cell))


def _reason(what: str, cell: str) -> Message:
    if what == "date":
        if cell:
            return Message(gettext_noop("“%(cell)s” is not a date."), {"cell": cell[:40]})
        return Message(gettext_noop("There is no date."))
    if cell:
        return Message(gettext_noop("“%(cell)s” is not an amount."), {"cell": cell[:40]})
    return Message(gettext_noop("There is no amount."))


def shown(line: Line | Rejected | None) -> str:
    """A line as an example beside an answer."""
    if not isinstance(line, Line):
        return ""
    parts: Iterable[str] = (line.date.isoformat(), f"{line.amount:f}", line.currency, line.payee, line.text)
    return " ".join(part for part in parts if part)[:120]
