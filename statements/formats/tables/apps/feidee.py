"""随手记 (Feidee MyMoney): the type decides the sign, and a negative expense is a refund.

The columns differ between its app, its web page and its versions; all of them are here.
"""

from collections.abc import Mapping
from dataclasses import replace

from statements.formats.lines import Kind, Line
from statements.formats.tables.apps.amending import leaf, transfer
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (("交易类型", "日期", "子类别", "金额"), ("交易类型", "日期", "子分类", "金额"))


def amend(line: Line, cells: Mapping[str, str]) -> Line:
    """转出 and 转入 are the halves of a transfer, 转账 is both in one row; 负债, a debt, is a balance below zero."""
    line = leaf(line, cells, "子类别", "子分类", "类别", "分类")
    if line.kind == Kind.TRANSFER:
        return transfer(line, out=cells["交易类型"].strip() != "转入")
    return replace(line, amount=-line.amount) if cells["交易类型"].strip() == "负债变更" else line


DIALECT = Dialect(
    name="Feidee",
    columns={
        Role.DATE: ("日期",),
        Role.PAYEE: ("商家",),
        Role.TEXT: ("备注",),
        Role.AMOUNT: ("金额",),
        Role.CURRENCY: ("账户币种", "币种"),
        Role.KIND: ("交易类型",),
        Role.ACCOUNT: ("账户", "账户1", "支出账户", "收入账户"),
        Role.TAGS: ("标签", "项目"),
    },
    words={
        "支出": Sign.PLUS_IS_OUT,
        "收入": Sign.MINUS_IS_OUT,
        "转账": Kind.TRANSFER,
        "转出": Kind.TRANSFER,
        "转入": Kind.TRANSFER,
        "余额变更": Kind.BALANCE,
        "负债变更": Kind.BALANCE,
        "债权变更": Kind.BALANCE,
    },
    sign=Sign.MINUS_IS_OUT,
    date_order="ymd",
    amend=amend,
)
