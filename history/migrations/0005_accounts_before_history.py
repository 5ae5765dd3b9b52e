from importlib import import_module

from django.db import migrations

earlier = import_module("history.migrations.0002_rows_before_history")


def take_up(apps, schema_editor):
    """What was written while there was no history of it; nothing where the release before was the last to write."""
    Account = apps.get_model("expenses", "Account")
    Rule = apps.get_model("expenses", "Rule")
    Expense = apps.get_model("expenses", "Expense")
    schema_editor.execute(earlier.BEGIN)
    for rows in (Account.objects.all(), Rule.objects.all(), Expense.objects.exclude(external_id="")):
        if rows.exists():
            _take_up(rows.model, schema_editor)


def _take_up(model, schema_editor):
    columns = [field.column for field in model._meta.concrete_fields if field.column != "ledger_id"]
    names = {
        "events": f"history_{model._meta.model_name}event",
        "table": model._meta.db_table,
        "ledger": "ledger_id",
        "columns": ", ".join(columns),
        "present": ", ".join(f"present.{column}" for column in columns),
        "last": ", ".join(f"last.{column}" for column in columns),
    }
    for statement in (earlier.TAKE_UP, earlier.TAKE_LEAVE):
        schema_editor.execute(statement.format(**names))


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0004_joining_is_cheaper"),
        ("expenses", "0005_history_of_accounts"),
    ]

    operations = [migrations.RunPython(take_up, migrations.RunPython.noop)]
