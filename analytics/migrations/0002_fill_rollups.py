"""The totals of what was there before they were kept."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0001_rollups"),
        ("expenses", "0007_rollups"),
        ("ledgers", "0004_rollups"),
    ]

    operations = [migrations.RunSQL("SELECT make_rollups(id) FROM ledgers_ledger", migrations.RunSQL.noop)]
