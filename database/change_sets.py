"""What the transaction under way has been written down as. The trigger that writes history fills the setting."""

from django.db import connection

SETTING = "expense_tracker.change_sets"  # " <ledger>:<change set> …", of this transaction only


def written_in(ledger_id: int) -> int | None:
    """The id of the change set that this transaction has begun in the ledger; None if it changed nothing there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [SETTING])
        (written,) = cursor.fetchone()
    pairs = (pair.split(":") for pair in (written or "").split())
    return next((int(change_set) for ledger, change_set in pairs if int(ledger) == ledger_id), None)
