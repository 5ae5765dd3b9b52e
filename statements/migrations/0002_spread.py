"""A line of our own export keeps over how many months the expense is spread."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("statements", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="statementline",
            name="spread_months",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
    ]
