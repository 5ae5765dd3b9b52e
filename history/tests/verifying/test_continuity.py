"""History that was tampered with, and rows that were changed behind its back, are found, and nothing else is."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from database.acting import acting_as, operator
from history.tests.verifying.corrupting import TABLES, everything_found, found_by, run, seed, without

NEW_EXPENSE = (
    "INSERT INTO expenses_expense (id, ledger_id, date, amount, category_id)"
    " VALUES ({}, {{ledger}}, '2024-01-01', 5, {{food}})"
)


NEW_FAVOURITE = (
    "INSERT INTO expenses_favourite (id, ledger_id, name, position, category_id)"
    " VALUES (999, {ledger}, 'Coffee', 0, {food})"
)


# By check: the corruption, and what is said of it.
CORRUPTIONS = {
    "rows": [
        (NEW_EXPENSE.format(999), "expenses_expense, ledger {ledger}: has no history: 999"),
        (
            "DELETE FROM expenses_expense WHERE id = {coffee}",
            "expenses_expense, ledger {ledger}: is gone, but was not deleted: {coffee}",
        ),
        (
            NEW_EXPENSE.format("{gone}"),
            "expenses_expense, ledger {ledger}: was deleted, but is there: {gone}",
        ),
        (
            "UPDATE expenses_expense SET amount = 6 WHERE id = {coffee}",
            "expenses_expense, ledger {ledger}: is not what its last event says: {coffee}",
        ),
        (
            "UPDATE expenses_expense SET created_by_id = NULL WHERE id = {coffee}",
            "expenses_expense, ledger {ledger}: is not what its last event says: {coffee}",
        ),
        (NEW_FAVOURITE, "expenses_favourite, ledger {ledger}: has no history: 999"),
        (
            "UPDATE expenses_expense SET tags = '{{work}}' WHERE id = {coffee}",
            "expenses_expense, ledger {ledger}: is not what its last event says: {coffee}",
        ),
        (
            "UPDATE expenses_category SET position = 99 WHERE id = {food}",
            "expenses_category, ledger {ledger}: is not what its last event says: {food}",
        ),
        (
            "UPDATE ledgers_membership SET role = 'owner' WHERE id = {membership}",
            "ledgers_membership, ledger {ledger}: is not what its last event says: {membership}",
        ),
        (
            "UPDATE ledgers_ledger SET name = 'Other' WHERE id = {ledger}",
            "ledgers_ledger, ledger {ledger}: is not what its last event says: {ledger}",
        ),
    ],
    "steps": [
        (
            "DELETE FROM history_expenseevent WHERE id = {tea} AND pgh_label = 'insert'",
            "history_expenseevent, ledger {ledger}: was changed or deleted, but was not there: {tea}",
        ),
        (
            "UPDATE history_expenseevent SET pgh_label = 'delete' WHERE id = {tea} AND version = 1",
            "history_expenseevent, ledger {ledger}: was changed or deleted, but was not there: {tea}",
        ),
        (
            "UPDATE history_expenseevent SET pgh_label = 'insert' WHERE id = {tea}",
            "history_expenseevent, ledger {ledger}: was added, but was there: {tea}",
        ),
        (
            "UPDATE history_expenseevent SET version = 3 WHERE id = {tea} AND version = 2",
            "history_expenseevent, ledger {ledger}: was changed to a version that does not follow: {tea}",
        ),
        (
            "UPDATE history_expenseevent SET version = 1 WHERE id = {tea}",
            "history_expenseevent, ledger {ledger}: was changed to a version that does not follow: {tea}",
        ),
        (
            "UPDATE history_categoryevent SET version = 2 WHERE id = {food} AND position = 7",
            "history_categoryevent, ledger {ledger}: was changed to a version that does not follow: {food}",
        ),
        (
            "UPDATE history_expenseevent SET amount = 7 WHERE id = {gone} AND pgh_label = 'delete'",
            "history_expenseevent, ledger {ledger}: was deleted as something that it was not: {gone}",
        ),
        (
            NEW_EXPENSE.format("{gone}") + "; INSERT INTO history_expenseevent (pgh_label, pgh_created_at,"
            " change_set_id, id, ledger_id, date, amount, category_id, version, created_at, updated_at)"
            " VALUES ('insert', now(), {change_set}, {gone}, {ledger}, '2024-01-01', 5, {food}, 1, now(), now())",
            "history_expenseevent, ledger {ledger}: came back in a version that does not follow: {gone}",
        ),
    ],
    "change_sets": [
        (
            without(
                "expense_event_of_set",
                "UPDATE history_expenseevent SET change_set_id = {other_change_set} WHERE pgh_id = {event}",
                "history_expenseevent",
            ),
            "history_expenseevent, ledger {ledger}: is of a change set that is not there: {event}",
        ),
        (
            "UPDATE history_expenseevent SET pgh_created_at = now() - interval '1 s' WHERE pgh_id = {event}",
            "history_expenseevent, ledger {ledger}: is of another time than its change set: {event}",
        ),
        (
            "INSERT INTO history_changeset (id, ledger_id, who, via, act) VALUES (0, {ledger}, '', 'sql', '')",
            "history_changeset, ledger {ledger}: changed nothing: 0",
        ),
    ],
}


@pytest.mark.parametrize(
    ("check", "corruption", "said"),
    [(check, *each) for check, cases in CORRUPTIONS.items() for each in cases],
)
def test_a_break_in_history_is_found(world, check, corruption, said):
    seed(corruption.format_map(world))
    assert found_by(check) == said.format_map(world).split("\n")


def test_rows_from_before_history_are_sound(world):
    seed(
        "; ".join(f"DELETE FROM {table}" for table in TABLES if "event" in table)
        + "; DELETE FROM history_changeset"
    )
    seed("UPDATE expenses_expense SET version = 9")
    assert found_by("rows") != []
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with acting_as(operator("migrate")), connection.schema_editor() as editor:
        import_module("history.migrations.0002_rows_before_history").take_up(apps, editor)
    assert everything_found() == []
