from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of

MONEFY = """
date,account,category,amount,currency,converted amount,currency,description
20/06/2026,Cash,Initial balance 'Cash',"1,000",EUR,"1,100",USD,
21/06/2026,Cash,Food,-20.50,EUR,-22.00,USD,früh
22/06/2026,Cash,Salary,2000,EUR,2200,USD,
23/06/2026,Cash,To 'Savings',-50,EUR,-55,USD,
"""


def test_monefy():
    assert lines_of(MONEFY) == [
        line(2, "2026-06-20", "1000", currency="EUR", account="Cash", kind=Kind.BALANCE),
        line(3, "2026-06-21", "-20.50", currency="EUR", text="früh", account="Cash", category="Food"),
        line(4, "2026-06-22", "2000", currency="EUR", account="Cash", category="Salary"),
        line(5, "2026-06-23", "-50", currency="EUR", account="Cash", kind=Kind.TRANSFER),
    ]
