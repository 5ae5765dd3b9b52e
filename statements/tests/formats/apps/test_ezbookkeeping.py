import pytest

from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of

EZBOOKKEEPING = """
Time,Timezone,Type,Category,Sub Category,Account,Account Currency,Amount,Account2,Account2 Currency,Account2 Amount,\
Geographic Location,Tags,Description
2024-09-01 23:34:56,-08:00,Expense,Food,Fruit,Cash,CNY,12.30,,,,,trip;with Ann,水果
2024-09-02 12:34:56,+08:00,Expense,Food,,Cash,CNY,-0.10,,,,,,returned
2024-09-03 12:34:56,+08:00,Income,Work,Salary,Cash,CNY,123.45,,,,,,
2024-09-04 12:34:56,+08:00,Transfer,Moves,Bank,Cash,CNY,70.00,Savings,USD,10.00,,,
2024-09-05 12:34:56,+08:00,Balance Modification,,,Cash,CNY,5.00,,,,,,
"""


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_ezbookkeeping(delimiter):
    text = EZBOOKKEEPING.replace(",", delimiter)
    assert lines_of(text, delimiter) == [
        line(
            *(2, "2024-09-01", "-12.30", "CNY"),
            text="水果",
            account="Cash",
            category="Fruit",
            tags=("trip", "with Ann"),
        ),
        line(3, "2024-09-02", "0.10", "CNY", text="returned", account="Cash", category="Food"),
        line(4, "2024-09-03", "123.45", "CNY", account="Cash", category="Salary"),
        line(5, "2024-09-04", "-70.00", "CNY", account="Cash", category="Bank", kind=Kind.TRANSFER),
        line(6, "2024-09-05", "5.00", "CNY", account="Cash", kind=Kind.BALANCE),
    ]
