"""Rows that no constraint would have let in are found, by name and number, and nothing else is."""

import pytest

from expenses.tests.factories import make_expense
from history.tests.verifying.corrupting import found_by, seed, without
from history.tests.verifying.test_continuity import CORRUPTIONS as OF_HISTORY
from history.verifying import CHECKS

ROLLUP = "INSERT INTO analytics_rollup (ledger_id, unit, date, category_id, basis, gross, refunds, count)"
WRONG_TOTAL = (
    "analytics_rollup, ledger {ledger}: is not what the expenses add up to; “manage.py make_totals” helps"
)
# By check: the corruption, and what is said of it.
CORRUPTIONS = {
    "constraints": [
        (
            without("expense_amount_not_zero", "UPDATE expenses_expense SET amount = 0 WHERE id = {coffee}"),
            "expenses_expense, ledger {ledger}: breaks the constraint expense_amount_not_zero: {coffee}",
        ),
        (
            without(
                "expense_amount_in_range", "UPDATE expenses_expense SET amount = 1e12 WHERE id = {coffee}"
            ),
            "expenses_expense, ledger {ledger}: breaks the constraint expense_amount_in_range: {coffee}",
        ),
        (
            without(
                "expense_date_1900_to_2200",
                "UPDATE expenses_expense SET date = 'infinity' WHERE id = {coffee}",
            ),
            "expenses_expense, ledger {ledger}: breaks the constraint expense_date_1900_to_2200: {coffee}",
        ),
        (
            without("ledger_currency_known", "UPDATE ledgers_ledger SET currency = 'DEM'", "ledgers_ledger"),
            "ledgers_ledger: breaks the constraint ledger_currency_known: {ledger}, {other}",
        ),
        (
            without(
                "expense_tags_are_words",
                "UPDATE expenses_expense SET tags = '{{two words}}' WHERE id = {coffee}",
            ),
            "expenses_expense, ledger {ledger}: breaks the constraint expense_tags_are_words: {coffee}",
        ),
    ],
    "twins": [
        (
            "DROP INDEX category_name_once; UPDATE expenses_category SET name = 'FOOD' WHERE id = {rent}",
            "expenses_category, ledger {ledger}: has the same ledger_id, lower((name)::text) as another:"
            " {rent}, {food}",
        ),
        (
            "INSERT INTO expenses_category (id, ledger_id, name, colour, position, archived)"
            " VALUES ({food}, {other}, 'Twin', '#000000', 1, false)",
            "expenses_category, ledger {ledger}: has the same id as another: {food}\n"
            "expenses_category, ledger {other}: has the same id as another: {food}",
        ),
        (
            without(
                "membership_once",
                "UPDATE ledgers_membership SET user_id = {alice} WHERE ledger_id = {ledger}",
                "ledgers_membership",
            ),
            "ledgers_membership, ledger {ledger}: has the same ledger_id, user_id as another:"
            " {ownership}, {membership}",
        ),
    ],
    "references": [
        (
            without(
                "favourite_category_of_ledger",
                "INSERT INTO expenses_favourite (id, ledger_id, name, position, category_id)"
                " VALUES (999, {ledger}, 'Coffee', 0, {others_food})",
                "expenses_favourite",
            ),
            "expenses_favourite, ledger {ledger}: refers by ledger_id, category_id to what is not there: 999",
        ),
        (
            without(
                "expense_category_of_ledger",
                "UPDATE expenses_expense SET category_id = {others_food} WHERE id = {coffee}",
            ),
            "expenses_expense, ledger {ledger}: refers by ledger_id, category_id to what is not there: {coffee}",
        ),
        (
            "ALTER TABLE expenses_expense DROP CONSTRAINT {created_by};"
            "UPDATE expenses_expense SET created_by_id = 999999 WHERE id = {coffee}",
            "expenses_expense, ledger {ledger}: refers by created_by_id to what is not there: {coffee}",
        ),
        *(
            (
                f"ALTER TABLE {table} DROP CONSTRAINT {{{table}}}; UPDATE {table} SET ledger_id = 999999",
                f"{table}, ledger 999999: refers by ledger_id to what is not there: {{{table}_id}}",
            )
            for table in ("api_submission", "api_idempotencykey")
        ),
        (
            "ALTER TABLE ledgers_membership DROP CONSTRAINT {member};"
            "UPDATE ledgers_membership SET user_id = 999999 WHERE id = {membership}",
            "ledgers_membership, ledger {ledger}: refers by user_id to what is not there: {membership}",
        ),
    ],
    "numbers": [
        (
            "ALTER TABLE expenses_expense ALTER COLUMN id RESTART WITH 1",
            "expenses_expense: would give new rows a number that is taken",
        ),
    ],
    "owners": [
        (
            "UPDATE ledgers_membership SET role = 'editor' WHERE id = {ownership}",
            "ledgers_ledger: has no owner: {ledger}",
        ),
    ],
    "decimals": [
        (
            "UPDATE expenses_expense SET amount = 1.234 WHERE id = {coffee}",
            "expenses_expense, ledger {ledger}: has more decimals than the currency of its ledger: {coffee}",
        ),
        (
            "UPDATE ledgers_ledger SET currency = 'JPY' WHERE id = {ledger}",
            "expenses_expense, ledger {ledger}: has more decimals than the currency of its ledger: {tea}",
        ),
    ],
    "totals": [
        *(
            (corruption, f"{WRONG_TOTAL}: day 2024-08-01 category {{food}} always")
            for corruption in (
                "UPDATE analytics_rollup SET gross = gross + 0.01 WHERE unit = 'day' AND ledger_id = {ledger}",
                "UPDATE analytics_rollup SET refunds = refunds - 1 WHERE unit = 'day' AND ledger_id = {ledger}",
                "UPDATE analytics_rollup SET count = 3 WHERE unit = 'day' AND ledger_id = {ledger}",
                "DELETE FROM analytics_rollup WHERE unit = 'day' AND ledger_id = {ledger}",
                ROLLUP + " VALUES ({ledger}, 'day', '2024-08-01', {food}, 'always', 1, 0, 0)",
            )
        ),
        (
            ROLLUP + " VALUES ({ledger}, 'month', '2024-09-01', {rent}, 'paid', 0, -1, 1)",
            WRONG_TOTAL + ": month 2024-09-01 category {rent} paid",
        ),
        (
            "UPDATE expenses_expense SET date = '2024-08-31' WHERE id = {coffee}",
            WRONG_TOTAL + ": day 2024-08-01 category {food} always, day 2024-08-31 category {food} always",
        ),
    ],
    "migrations": [
        (
            "DELETE FROM django_migrations WHERE app = 'history' AND name = '0002_rows_before_history'",
            "history.0002_rows_before_history: is not applied",
        ),
    ],
    "roles": [
        (
            "ALTER TABLE expenses_expense DISABLE ROW LEVEL SECURITY",
            "These tables have no row security: expenses_expense.",
        ),
    ],
}


@pytest.mark.parametrize(
    ("check", "corruption", "said"),
    [(check, *each) for check, cases in CORRUPTIONS.items() for each in cases],
)
def test_a_broken_row_is_found(world, check, corruption, said):
    seed(corruption.format_map(world))
    assert found_by(check) == said.format_map(world).split("\n")


def test_totals_that_are_kept_in_several_rows_or_say_nothing_are_no_fault(world):
    nothing = "({ledger}, 'day', '2024-08-01', {food}, 'always', 0, 0, 0)"
    twice = "({ledger}, 'day', '2024-08-01', {food}, 'always', -1, -2, -3)"
    back = "({ledger}, 'day', '2024-08-01', {food}, 'always', 1, 2, 3)"
    seed(f"{ROLLUP} VALUES {nothing}, {twice}, {back}".format_map(world))
    assert found_by("totals") == []


def test_the_first_five_rows_are_named_and_the_rest_counted(world, ledger):
    expenses = sorted(make_expense(ledger, amount).pk for amount in range(1, 8))
    seed(
        "UPDATE expenses_expense SET notes = 'forged' WHERE id = ANY (ARRAY[{}])".format(
            ", ".join(map(str, expenses))
        )
    )
    named = ", ".join(map(str, expenses[:5]))
    assert found_by("rows") == [
        f"expenses_expense, ledger {ledger.pk}: is not what its last event says: {named} and 2 more"
    ]


def test_a_table_that_cannot_be_read_is_found_and_the_rest_looked_at(world):
    seed("ALTER TABLE expenses_expense DROP COLUMN amount CASCADE")
    assert found_by("decimals") == ['this cannot be looked at: column "amount" does not exist']
    assert found_by("owners") == []


def test_every_check_has_a_corruption_that_it_finds():
    assert {*CORRUPTIONS, *OF_HISTORY, "guards"} == {check.find.__name__ for check in CHECKS}
