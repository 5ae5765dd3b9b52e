from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


def test_money_manager():
    text = """
Date,Account,Category,Subcategory,Note,INR,Income/Expense,Description,Amount,Currency,Account
16/06/2026 23:53:46,Bank,Food,Lunch,चाय,1563,Expense,with Ann,1563.00,INR,1563
17/06/2026 09:10:00,Bank,Salary,,June,90000,Income,,90000.00,INR,90000
18/06/2026 09:10:00,Bank,Savings,,Monthly,500,Transfer-Out,,500.00,INR,500
18/06/2026 09:10:00,Savings,Bank,,Monthly,500,Transfer-In,,500.00,INR,500
19/06/2026 09:10:00,Bank,Modified Bal.,,Difference,3,Income,,3.00,INR,3
"""
    assert lines_of(text) == [
        line(2, "2026-06-16", "-1563.00", "INR", text="चाय with Ann", account="Bank", category="Lunch"),
        line(3, "2026-06-17", "90000.00", "INR", text="June", account="Bank", category="Salary"),
        line(4, "2026-06-18", "-500.00", "INR", text="Monthly", account="Bank", kind=Kind.TRANSFER),
        line(5, "2026-06-18", "500.00", "INR", text="Monthly", account="Savings", kind=Kind.TRANSFER),
        line(6, "2026-06-19", "3.00", "INR", text="Difference", account="Bank", kind=Kind.BALANCE),
    ]
