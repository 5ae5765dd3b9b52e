from importlib import import_module

import django.core.validators
from django.db import migrations, models

earlier = import_module("history.migrations.0005_accounts_before_history")


def take_up(apps, schema_editor):
    """What was spread while history did not tell it; nothing where the release before was the last to write."""
    Expense = apps.get_model("expenses", "Expense")
    if Expense.objects.filter(spread_months__gt=1).exists():
        schema_editor.execute(earlier.earlier.BEGIN)
        earlier._take_up(Expense, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0005_accounts_before_history"),
        ("expenses", "0006_spread"),
    ]

    operations = [
        migrations.AddField(
            model_name="expenseevent",
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
        migrations.RunPython(take_up, migrations.RunPython.noop),
    ]
