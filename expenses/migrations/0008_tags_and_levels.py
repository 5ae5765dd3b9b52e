"""Tags of expenses, what belongs to one receipt, subcategories and other names of categories, favourites."""

from decimal import Decimal
from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import database.constraints
import database.row_security
import database.triggers
import expenses.models.expense
import expenses.models.words

spread = import_module("expenses.migrations.0006_spread")

ARE_WORDS = """
CREATE FUNCTION are_words(words text[], shape text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT cardinality(words) <= 20 AND words = (
        SELECT coalesce(array_agg(DISTINCT word COLLATE "C" ORDER BY word COLLATE "C"), '{}') FROM unnest(words) AS word
        WHERE word ~ shape
    )
$$
"""
# As its reader, so that row security holds for the view as it does for the expenses.
EXPENSE_PARTS = """
CREATE VIEW expenses_expensepart WITH (security_invoker = true) AS
    SELECT
        id, ledger_id, date, amount, category_id, payee, notes, date AS paid_on, 1 AS part, spread_months, tags, receipt
    FROM expenses_expense
    WHERE spread_months = 1
    UNION ALL
    SELECT
        expense.id, ledger_id, parts.date, parts.amount, category_id, payee, notes, expense.date, parts.part,
        spread_months, tags, receipt
    FROM expenses_expense AS expense
    JOIN ledgers_ledger AS ledger ON ledger.id = ledger_id
    CROSS JOIN LATERAL spread_parts(
        expense.date, expense.amount, spread_months, currency_decimals(currency)
    ) AS parts
    WHERE spread_months > 1
"""
DROP_PARTS = "DROP VIEW expenses_expensepart"


class Migration(migrations.Migration):
    dependencies = [
        ("expenses", "0007_rollups"),
        # Which takes up, in history, the expenses as they were without these columns.
        ("history", "0006_spread"),
    ]

    operations = [
        migrations.RunSQL(ARE_WORDS, "DROP FUNCTION are_words(text[], text)"),
        migrations.RunSQL(DROP_PARTS, spread.EXPENSE_PARTS),
        migrations.CreateModel(
            name="Favourite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="version"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="created",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="changed",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "position",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(1000000)],
                        verbose_name="position",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=18,
                        null=True,
                        validators=[
                            expenses.models.expense.validate_not_zero,
                            django.core.validators.MinValueValidator(
                                Decimal("-999999999999.999"),
                                "An amount has at most 12 digits before the decimals.",
                            ),
                            django.core.validators.MaxValueValidator(
                                Decimal("999999999999.999"),
                                "An amount has at most 12 digits before the decimals.",
                            ),
                        ],
                        verbose_name="amount",
                    ),
                ),
                (
                    "payee",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="paid to"
                    ),
                ),
                (
                    "notes",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=1000, verbose_name="notes"
                    ),
                ),
                ("tags", expenses.models.words.WordsField(verbose_name="tags")),
            ],
            options={
                "verbose_name": "favourite",
                "verbose_name_plural": "favourites",
                "ordering": ["position", "id"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="category",
            name="bump_version",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="expense",
            name="bump_version",
        ),
        migrations.AddField(
            model_name="category",
            name="aliases",
            field=expenses.models.words.WordsField(verbose_name="other names"),
        ),
        migrations.AddField(
            model_name="category",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="children",
                to="expenses.category",
                verbose_name="main category",
            ),
        ),
        migrations.AddField(
            model_name="expense",
            name="receipt",
            field=models.UUIDField(blank=True, null=True, verbose_name="receipt"),
        ),
        migrations.AddField(
            model_name="expense",
            name="tags",
            field=expenses.models.words.WordsField(verbose_name="tags"),
        ),
        migrations.AddIndex(
            model_name="category",
            index=models.Index(fields=["ledger", "parent"], name="category_by_parent"),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(
                condition=models.Q(("tags", []), _negated=True),
                fields=["ledger", "date"],
                name="expense_tagged",
            ),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(
                condition=models.Q(("receipt__isnull", False)),
                fields=["ledger", "receipt"],
                name="expense_by_receipt",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=database.triggers.TriggerSql(
                    condition='WHEN (OLD."aliases" IS DISTINCT FROM (NEW."aliases") OR OLD."archived" IS DISTINCT FROM (NEW."archived") OR OLD."colour" IS DISTINCT FROM (NEW."colour") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."ledger_id" IS DISTINCT FROM (NEW."ledger_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id"))',
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="65e68726c0043d6da5c61af6226c02c5b5772062",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_7dfb5",
                    table="expenses_category",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="two_levels",
                sql=database.triggers.TriggerSql(
                    condition='WHEN (NEW."parent_id" IS NOT NULL)',
                    constraint="CONSTRAINT",
                    func="\n    PERFORM FROM expenses_category\n    WHERE ledger_id = NEW.ledger_id AND id = NEW.parent_id AND parent_id IS NULL FOR SHARE;\n    IF NOT FOUND OR EXISTS (SELECT FROM expenses_category WHERE ledger_id = NEW.ledger_id AND parent_id = NEW.id) THEN\n        RAISE foreign_key_violation USING CONSTRAINT = 'category_parent_of_ledger', TABLE = 'expenses_category',\n            MESSAGE = 'categories have two levels';\n    END IF;\n    RETURN NULL;\n",
                    hash="8566ae93e1d167daa56c9ccbf4e8288f46e7d4f7",
                    operation='INSERT OR UPDATE OF "parent_id"',
                    pgid="pgtrigger_two_levels_89ebf",
                    table="expenses_category",
                    timing="DEFERRABLE INITIALLY IMMEDIATE",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expense",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=database.triggers.TriggerSql(
                    condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."date" IS DISTINCT FROM (NEW."date") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."ledger_id" IS DISTINCT FROM (NEW."ledger_id") OR OLD."notes" IS DISTINCT FROM (NEW."notes") OR OLD."payee" IS DISTINCT FROM (NEW."payee") OR OLD."receipt" IS DISTINCT FROM (NEW."receipt") OR OLD."spread_months" IS DISTINCT FROM (NEW."spread_months") OR OLD."tags" IS DISTINCT FROM (NEW."tags"))',
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="e2c2509bac2bd8ec3dc7530e6333ac47c3c100c2",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_1df73",
                    table="expenses_expense",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=database.constraints.CompositeForeignKey(
                fields=("ledger", "parent"),
                name="category_parent_of_ledger",
                violation_error_message="Choose a main category of this ledger: a subcategory has none of its own.",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    expenses.models.words.AreWords(
                        "aliases",
                        models.Value(
                            "^[^[:space:][:cntrl:][:upper:],#]([^[:cntrl:][:upper:],#]{0,48}[^[:space:][:cntrl:][:upper:],#])?$"
                        ),
                    )
                ),
                name="category_aliases_are_words",
                violation_error_message="Write up to 20 other names, each with at most 50 characters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    expenses.models.words.AreWords(
                        "tags",
                        models.Value(
                            "^[^][:space:][:cntrl:][:upper:]!\"#$%&'()*+,./:;<=>?@[\\\\^`{|}~]{1,50}$"
                        ),
                    )
                ),
                name="expense_tags_are_words",
                violation_error_message="An expense has at most 20 tags, each a word of at most 50 characters.",
            ),
        ),
        migrations.AddField(
            model_name="favourite",
            name="category",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="favourites",
                to="expenses.category",
                verbose_name="category",
            ),
        ),
        migrations.AddField(
            model_name="favourite",
            name="ledger",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="ledgers.ledger",
                verbose_name="ledger",
            ),
        ),
        migrations.AddIndex(
            model_name="favourite",
            index=models.Index(fields=["id"], name="favourite_id"),
        ),
        migrations.AddIndex(
            model_name="favourite",
            index=models.Index(fields=["ledger", "category"], name="favourite_by_category"),
        ),
        migrations.AddConstraint(
            model_name="favourite",
            constraint=database.constraints.CompositePrimaryKey(fields=("ledger", "id"), name="favourite_pk"),
        ),
        migrations.AddConstraint(
            model_name="favourite",
            constraint=database.constraints.CompositeForeignKey(
                fields=("ledger", "category"),
                name="favourite_category_of_ledger",
                violation_error_message="This ledger has no such category.",
            ),
        ),
        migrations.AddConstraint(
            model_name="favourite",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="favourite_name_given",
                violation_error_message="Give the favourite a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="favourite",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True),
                name="favourite_amount_not_zero",
                violation_error_message="An amount cannot be zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="favourite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", Decimal("-1000000000000")), ("amount__lt", Decimal("1000000000000"))
                ),
                name="favourite_amount_in_range",
                violation_error_message="An amount has at most 12 digits before the decimals.",
            ),
        ),
        migrations.AddConstraint(
            model_name="favourite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    expenses.models.words.AreWords(
                        "tags",
                        models.Value(
                            "^[^][:space:][:cntrl:][:upper:]!\"#$%&'()*+,./:;<=>?@[\\\\^`{|}~]{1,50}$"
                        ),
                    )
                ),
                name="favourite_tags_are_words",
                violation_error_message="An expense has at most 20 tags, each a word of at most 50 characters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="favourite",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__lte", 1000000)),
                name="favourite_position_in_range",
                violation_error_message="The position is too large.",
            ),
        ),
        migrations.AddConstraint(
            model_name="favourite",
            constraint=database.row_security.RowSecurity(
                adding="ledger_id = ANY ((SELECT open_ledgers('write'))::bigint[])",
                changed="ledger_id = ANY ((SELECT open_ledgers('write'))::bigint[])",
                changing="ledger_id = ANY ((SELECT open_ledgers('write'))::bigint[])",
                deleting="ledger_id = ANY ((SELECT open_ledgers('write'))::bigint[])",
                name="favourite_open",
                reading="ledger_id = ANY ((SELECT open_ledgers('read'))::bigint[])",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="favourite",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=database.triggers.TriggerSql(
                    condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."ledger_id" IS DISTINCT FROM (NEW."ledger_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."notes" IS DISTINCT FROM (NEW."notes") OR OLD."payee" IS DISTINCT FROM (NEW."payee") OR OLD."tags" IS DISTINCT FROM (NEW."tags"))',
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="457711e2f05e221a2836703530cc793da3762d22",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_7b390",
                    table="expenses_favourite",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="favourite",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_itself",
                sql=database.triggers.TriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."ledger_id" IS DISTINCT FROM (NEW."ledger_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ae807d5689f3f44c09c79277b508b5567d4e4ca6",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_itself_7e97e",
                    table="expenses_favourite",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(EXPENSE_PARTS, DROP_PARTS),
    ]
