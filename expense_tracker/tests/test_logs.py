import logging
import sys

import pytest
from django.db import IntegrityError, connection, transaction

from expense_tracker.logs import Formatter


@pytest.mark.django_db
def test_a_trace_in_the_log_does_not_quote_the_row_that_was_refused(ledger):
    with connection.cursor() as cursor, pytest.raises(IntegrityError) as refused, transaction.atomic():
        cursor.execute(
            "INSERT INTO expenses_expense (ledger_id, category_id, date, amount, notes)"
            " SELECT ledger_id, min(id), '2024-08-01', 0, E'nothing\\nfor the doctor' FROM expenses_category GROUP BY 1"
        )
    assert "for the doctor" in str(refused.value)
    try:
        raise refused.value
    except IntegrityError:
        record = logging.LogRecord("django.request", logging.ERROR, "", 1, "failed", (), sys.exc_info())
    written = Formatter().format(record)
    assert "expense_amount_not_zero" in written
    assert "for the doctor" not in written
