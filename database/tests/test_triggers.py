"""What the triggers of every table promise, whoever writes."""

import pytest
from django.db import ProgrammingError, connection, transaction

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger
from ledgers.models import Membership


def refused():
    return pytest.raises(ProgrammingError, match="Cannot update rows from")


@pytest.mark.parametrize("model", [Membership, Category, Expense], ids=lambda model: model.__name__)
@pytest.mark.parametrize("column", ["id", "ledger_id"])
def test_a_row_keeps_its_id_and_its_ledger(alice, ledger, model, column):
    make_expense(ledger)
    other = make_ledger(alice, "Holiday")
    new = other.pk if column == "ledger_id" else 999_999
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET {column} = %s WHERE ledger_id = %s", [new, ledger.pk]
        )


def test_no_setting_of_a_session_switches_a_trigger_off(ledger):
    expense = make_expense(ledger)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(tgname, ',') FROM pg_trigger WHERE NOT tgisinternal")
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + cursor.fetchone()[0] + "}"])
        cursor.execute("UPDATE expenses_expense SET amount = 5")
    expense.refresh_from_db()
    assert (expense.amount, expense.version) == (5, 2)
