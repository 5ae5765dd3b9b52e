"""Whatever guards the tables: if it is gone, switched off or altered, that is found, and nothing else is."""

import pytest
from django.db import DatabaseError, connection, transaction

from history.tests.verifying.corrupting import found_by, run, without

LOST = "is missing, or not as it should be"
GUARDS = [
    (
        "ALTER TABLE expenses_expense DROP CONSTRAINT expense_pk",
        "constraint expense_pk: is missing, or not as it should be\nexpenses_expense, index expense_pk",
    ),
    (
        without("expense_amount_not_zero", "SELECT"),
        "constraint expense_amount_not_zero",
    ),
    (
        without(
            "expense_amount_not_zero",
            "ALTER TABLE expenses_expense ADD CONSTRAINT expense_amount_not_zero CHECK (amount <> 0) NOT VALID",
        ),
        "constraint expense_amount_not_zero",
    ),
    (
        without(
            "expense_amount_not_zero",
            "ALTER TABLE expenses_expense ADD CONSTRAINT expense_amount_not_zero CHECK (amount <> 99)",
        ),
        "constraint expense_amount_not_zero",
    ),
    (without("expense_category_of_ledger", "SELECT"), "constraint expense_category_of_ledger"),
    ("ALTER TABLE expenses_expense DROP CONSTRAINT {created_by}", "constraint {created_by}"),
    ("DROP INDEX expense_by_date", "index expense_by_date"),
    ("ALTER TABLE expenses_expense ALTER COLUMN notes DROP NOT NULL", "column notes"),
    ("ALTER TABLE expenses_expense ALTER COLUMN version DROP DEFAULT", "column version"),
    ("DROP TRIGGER {updated} ON expenses_expense", "trigger {updated}"),
    ("ALTER TABLE expenses_expense DISABLE TRIGGER {updated}", "trigger {updated}"),
    (
        "CREATE OR REPLACE FUNCTION {updated}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "trigger {updated}",
    ),
    (
        "CREATE OR REPLACE TRIGGER {updated} AFTER UPDATE ON expenses_expense FOR EACH ROW"
        " WHEN (old.amount <> new.amount) EXECUTE FUNCTION {updated}()",
        "trigger {updated}",
    ),
    ("ALTER TABLE expenses_expense DISABLE ROW LEVEL SECURITY", "table expenses_expense"),
    ("ALTER TABLE expenses_expense FORCE ROW LEVEL SECURITY", "table expenses_expense"),
    ("DROP POLICY expense_open_read ON expenses_expense", "policy expense_open_read"),
    ("ALTER POLICY expense_open_read ON expenses_expense USING (true)", "policy expense_open_read"),
    ("ALTER POLICY expense_open_add ON expenses_expense WITH CHECK (true)", "policy expense_open_add"),
    ("ALTER POLICY expense_open_read ON expenses_expense TO CURRENT_USER", "policy expense_open_read"),
]
FUNCTIONS = [
    ("DROP FUNCTION join_change_set(bigint)", "join_change_set"),
    ("ALTER FUNCTION is_new_ledger(bigint) SECURITY INVOKER", "is_new_ledger"),
    (
        "CREATE OR REPLACE FUNCTION open_ledgers(act text) RETURNS bigint[] LANGUAGE sql"
        " STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp"
        " AS 'SELECT array_agg(id) FROM ledgers_ledger'",
        "open_ledgers",
    ),
]


@pytest.mark.parametrize(("breach", "said"), GUARDS)
def test_a_breach_in_what_guards_the_tables_is_found(world, breach, said):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(breach.format_map(world))
    said = f"expenses_expense, {said.format_map(world)}: {LOST}"
    assert found_by("guards") == said.split("\n")


@pytest.mark.parametrize(("breach", "name"), FUNCTIONS)
def test_a_function_that_is_gone_or_another_is_found(db, breach, name):
    run(breach)
    assert found_by("guards") == [f"function {name}: {LOST}"]


def test_a_policy_too_many_is_found(db):
    run("CREATE POLICY gap ON expenses_expense USING (true)")
    assert found_by("guards") == ["expenses_expense, policy gap: should not be there"]


def test_a_trigger_too_many_is_found(world):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(
        "CREATE TRIGGER sly BEFORE UPDATE ON users_user EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    )
    assert found_by("guards") == ["users_user, trigger sly: should not be there"]


def test_a_foreign_key_that_is_switched_off_is_found(world):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    try:
        with transaction.atomic():
            run(
                "ALTER TABLE expenses_category DISABLE TRIGGER ALL; ALTER TABLE expenses_category ENABLE TRIGGER USER"
            )
    except DatabaseError as error:
        pytest.skip(f"the owner of the tests' server may not do that: {error}")
    assert f"expenses_expense, constraint expense_category_of_ledger: {LOST}" in found_by("guards")


def test_a_role_of_the_web_that_is_not_there_is_found(db, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "WEB", {"USER": "no_such_role", "PASSWORD": ""})
    assert found_by("roles") == ["There is no role “no_such_role” for the web to work as."]
