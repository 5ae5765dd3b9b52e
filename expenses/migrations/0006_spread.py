"""Expenses that are for several months, and the view that spreads them."""

import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import database.triggers

CURRENCY_DECIMALS = """
CREATE FUNCTION currency_decimals(currency text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN currency IN (
            'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF',
            'XPF'
        ) THEN 0
        WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
        ELSE 2
    END
$$
"""
# STRICT, so that it is not made part of the query around it, where PostgreSQL would expect a thousand parts of each
# expense. The last part has whatever is left, also of an amount with more decimals than its currency.
SPREAD_PARTS = """
CREATE FUNCTION spread_parts(paid_on date, amount numeric, spread_months integer, decimals integer)
RETURNS TABLE (part integer, date date, amount numeric) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 12 AS $$
    SELECT * FROM (
        SELECT
            k,
            ($1 + (k - 1) * interval '1 month')::date,
            CASE k WHEN $3 THEN $2 ELSE trunc($2 * k / $3, $4) END - trunc($2 * (k - 1) / $3, $4)
        FROM generate_series(1, $3) AS k
    ) AS parts (part, date, amount)
    WHERE parts.amount <> 0
$$
"""
# As its reader, so that row security holds for the view as it does for the expenses.
EXPENSE_PARTS = """
CREATE VIEW expenses_expensepart WITH (security_invoker = true) AS
    SELECT id, ledger_id, date, amount, category_id, payee, notes, date AS paid_on, 1 AS part, spread_months
    FROM expenses_expense
    WHERE spread_months = 1
    UNION ALL
    SELECT
        expense.id, ledger_id, parts.date, parts.amount, category_id, payee, notes, expense.date, parts.part,
        spread_months
    FROM expenses_expense AS expense
    JOIN ledgers_ledger AS ledger ON ledger.id = ledger_id
    CROSS JOIN LATERAL spread_parts(
        expense.date, expense.amount, spread_months, currency_decimals(currency)
    ) AS parts
    WHERE spread_months > 1
"""


class Migration(migrations.Migration):
    dependencies = [
        ("expenses", "0005_history_of_accounts"),
        ("ledgers", "0003_history"),
        # Which takes up, in history, the expenses as they were without this column.
        ("history", "0005_accounts_before_history"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="expense",
            name="bump_version",
        ),
        migrations.AddField(
            model_name="expense",
            name="spread_months",
            field=models.PositiveSmallIntegerField(
                db_default=1,
                default=1,
                help_text="An annual insurance counts with a twelfth in each of 12 months where reports spread it.",
                validators=[
                    django.core.validators.MinValueValidator(
                        1, "An expense can be spread over 1 to 120 months."
                    ),
                    django.core.validators.MaxValueValidator(
                        120, "An expense can be spread over 1 to 120 months."
                    ),
                ],
                verbose_name="spread over months",
            ),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(
                condition=models.Q(("spread_months__gt", 1)), fields=["ledger", "date"], name="expense_spread"
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(("spread_months__range", (1, 120))),
                name="expense_spread_months_1_to_120",
                violation_error_message="An expense can be spread over 1 to 120 months.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=database.triggers.TriggerSql(
                    condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."date" IS DISTINCT FROM (NEW."date") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."ledger_id" IS DISTINCT FROM (NEW."ledger_id") OR OLD."notes" IS DISTINCT FROM (NEW."notes") OR OLD."payee" IS DISTINCT FROM (NEW."payee") OR OLD."spread_months" IS DISTINCT FROM (NEW."spread_months"))',
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="c8e7dbdd316c01e2116da001b085bf7ed1551761",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_1df73",
                    table="expenses_expense",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(CURRENCY_DECIMALS, "DROP FUNCTION currency_decimals(text)"),
        migrations.RunSQL(SPREAD_PARTS, "DROP FUNCTION spread_parts(date, numeric, integer, integer)"),
        migrations.RunSQL(EXPENSE_PARTS, "DROP VIEW expenses_expensepart"),
        migrations.CreateModel(
            name="ExpensePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                ("amount", models.DecimalField(decimal_places=3, max_digits=18)),
                ("payee", models.CharField(max_length=200)),
                ("notes", models.CharField(max_length=1000)),
                ("paid_on", models.DateField()),
                ("part", models.PositiveSmallIntegerField()),
                ("spread_months", models.PositiveSmallIntegerField()),
            ],
            options={
                "db_table": "expenses_expensepart",
                "ordering": ["-date", "-id"],
                "managed": False,
            },
        ),
    ]
