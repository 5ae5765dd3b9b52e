"""1Money: unsigned amounts, and one column that is the category or, of a transfer, the other account."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.apps.amending import transfer
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (
    ("date", "type", "from account", "to account / to category", "amount"),
    ("date", "type", "from account", "to account/to category", "amount"),
    ("дата", "тип", "со счёта", "на счёт / на категорию", "сумма"),
)


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    if line.kind == Kind.TRANSFER:
        return replace(transfer(line, out=True), category="")
    return line


DIALECT = Dialect(
    name="1Money",
    columns={
        Role.DATE: ("DATE", "ДАТА"),
        Role.TEXT: ("NOTES", "ЗАМЕТКИ"),
        Role.AMOUNT: ("AMOUNT", "СУММА"),
        Role.CURRENCY: ("CURRENCY", "ВАЛЮТА"),
        Role.KIND: ("TYPE", "ТИП"),
        Role.CATEGORY: ("TO ACCOUNT / TO CATEGORY", "TO ACCOUNT/TO CATEGORY", "НА СЧЁТ / НА КАТЕГОРИЮ"),
        Role.ACCOUNT: ("FROM ACCOUNT", "СО СЧЁТА"),
        Role.TAGS: ("TAGS", "МЕТКИ"),
    },
    words={
        "expense": Sign.ALL_OUT,
        "расход": Sign.ALL_OUT,
        "income": Sign.ALL_IN,
        "доход": Sign.ALL_IN,
        "transfer": Kind.TRANSFER,
        "перевод": Kind.TRANSFER,
    },
    sign=Sign.MINUS_IS_OUT,
    amend=amend,
)
