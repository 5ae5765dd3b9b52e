from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of

YNAB = """
Account,Flag,Date,Payee,Category Group/Category,Category Group,Category,Memo,Outflow,Inflow,Cleared
Giro,,09/13/2026,Starting Balance,Inflow: Ready to Assign,Inflow,Ready to Assign,,$0.00,"$1,000.00",Reconciled
Giro,Red,09/14/2026,Bäckerei Süß,Everyday: Groceries,Everyday,Groceries,Split (1/2) bread,$4.25,$0.00,Cleared
Giro,,09/14/2026,Bäckerei Süß,Everyday: Gifts,Everyday,Gifts,Split (2/2),$6.00,$0.00,Cleared
Giro,,09/15/2026,Transfer : Visa,,,,,$200.00,$0.00,Cleared
Giro,,09/15/2026,Transfer : Car loan,Bills: Car,Bills,Car,,$90.00,$0.00,Cleared
Giro,,09/16/2026,Employer,Inflow: Ready to Assign,Inflow,Ready to Assign,,$0.00,$2500.00,Cleared
"""


def test_ynab():
    assert lines_of(YNAB) == [
        line(2, "2026-09-13", "1000.00", payee="Starting Balance", account="Giro", kind=Kind.BALANCE),
        line(
            *(3, "2026-09-14", "-4.25"),
            payee="Bäckerei Süß",
            text="bread",
            account="Giro",
            category="Groceries",
            tags=("Red",),
        ),
        line(4, "2026-09-14", "-6.00", payee="Bäckerei Süß", account="Giro", category="Gifts"),
        line(5, "2026-09-15", "-200.00", payee="Transfer : Visa", account="Giro", kind=Kind.TRANSFER),
        line(6, "2026-09-15", "-90.00", payee="Transfer : Car loan", account="Giro", category="Car"),
        line(7, "2026-09-16", "2500.00", payee="Employer", account="Giro"),
    ]


YNAB_4 = """
Account,Flag,Check Number,Date,Payee,Category,Master Category,Sub Category,Memo,Outflow,Inflow,Cleared,Running Balance
Savings,,,2019-03-01,Baker,Food: Treats,Food,Treats,,6.00,0.00,C,94.00
Savings,,,2019-03-02,Payroll,Income: Available this month,Income,Available this month,,0.00,100.00,U,194.00
"""


def test_ynab_4():
    assert lines_of(YNAB_4) == [
        line(2, "2019-03-01", "-6.00", payee="Baker", account="Savings", category="Treats"),
        line(3, "2019-03-02", "100.00", payee="Payroll", account="Savings"),
    ]
