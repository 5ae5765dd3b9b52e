from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


def test_monarch():
    text = """
Date,Merchant,Category,Account,Original Statement,Notes,Amount,Tags,Owner,Reviewed,Id
2024-05-01,Gym Óla,Fitness,Checking,GYM OLA MONTHLY,leg day,-40.00,"Health,Me",,,m1
2024-05-02,Employer,Paychecks,Checking,PAYROLL,,2000.00,,,,m2
2024-05-03,Transfer,Transfer,Checking,TFR TO SAVINGS,,-250.00,,,,m3
2024-05-04,Shop,Uncategorized,Checking,SHOP,,-1.00,,,,m4
"""
    assert lines_of(text) == [
        line(
            *(2, "2024-05-01", "-40.00"),
            payee="Gym Óla",
            text="GYM OLA MONTHLY leg day",
            bank_id="m1",
            account="Checking",
            category="Fitness",
            tags=("Health", "Me"),
        ),
        line(
            *(3, "2024-05-02", "2000.00"),
            payee="Employer",
            text="PAYROLL",
            bank_id="m2",
            account="Checking",
            category="Paychecks",
        ),
        line(
            *(4, "2024-05-03", "-250.00"),
            payee="Transfer",
            text="TFR TO SAVINGS",
            bank_id="m3",
            account="Checking",
            category="Transfer",
            kind=Kind.TRANSFER,
        ),
        line(5, "2024-05-04", "-1.00", payee="Shop", text="SHOP", bank_id="m4", account="Checking"),
    ]
