"""Which rows row security opens to whom, in SQL. The functions these call are made by a migration."""

from database.row_security import RowSecurity

# Sub-selects, so that PostgreSQL asks once for a statement and not once for a row.
ME = "(SELECT nullif(current_setting('expense_tracker.user_id', true), '')::bigint)"
ONLY_LEDGER = "(SELECT nullif(current_setting('expense_tracker.only_ledger_id', true), '')::bigint)"
BY_OPERATOR = "(SELECT coalesce(current_setting('expense_tracker.operator', true), '') <> '')"
MAY_WRITE = "(SELECT coalesce(current_setting('expense_tracker.read_only', true), '') = '')"


def open_to(act: str, column: str = "ledger_id") -> str:
    """The column names a ledger that whoever acts may ``read``, ``write`` (expenses) or ``manage``."""
    return f"{column} = ANY ((SELECT open_ledgers('{act}'))::bigint[])"


def ledger_rows(name: str) -> RowSecurity:
    """Of a table whose rows belong to a ledger: members read them, editors and owners write them."""
    return RowSecurity(name=name, reading=open_to("read"), adding=open_to("write"), changing=open_to("write"))


def editors_rows(name: str) -> RowSecurity:
    """Of a table of work in progress: editors and owners read and write it, viewers do not see it."""
    return RowSecurity(
        name=name, reading=open_to("write"), adding=open_to("write"), changing=open_to("write")
    )


def ledgers_themselves(name: str) -> RowSecurity:
    """Of the ledgers: owners change them. Editors may lock one, to write its rows one after the other."""
    return RowSecurity(
        name=name,
        reading=f"{open_to('read', 'id')} OR {BY_OPERATOR}",
        adding=f"{open_to('manage', 'id')} OR {BY_OPERATOR}",
        changing=open_to("write", "id"),
        changed=open_to("manage", "id"),
        deleting=open_to("manage", "id"),
    )


def memberships(name: str) -> RowSecurity:
    """Of the memberships: owners manage them, everybody may end their own.

    Whoever opens a ledger makes themselves its owner just before the ledger is there.
    """
    own = f"(user_id = {ME} AND ledger_id = coalesce({ONLY_LEDGER}, ledger_id))"
    own_to_write = f"({own} AND {MAY_WRITE})"
    return RowSecurity(
        name=name,
        reading=f"{open_to('read')} OR {own}",
        adding=f"{open_to('manage')} OR ({own_to_write} AND role = 'owner' AND is_new_ledger(ledger_id))",
        changing=f"{open_to('manage')} OR {own_to_write}",
        changed=open_to("manage"),
    )


def history_rows(name: str) -> RowSecurity:
    """Of a table that only triggers write: members read it, nobody changes it. It outlives its ledger."""
    return RowSecurity(
        name=name,
        reading=f"{open_to('read')} OR {BY_OPERATOR}",
        adding="pg_trigger_depth() > 0",
        changing="false",
    )


def kept_rows(name: str) -> RowSecurity:
    """Of a table that only triggers write, and also delete from: members read it."""
    by_trigger = "(SELECT pg_trigger_depth() > 0)"
    return RowSecurity(
        name=name, reading=f"{by_trigger} OR {open_to('read')}", adding=by_trigger, changing=by_trigger
    )
