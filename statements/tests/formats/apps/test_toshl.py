from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


def test_toshl():
    text = """
Date,Account,Category,Tags,Expense amount,Income amount,Currency,In main currency,Main currency,Description
20/6/26,Cash,Food,"travel, čaj",12.34,0,SGD,8.00,EUR,Lunch
21/6/26,Bank,Salary,,0,"1,100.00",EUR,"1,100.00",EUR,
22/6/26,Cash,Transfer,,50.00,0,EUR,50.00,EUR,
23/6/26,Cash,Reconciliation,,0,3.00,EUR,3.00,EUR,
"""
    assert lines_of(text) == [
        line(
            *(2, "2026-06-20", "-12.34", "SGD"),
            text="Lunch",
            account="Cash",
            category="Food",
            tags=("travel", "čaj"),
        ),
        line(3, "2026-06-21", "1100.00", "EUR", account="Bank", category="Salary"),
        line(4, "2026-06-22", "-50.00", "EUR", account="Cash", category="Transfer", kind=Kind.TRANSFER),
        line(5, "2026-06-23", "3.00", "EUR", account="Cash", category="Reconciliation", kind=Kind.BALANCE),
    ]
