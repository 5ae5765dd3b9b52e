from django.db import migrations

MODELS = (("ledgers", "Ledger"), ("ledgers", "Membership"), ("expenses", "Category"), ("expenses", "Expense"))
BEGIN = """
SELECT set_config('expense_tracker.operator', 'migrate', true),
       set_config('expense_tracker.via', 'command', true),
       set_config('expense_tracker.act', 'migrate', true)
"""
# The last event of each row that has any.
LAST = "WITH last AS (SELECT DISTINCT ON (ledger_id, id) * FROM {events} ORDER BY ledger_id, id, pgh_id DESC)"
ADD = "INSERT INTO {events} ({columns}, ledger_id, pgh_label, pgh_created_at)"
TAKE_UP = (
    LAST
    + ADD
    + """
SELECT {present}, present.{ledger}, CASE WHEN last.pgh_label <> 'delete' THEN 'update' ELSE 'insert' END, now()
FROM {table} AS present LEFT JOIN last ON last.ledger_id = present.{ledger} AND last.id = present.id
WHERE last.id IS NULL OR last.pgh_label = 'delete' OR ({present}) IS DISTINCT FROM ({last})
ORDER BY present.{ledger}, present.id
"""
)
TAKE_LEAVE = (
    LAST
    + ADD
    + """
SELECT {last}, last.ledger_id, 'delete', now() FROM last
WHERE last.pgh_label <> 'delete'
  AND NOT EXISTS (SELECT FROM {table} AS present WHERE present.{ledger} = last.ledger_id AND present.id = last.id)
ORDER BY last.ledger_id, last.id
"""
)


def take_up(apps, schema_editor):
    """The history of rows that are older than it begins with what they are now.

    Where there was a history before, and its triggers were away for a time, it tells what was changed meanwhile.
    """
    schema_editor.execute(BEGIN)
    for app, name in MODELS:
        model = apps.get_model(app, name)
        columns = [field.column for field in model._meta.concrete_fields if field.column != "ledger_id"]
        names = {
            "events": f"history_{name.lower()}event",
            "table": model._meta.db_table,
            "ledger": "id" if name == "Ledger" else "ledger_id",
            "columns": ", ".join(columns),
            "present": ", ".join(f"present.{column}" for column in columns),
            "last": ", ".join(f"last.{column}" for column in columns),
        }
        for statement in (TAKE_UP, TAKE_LEAVE):
            schema_editor.execute(statement.format(**names))


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0001_initial"),
        ("expenses", "0003_history"),
        ("ledgers", "0003_history"),
    ]

    operations = [migrations.RunPython(take_up, migrations.RunPython.noop)]
