from importlib import import_module

from django.db import migrations

earlier = import_module("history.migrations.0002_rows_before_history")


def take_up(apps, schema_editor):
    """What was written while there was no history of it; nothing where the release before was the last to write."""
    written = {
        ("expenses", "Account"): apps.get_model("expenses", "Account").objects.all(),
        ("expenses", "Rule"): apps.get_model("expenses", "Rule").objects.all(),
        ("expenses", "Expense"): apps.get_model("expenses", "Expense").objects.exclude(external_id=""),
    }
    earlier.take_up(apps, schema_editor, [model for model, rows in written.items() if rows.exists()])


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0004_joining_is_cheaper"),
        ("expenses", "0005_history_of_accounts"),
    ]

    operations = [migrations.RunPython(take_up, migrations.RunPython.noop)]
