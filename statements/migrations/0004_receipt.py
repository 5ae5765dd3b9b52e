"""A line of our own export keeps which receipt the expense is a part of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("statements", "0003_tags")]

    operations = [
        migrations.AddField(
            model_name="statementline",
            name="receipt",
            field=models.UUIDField(null=True),
        ),
    ]
