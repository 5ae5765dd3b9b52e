"""Joining a change set costs each row that is written, so the way that all but the first take is short."""

from django.db import migrations

SIGNATURE = "CREATE OR REPLACE FUNCTION join_change_set(ledger bigint) RETURNS bigint LANGUAGE plpgsql AS $$"
BEGIN = """
    joined := nextval(pg_get_serial_sequence('history_changeset', 'id'));
    INSERT INTO history_changeset (id, ledger_id, at, user_id, who, via, act, undoes_id) VALUES (
        joined, ledger, now(), person,
        coalesce(
            (SELECT username FROM users_user WHERE id = person),
            nullif(left(current_setting('expense_tracker.operator', true), 150), ''),
            session_user
        ),
        coalesce(nullif(current_setting('expense_tracker.via', true), ''), 'sql'),
        coalesce(left(current_setting('expense_tracker.act', true), 100), ''),
        nullif(current_setting('expense_tracker.undoes', true), '')::bigint
    );
    known := CASE known WHEN '' THEN ' ' ELSE known END || ledger || ':' || joined || ' ';
    PERFORM set_config('expense_tracker.change_sets', known, true);
    RETURN joined;
END
$$
"""
# ' 5:17 8:18 ' in the setting says that rows of the ledgers 5 and 8 were changed in this transaction, and which change
# sets those changes are in.
SHORT = f"""{SIGNATURE}
DECLARE
    known text := coalesce(current_setting('expense_tracker.change_sets', true), '');
    found text := split_part(split_part(known, ' ' || ledger || ':', 2), ' ', 1);
    joined bigint;
    person bigint;
BEGIN
    IF found <> '' THEN
        RETURN found;
    END IF;
    person := nullif(current_setting('expense_tracker.user_id', true), '');
{BEGIN}"""
LONG = f"""{SIGNATURE}
DECLARE
    known text := coalesce(current_setting('expense_tracker.change_sets', true), '');
    joined bigint := substring(known from ' ' || ledger || ':([0-9]+) ');
    person bigint := nullif(current_setting('expense_tracker.user_id', true), '');
BEGIN
    IF joined IS NOT NULL THEN
        RETURN joined;
    END IF;
{BEGIN}"""


class Migration(migrations.Migration):
    dependencies = [("history", "0003_accounts_and_rules")]

    operations = [migrations.RunSQL(SHORT, LONG)]
