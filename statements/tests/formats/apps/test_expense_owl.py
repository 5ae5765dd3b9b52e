from statements.tests.formats.apps.samples import line, lines_of


def test_expense_owl():
    text = """
ID,Name,Category,Amount,Currency,Date,Tags
a-1,Thé vert,Groceries,-4.20,eur,2026-03-01T23:30:00Z,"tea,home"
a-2,Pay,Income,2000.00,eur,2026-03-02T00:00:00Z,
"""
    assert lines_of(text) == [
        line(
            *(2, "2026-03-01", "-4.20", "EUR"),
            payee="Thé vert",
            bank_id="a-1",
            category="Groceries",
            tags=("tea", "home"),
        ),
        line(3, "2026-03-02", "2000.00", "EUR", payee="Pay", bank_id="a-2", category="Income"),
    ]
