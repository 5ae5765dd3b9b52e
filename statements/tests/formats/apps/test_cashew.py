from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


def test_cashew():
    text = """
account,amount,currency,title,note,date,income,type,category name,subcategory name,color,icon,emoji,budget,objective
Cash,-5.00,EUR,Octane,125/L,2026-09-03 23:15:00.000,false,null,Car,Fuel,0xff2196f3,car.png,🚗,,
Bank,4000,EUR,Gehalt März,,2026-09-04 09:00:00.000,true,null,Salary,,,,,,
Bank,-20,EUR,,Transferred Balance Bank → Cash,2026-09-05 09:00:00.000,false,null,Balance Correction,,,,,,
Bank,3,EUR,Updated Total Balance,,2026-09-06 09:00:00.000,true,null,Balance Correction,,,,,,
"""
    assert lines_of(text) == [
        line(2, "2026-09-03", "-5.00", "EUR", payee="Octane", text="125/L", account="Cash", category="Fuel"),
        line(3, "2026-09-04", "4000", "EUR", payee="Gehalt März", account="Bank", category="Salary"),
        line(
            *(4, "2026-09-05", "-20", "EUR"),
            text="Transferred Balance Bank → Cash",
            account="Bank",
            kind=Kind.TRANSFER,
        ),
        line(
            *(5, "2026-09-06", "3", "EUR"),
            payee="Updated Total Balance",
            account="Bank",
            kind=Kind.BALANCE,
        ),
    ]
