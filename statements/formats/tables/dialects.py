"""What is known of the export of one application beforehand, once its header is recognised."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from statements.formats.lines import Kind, Line

Amend = Callable[[Line, Mapping[str, str]], Line | None]


class Role(StrEnum):
    """What a column holds."""

    DATE = "date"  # of the purchase; the first of several that can be read counts
    AMOUNT = "amount"
    DEBIT = "debit"  # money out, with or without a minus
    CREDIT = "credit"  # money in
    FEE = "fee"  # not part of the amount
    BALANCE = "balance"  # after the row
    CURRENCY = "currency"
    PAYEE = "payee"
    TEXT = "text"
    ID = "id"  # the source's own id of the row
    DIRECTION = "direction"  # a word or sign that says out or in
    STATUS = "status"  # a word that says pending, declined, …
    KIND = "kind"  # a word that says what the row is: transfer, opening balance, payment, …
    ACCOUNT = "account"
    CATEGORY = "category"  # several: joined by ": ", main category first
    TAGS = "tags"


class Sign(StrEnum):
    """How the sign of a single column of amounts is meant."""

    MINUS_IS_OUT = "minus_is_out"
    PLUS_IS_OUT = "plus_is_out"
    ALL_OUT = "all_out"  # whatever the sign
    ALL_IN = "all_in"


@dataclass(frozen=True, slots=True)
class Dialect:
    """``columns`` gives each role the names of its columns as they stand in the header (compared without case and outer
    blanks, and left out where the header has no such column; one column may have two roles); a role it does not name
    has no column. ``words`` says what a word in the column of DIRECTION, KIND or STATUS beside a single column of
    amounts (compared without case and outer blanks) means: how the sign of its amount is meant, or the Kind of the row;
    a row with a Kind keeps the sign that ``sign`` gives it. A word that is not there leaves the sign to ``sign``;
    ``sign`` None means that it is to be found out or asked, as in any file. ``date_order`` and ``decimal`` are None
    where they are found out over all rows. Any character of ``tag_separator`` splits a cell of tags. With
    ``own_payees`` a line without category whose payee is the name of another account of the file is a transfer.
    ``is_ours`` is our own export.

    ``amend`` has the last word on a row of which columns and words cannot say everything: it is given the line as it
    was read and the cells as text by the names of their columns (in lower case, without outer blanks; of columns of the
    same name the first), and gives back the line to use, or None where the row is no line of its own.
    """

    name: str
    columns: Mapping[Role, tuple[str, ...]]
    words: Mapping[str, Sign | Kind] = field(default_factory=dict)
    sign: Sign | None = None
    date_order: str | None = None  # dmy, mdy, ymd
    decimal: str | None = None  # comma, point
    tag_separator: str = ","
    is_ours: bool = False
    own_payees: bool = False
    amend: Amend | None = None
