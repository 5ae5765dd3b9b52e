from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of

GNUCASH = """
Date,Transaction ID,Number,Description,Notes,Commodity/Currency,Void Reason,Action,Memo,Full Account Name,\
Account Name,Amount With Sym,Amount Num.,Value With Sym,Value Num.,Reconcile,Reconcile Date,Rate/Price
2026-01-13,aa01,,Bäcker,,CURRENCY::EUR,,,rolls,Expenses:Food:Bread,Bread,€4.20,4.20,€4.20,4.20,n,,1
2026-01-13,aa01,,Bäcker,,CURRENCY::EUR,,,,Assets:Swiss,Swiss,-CHF3.90,-3.90,-€4.20,-4.20,n,,1
2026-01-14,aa02,,Employer,,CURRENCY::EUR,,,,Income:Salary,Salary,-€100.00,-100.00,-€100.00,-100.00,n,,1
2026-01-15,aa03,,Error,,CURRENCY::EUR,twice,,,Expenses:Food,Food,€0.00,0.00,€0.00,0.00,v,,1
"""


def test_gnucash():
    assert lines_of(GNUCASH) == [
        line(
            *(2, "2026-01-13", "-4.20", "EUR"),
            payee="Bäcker",
            text="rolls",
            bank_id="aa01",
            category="Bread",
        ),
        line(
            *(3, "2026-01-13", "-4.20", "EUR"),
            payee="Bäcker",
            bank_id="aa01",
            account="Assets:Swiss",
            kind=Kind.NEUTRAL,
        ),
        line(4, "2026-01-14", "100.00", "EUR", payee="Employer", bank_id="aa02", category="Salary"),
        line(5, "2026-01-15", "0", "EUR", payee="Error", bank_id="aa03", kind=Kind.CLOSED),
    ]
