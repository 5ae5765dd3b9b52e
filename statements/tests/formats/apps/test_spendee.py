from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


def test_spendee():
    text = """
Date,Wallet,Type,Category name,Amount,Currency,Note,Labels,Author
2026-04-01T23:58:51+00:00,Purse,Expense,Food & Drink,-12.50,CHF,"Röschti, tea","food,work",Ann
2026-04-02T08:00:00+00:00,Purse,Income,Salary,2000,CHF,,,Ann
2026-04-03T08:00:00+00:00,Purse,Outgoing Transfer,Bank,50,CHF,,,Ann
2026-04-03T08:00:00+00:00,Bank,Incoming Transfer,Purse,50,CHF,,,Ann
"""
    assert lines_of(text) == [
        line(
            *(2, "2026-04-01", "-12.50", "CHF"),
            text="Röschti, tea",
            account="Purse",
            category="Food & Drink",
            tags=("food", "work"),
        ),
        line(3, "2026-04-02", "2000", "CHF", account="Purse", category="Salary"),
        line(4, "2026-04-03", "-50", "CHF", account="Purse", category="Bank", kind=Kind.TRANSFER),
        line(5, "2026-04-03", "50", "CHF", account="Bank", category="Purse", kind=Kind.TRANSFER),
    ]
