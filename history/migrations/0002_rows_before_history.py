from django.db import migrations

MODELS = (("ledgers", "Ledger"), ("ledgers", "Membership"), ("expenses", "Category"), ("expenses", "Expense"))
BEGIN = """
SELECT set_config('expense_tracker.operator', 'migrate', true),
       set_config('expense_tracker.via', 'command', true),
       set_config('expense_tracker.act', 'migrate', true)
"""
TAKE_UP = """
INSERT INTO {events} ({columns}, ledger_id, pgh_label, pgh_created_at)
SELECT {columns}, {ledger}, 'insert', now() FROM {table} AS present
WHERE NOT EXISTS (
    SELECT FROM {events} AS event
    WHERE event.ledger_id = present.{ledger} AND event.id = present.id AND event.version = present.version
)
ORDER BY {ledger}, id
"""


def take_up(apps, schema_editor):
    """The history of rows that are older than it begins with what they are now."""
    schema_editor.execute(BEGIN)
    for app, name in MODELS:
        model = apps.get_model(app, name)
        columns = [field.column for field in model._meta.concrete_fields if field.column != "ledger_id"]
        statement = TAKE_UP.format(
            events=f"history_{name.lower()}event",
            table=model._meta.db_table,
            ledger="id" if name == "Ledger" else "ledger_id",
            columns=", ".join(columns),
        )
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0001_initial"),
        ("expenses", "0003_history"),
        ("ledgers", "0003_history"),
    ]

    operations = [migrations.RunPython(take_up, migrations.RunPython.noop)]
