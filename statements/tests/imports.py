"""Makes imports whose lines are staged or in the ledger, without reading a file."""

from datetime import date
from decimal import Decimal

from database.acting import acting_as, operator
from expenses.models import Category, Expense
from ledgers.models import Ledger
from statements.applying import apply
from statements.models import Import, Statement, StatementLine


def stage(ledger: Ledger, *payees: str, category: str = "Other", day="2024-08-01", **values) -> Import:
    """An import with one line for each payee, which is to be added in a category of the ledger given by name."""
    of_import = Import.objects.create(ledger=ledger)
    facts = {"state": Statement.State.READ, "format": "test", "account_key": "0" * 16}
    statement = Statement.objects.create(ledger=ledger, of_import=of_import, name="test.csv", **facts)
    line = {
        "kind": "booked",
        "state": StatementLine.State.NEW,
        "plan": StatementLine.Plan.ADD,
        "date": date.fromisoformat(day),
        "amount": Decimal("-5"),
        "category": Category.objects.get(ledger=ledger, name=category),
    } | values
    for number, payee in enumerate(payees, start=1):
        own_id = f"{'0' * 16}:test:{of_import.pk}:{number}"
        StatementLine.objects.create(
            **{"external_id": own_id} | line, ledger=ledger, statement=statement, number=number, payee=payee
        )
    return of_import


def bring_in(ledger: Ledger, *payees: str, **values) -> list[Expense]:
    """The expenses of an import that was staged like this and applied, in their order."""
    of_import = stage(ledger, *payees, **values)
    of_import.refresh_from_db()
    last = Expense.objects.in_ledger(ledger).order_by("pk").values_list("pk", flat=True).last() or 0
    with acting_as(operator("tests", via="page", act="apply")):
        apply(of_import, of_import.version)
    return list(Expense.objects.in_ledger(ledger).filter(pk__gt=last).order_by("pk"))
