"""`manage.py make_totals`."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from analytics.models import Rollup
from analytics.tests.test_keeping import fill, right
from expenses.tests.factories import make_expense, make_ledger, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def spoil(*statements):
    """Write totals as only the owner of the tables may."""
    with connection.owner(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_it_makes_the_totals_of_all_ledgers_what_the_rows_say(alice, ledger, capsys):
    other = fill(make_ledger(make_user("dora"), "Other", month_start_day=15))
    fill(ledger)
    of_nobody = (
        "INSERT INTO analytics_rollup (ledger_id, unit, date, category_id, basis, gross, refunds, count)"
    )
    spoil(
        "UPDATE analytics_rollup SET gross = gross + 1 WHERE id % 2 = 0",
        "DELETE FROM analytics_rollup WHERE id % 5 = 0",
        f"{of_nobody} VALUES (999999, 'day', '2024-01-01', 1, 'paid', 1, 0, 1)",
    )
    assert not right(ledger, other)
    call_command("make_totals")
    assert right(ledger, other)
    assert capsys.readouterr().out == "The totals of 2 ledgers are made anew.\n"


def test_each_ledger_is_a_transaction_so_that_its_writers_wait_for_no_other(alice, ledger):
    fill(make_ledger(alice, "Other"))
    fill(ledger)
    call_command("make_totals")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM analytics_rollup")
        assert cursor.fetchone() == (2,)


def test_one_ledger_is_made_anew_and_the_others_stay(alice, ledger, capsys):
    other = fill(make_ledger(alice, "Other"))
    fill(ledger)
    spoil("UPDATE analytics_rollup SET count = 7")
    call_command("make_totals", "Other")
    assert capsys.readouterr().out == "The totals of 1 ledger are made anew.\n"
    assert {row.count for row in Rollup.objects.filter(ledger=ledger)} == {7}
    call_command("make_totals", str(ledger.pk))
    assert right(ledger, other)


def test_rows_that_came_to_nothing_are_taken_out(ledger):
    expense = make_expense(ledger)
    expense.delete()
    assert Rollup.objects.count() == 2
    call_command("make_totals")
    assert Rollup.objects.count() == 0


def test_a_ledger_that_is_not_there_is_said(ledger):
    with pytest.raises(CommandError, match="There is no ledger “Nowhere”"):
        call_command("make_totals", "Nowhere")
