"""The events of what is new, and what was written while there was no history of it."""

from decimal import Decimal
from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models
from django.db.models import Q

import database.constraints
import database.row_security
import database.triggers
import expenses.models.expense
import expenses.models.words

earlier = import_module("history.migrations.0005_accounts_before_history")


def take_up(apps, schema_editor):
    """Nothing where the release before was the last to write."""
    rows = {
        "Category": Q(parent__isnull=False) | ~Q(aliases=[]),
        "Favourite": Q(),
        "Expense": ~Q(tags=[]) | Q(receipt__isnull=False),
    }
    schema_editor.execute(earlier.earlier.BEGIN)
    for name, wanted in rows.items():
        model = apps.get_model("expenses", name)
        if model.objects.filter(wanted).exists():
            earlier._take_up(model, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0006_spread"),
        ("expenses", "0008_tags_and_levels"),
    ]

    operations = [
        migrations.AddField(
            model_name="categoryevent",
            name="aliases",
            field=expenses.models.words.WordsField(verbose_name="other names"),
        ),
        migrations.AddField(
            model_name="categoryevent",
            name="parent",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="expenses.category",
                verbose_name="main category",
            ),
        ),
        migrations.AddField(
            model_name="expenseevent",
            name="receipt",
            field=models.UUIDField(blank=True, null=True, verbose_name="receipt"),
        ),
        migrations.AddField(
            model_name="expenseevent",
            name="tags",
            field=expenses.models.words.WordsField(verbose_name="tags"),
        ),
        migrations.CreateModel(
            name="FavouriteEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
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
                (
                    "category",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="expenses.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "change_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="history.changeset",
                    ),
                ),
                (
                    "ledger",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledgers.ledger",
                        verbose_name="ledger",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["ledger", "id", "pgh_id"], name="favourite_event_by_row"),
                    models.Index(fields=["ledger", "change_set"], name="favourite_event_by_set"),
                    models.Index(
                        condition=models.Q(("pgh_label", "delete")),
                        fields=["ledger", "change_set"],
                        name="favourite_deleted_by_set",
                    ),
                ],
                "constraints": [
                    database.constraints.CompositePrimaryKey(
                        fields=("ledger", "pgh_id"), name="favourite_event_pk"
                    ),
                    database.constraints.CompositeForeignKey(
                        fields=("ledger", "change_set"), name="favourite_event_of_set"
                    ),
                    database.row_security.RowSecurity(
                        adding="pg_trigger_depth() > 0",
                        changed="pg_trigger_depth() > 0",
                        changing="false",
                        deleting="false",
                        name="favourite_event_open",
                        reading="ledger_id = ANY ((SELECT open_ledgers('read'))::bigint[]) OR (SELECT coalesce(current_setting('expense_tracker.operator', true), '') <> '')",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="favouriteevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=database.triggers.TriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="84495d354aa643b3cd8177e23e6226d4f10e4c21",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_15d68",
                    table="history_favouriteevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="favouriteevent",
            trigger=pgtrigger.compiler.Trigger(
                name="join_change_set",
                sql=database.triggers.TriggerSql(
                    func="NEW.change_set_id := join_change_set(NEW.ledger_id); RETURN NEW;",
                    hash="12aebd2ef9915391e52f2aa2c8e003ac023ac2a2",
                    operation="INSERT",
                    pgid="pgtrigger_join_change_set_15bcf",
                    table="history_favouriteevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunPython(take_up, migrations.RunPython.noop),
    ]
