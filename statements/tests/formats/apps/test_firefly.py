from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of

FIREFLY = """
user_id,group_id,journal_id,type,amount,foreign_amount,currency_code,foreign_currency_code,description,date,\
source_name,source_type,destination_name,destination_type,category,tags,notes
1,7,71,Withdrawal,-12.50,-13.10,EUR,CHF,Käse,2026-02-03T23:30:00+01:00,Giro,Asset account,Migros,Expense account,\
Food,"trip,cheese",from Chur
1,7,72,Withdrawal,-3,,EUR,,Tip,2026-02-03T23:30:00+01:00,Giro,Asset account,Cash,Cash account,Food,,
1,8,81,Deposit,100.00,,EUR,,Pay,2026-02-04T00:00:00+01:00,Employer,Revenue account,Giro,Asset account,Salary,,
1,9,91,Transfer,50.00,,EUR,,Save,2026-02-05T00:00:00+01:00,Giro,Asset account,Savings,Asset account,,,
1,9,92,Opening balance,9.00,,EUR,,Start,2026-01-01T00:00:00+01:00,Start,Initial balance account,Giro,Asset account,,,
"""


def test_firefly():
    assert lines_of(FIREFLY) == [
        line(
            *(2, "2026-02-03", "-12.50", "EUR"),
            payee="Migros",
            text="Käse from Chur",
            bank_id="71",
            account="Giro",
            category="Food",
            tags=("trip", "cheese"),
        ),
        line(3, "2026-02-03", "-3", "EUR", text="Tip", bank_id="72", account="Giro", category="Food"),
        line(
            *(4, "2026-02-04", "100.00", "EUR"),
            payee="Employer",
            text="Pay",
            bank_id="81",
            account="Giro",
            category="Salary",
        ),
        line(
            *(5, "2026-02-05", "50.00", "EUR"),
            payee="Savings",
            text="Save",
            bank_id="91",
            account="Giro",
            kind=Kind.TRANSFER,
        ),
        line(
            *(6, "2026-01-01", "9.00", "EUR"),
            payee="Giro",
            text="Start",
            bank_id="92",
            account="Start",
            kind=Kind.BALANCE,
        ),
    ]
