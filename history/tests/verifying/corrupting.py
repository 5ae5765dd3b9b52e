"""How corruption is seeded, and what is found then."""

from django.db import connection

from history.verifying import CHECKS

TABLES = (
    *("ledgers_ledger", "ledgers_membership", "expenses_category", "expenses_expense", "history_changeset"),
    *(
        "expenses_favourite",
        "history_ledgerevent",
        "history_membershipevent",
        "history_categoryevent",
        "history_expenseevent",
    ),
)


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def seed(corruption):
    """Carry it out with our triggers switched off; foreign keys and the like have to be dropped by it."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("; ".join(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES))
    run(corruption)
    run("; ".join(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES))


def found_by(name):
    """What the check of this name says, line by line."""
    (check,) = (check for check in CHECKS if check.find.__name__ == name)
    return [str(finding) for finding in check.findings()]


def without(constraint, statement, table="expenses_expense"):
    """The statement, where the constraint would refuse it."""
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}; {statement}"


def everything_found():
    return [str(finding) for check in CHECKS for finding in check.findings()]
