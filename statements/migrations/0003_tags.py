"""A line of a file keeps its tags."""

from django.db import migrations

import expenses.models.words


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0002_spread"),
    ]

    operations = [
        migrations.AddField(
            model_name="statementline",
            name="tags",
            field=expenses.models.words.WordsField(),
        ),
    ]
