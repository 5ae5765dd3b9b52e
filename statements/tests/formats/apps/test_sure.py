from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


def test_sure():
    text = """
date,account_name,amount,name,category,tags,notes,currency
2025-05-03,Checking,12.34,Crêperie,Eating out,"trip,Ann",two,EUR
2025-05-04,Checking,-2000.0,Employer,Income,,,EUR
"""
    assert lines_of(text) == [
        line(
            *(2, "2025-05-03", "-12.34", "EUR"),
            payee="Crêperie",
            text="two",
            account="Checking",
            category="Eating out",
            tags=("trip", "Ann"),
        ),
        line(
            *(3, "2025-05-04", "2000.0", "EUR"),
            payee="Employer",
            account="Checking",
            category="Income",
        ),
    ]


def test_the_trades_of_sure_are_investments():
    text = """
date,account_name,ticker,quantity,price,amount,currency
2025-05-23,Depot,VWCE,2,100.00,200.00,EUR
"""
    assert lines_of(text) == [
        line(2, "2025-05-23", "-200.00", "EUR", payee="VWCE", account="Depot", kind=Kind.INVESTMENT)
    ]
