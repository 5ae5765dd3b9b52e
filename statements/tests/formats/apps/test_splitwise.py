from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


def test_splitwise():
    text = """
Date,Description,Category,Cost,Currency,Ann,Bob

2024-01-05,Käse,Groceries,98.30,CHF,-49.15,49.15
2024-01-06,Deposit back,Rent,-30.00,CHF,15.00,-15.00
2024-01-07,Ann paid Bob,Payment,20.00,CHF,20.00,-20.00

2024-01-25,Total balance, , ,CHF,-14.15,14.15
"""
    assert lines_of(text) == [
        line(3, "2024-01-05", "-98.30", currency="CHF", payee="Käse", category="Groceries"),
        line(4, "2024-01-06", "30.00", currency="CHF", payee="Deposit back", category="Rent"),
        line(
            *(5, "2024-01-07", "-20.00", "CHF"),
            payee="Ann paid Bob",
            category="Payment",
            kind=Kind.SETTLEMENT,
        ),
    ]


def test_splitwise_in_german():
    text = """
Datum,Beschreibung,Kategorie,Kosten,Währung,Ann,Bob
2024-01-15,Kino,Unterhaltung,24.00,EUR,-12.00,12.00
2024-01-16,Ausgleich,Zahlung,5.00,EUR,-5.00,5.00

2024-01-25,Gesamtsaldo, , ,EUR,-17.00,17.00
"""
    assert lines_of(text) == [
        line(2, "2024-01-15", "-24.00", currency="EUR", payee="Kino", category="Unterhaltung"),
        line(
            *(3, "2024-01-16", "-5.00", "EUR"),
            payee="Ausgleich",
            category="Zahlung",
            kind=Kind.SETTLEMENT,
        ),
    ]
