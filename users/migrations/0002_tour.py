"""Whether somebody has seen the tour."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="toured_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="tour closed"),
        ),
    ]
