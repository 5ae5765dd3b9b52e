from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of

ACTUAL = """
Account,Date,Payee,Notes,Category,Amount,Split_Amount,Cleared
Giro,2025-01-10,Markt Übersee,,Food,-55.10,0,Cleared
Giro,2025-01-11,Savings,,,-100.00,0,Cleared
Savings,2025-01-11,Giro,,,100.00,0,Cleared
Giro,2025-01-12,Shop,(SPLIT INTO 2) all of it,,0,-30.00,Cleared
Giro,2025-01-12,Shop,(SPLIT 1 OF 2) milk,Food,-10.00,0,Cleared
Giro,2025-01-12,Shop,(SPLIT 2 OF 2) ,Household,-20.00,0,Cleared
Giro,2025-01-01,Starting Balance,,Starting Balances,500.00,0,Reconciled
Giro,2025-01-13,Employer,,Income,2000.00,0,Not cleared
"""


def test_actual():
    assert lines_of(ACTUAL) == [
        line(2, "2025-01-10", "-55.10", payee="Markt Übersee", account="Giro", category="Food"),
        line(3, "2025-01-11", "-100.00", payee="Savings", account="Giro", kind=Kind.TRANSFER),
        line(4, "2025-01-11", "100.00", payee="Giro", account="Savings", kind=Kind.TRANSFER),
        line(6, "2025-01-12", "-10.00", payee="Shop", text="milk", account="Giro", category="Food"),
        line(7, "2025-01-12", "-20.00", payee="Shop", account="Giro", category="Household"),
        line(8, "2025-01-01", "500.00", payee="Starting Balance", account="Giro", kind=Kind.BALANCE),
        line(9, "2025-01-13", "2000.00", payee="Employer", account="Giro", category="Income"),
    ]


def test_the_groups_of_an_older_actual_are_left_out():
    text = "Account,Date,Payee,Notes,Category,Amount,Cleared,Reconciled\nGiro,2025-01-10,A,,Usual: Food,-5,true,false"
    assert lines_of(text) == [line(2, "2025-01-10", "-5", payee="A", account="Giro", category="Food")]
