from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from expenses.models import Expense
from expenses.tests.factories import make_expense

pytestmark = pytest.mark.django_db


def add(*arguments: str) -> list[str]:
    said = StringIO()
    call_command("quick_add", *arguments, stdout=said)
    return said.getvalue().splitlines()


def test_lines_become_expenses_and_are_printed_as_they_were_understood(ledger):
    make_expense(ledger, "7", "Food", payee="Aldi")
    said = add(ledger.name, "12.5 aldi 3rd time #work 1.11.2026", "-20 shopping shoes 2.11.2026")
    assert said == ["12.50 2026-11-01 @Food Aldi 3rd time #work", "-20.00 2026-11-02 @Shopping shoes"]
    amounts = Expense.objects.filter(date__year=2026).order_by("date").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("12.5"), Decimal(-20)]


def test_a_dry_run_only_prints(ledger):
    assert add(str(ledger.pk), "--dry-run", "5 food 2026-11-01") == ["5.00 2026-11-01 @Food"]
    assert not Expense.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["Household", "5 food", "x"],
            "Nothing was added. Correct this first:\nLine 2, amount: There is no amount. Write one such as 12.50.",
        ),
        (
            ["Household", "5 zebra"],
            "Nothing was added. Correct this first:\nLine 1, category: Name a category: none is usual for this.",
        ),
        (["Household", " "], "Write a line such as “12.50 lunch”."),
        (["Nowhere", "5 food"], "There is no ledger “Nowhere”."),
        (["Household", "5 food \udcff"], "The text is not valid Unicode."),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is(ledger, arguments, message):
    with pytest.raises(CommandError) as refused:
        add(*arguments)
    assert str(refused.value) == message
    assert not Expense.objects.exists()
