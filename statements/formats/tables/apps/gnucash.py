"""GnuCash, transactions exported in the full layout: each row is what one account got of a transaction."""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (
    ("date", "transaction id", "description", "commodity/currency", "full account name", "amount num."),
)
# The top accounts of expenses and income, as GnuCash names them in a new book of each language.
FLOWS = {
    *(
        "expenses",
        "expense",
        "income",
        "aufwendungen",
        "erträge",
        "dépenses",
        "revenus",
        "gastos",
        "ingresos",
    ),
    *("uscite", "entrate", "despesas", "receitas", "kosten", "opbrengsten", "費用", "収益", "支出", "收入"),
}


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    """What an account of expenses gets was spent on it; its name is the category.

    The other half of each transaction, the account that paid, is a row too and counts for nothing: it would count the
    same money a second time.
    """
    path = cells["full account name"].split(":")
    line = replace(line, currency=cells["commodity/currency"].rpartition("::")[2])  # "CURRENCY::EUR"
    if cells.get("void reason"):
        return replace(line, kind=Kind.CLOSED)
    if path[0].strip().lower() not in FLOWS:
        return replace(line, kind=Kind.NEUTRAL, amount=-line.amount, account=cells["full account name"])
    return replace(line, category=path[-1].strip() if len(path) > 1 else "")


DIALECT = Dialect(
    name="GnuCash",
    columns={
        Role.DATE: ("Date",),
        Role.PAYEE: ("Description",),
        Role.TEXT: ("Memo", "Notes"),
        # In the currency of the transaction; "Amount Num." is in that of the account, older exports have only that.
        Role.AMOUNT: ("Value Num.", "Amount Num."),
        Role.ID: ("Transaction ID",),
    },
    sign=Sign.PLUS_IS_OUT,
    amend=amend,
)
