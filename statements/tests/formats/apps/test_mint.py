from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of

MINT = """
Date,Description,Original Description,Amount,Transaction Type,Category,Account Name,Labels,Notes
8/03/2021,Café Zoë,CAFE ZOE #42,23.40,debit,Restaurants,Checking,"Date night, Shared",with Ann
8/24/2021,Employer,PAYROLL,"1,500.00",credit,Paycheck,Checking,,
8/26/2021,Card,PAYMENT,300.00,debit,Credit Card Payment,Checking,,
8/27/2021,Books,BOOKS,12.00,credit,Uncategorized,Visa,,
"""


def test_mint():
    assert lines_of(MINT) == [
        line(
            *(2, "2021-08-03", "-23.40"),
            payee="Café Zoë",
            text="CAFE ZOE #42 with Ann",
            account="Checking",
            category="Restaurants",
            tags=("Date night", "Shared"),
        ),
        line(
            *(3, "2021-08-24", "1500.00"),
            payee="Employer",
            text="PAYROLL",
            account="Checking",
            category="Paycheck",
        ),
        line(
            *(4, "2021-08-26", "-300.00"),
            payee="Card",
            text="PAYMENT",
            account="Checking",
            category="Credit Card Payment",
            kind=Kind.TRANSFER,
        ),
        line(*(5, "2021-08-27", "12.00"), payee="Books", text="BOOKS", account="Visa"),
    ]
