from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


def test_money_lover():
    text = """
ID,Note,Amount,Category,Account,Currency,Date,Event,Exclude Report
1,phở,-107000,Food,Cash,VND,19/08/2026,Huế trip,False
2,pay,5000000,Salary,Cash,VND,20/08/2026,,False
3,,-20000,Outgoing Transfer,Cash,VND,21/08/2026,,True
4,lent,-30000,Loan,Cash,VND,22/08/2026,,True
"""
    assert lines_of(text) == [
        line(
            *(2, "2026-08-19", "-107000", "VND"),
            text="phở",
            account="Cash",
            category="Food",
            tags=("Huế trip",),
        ),
        line(3, "2026-08-20", "5000000", "VND", text="pay", account="Cash", category="Salary"),
        line(
            *(4, "2026-08-21", "-20000", "VND"),
            account="Cash",
            category="Outgoing Transfer",
            kind=Kind.TRANSFER,
        ),
        line(
            *(5, "2026-08-22", "-30000", "VND"),
            text="lent",
            account="Cash",
            category="Loan",
            kind=Kind.NEUTRAL,
        ),
    ]
