"""Row security: PostgreSQL itself shows and takes only rows of ledgers that are open to whoever acts.

The wall behind the scoped querysets. It holds for roles other than the tables' owner, which is why the web works
as a role of its own (``roles.py``) and why migrations, which work as the owner, see every row.
"""

from database.constraints import TableConstraint

SETTINGS = (
    "expense_tracker.user_id",
    "expense_tracker.operator",
    "expense_tracker.only_ledger_id",
    "expense_tracker.read_only",
    "expense_tracker.via",
    "expense_tracker.act",
    # What history has of the transaction (``change_sets.py``): whoever acts anew begins anew.
    "expense_tracker.change_sets",
    "expense_tracker.undoes",
)
TELL = "SELECT " + ", ".join(f"set_config('{name}', {{}}, true)" for name in SETTINGS)
NOBODY_ACTS = "nobody acts"  # what the database warns of; the backend logs it as an error


class RowSecurity(TableConstraint):
    """The policies of a table: ``reading`` says in SQL which rows are seen, the others which may be written.

    ``changing`` is about the rows as they are (and may be locked), ``changed`` as they become. ``deleting`` is
    ``changing`` unless given. A row that may not be seen does not exist for any of them.
    """

    def __init__(self, *, name, reading, adding, changing, changed=None, deleting=None):
        super().__init__(name=name)
        self.reading, self.adding, self.changing = reading, adding, changing
        self.changed, self.deleting = changed or adding, deleting or changing

    def deconstruct(self):
        _path, args, kwargs = super().deconstruct()
        names = ("reading", "adding", "changing", "changed", "deleting")
        path = f"{type(self).__module__}.{type(self).__name__}"
        return path, args, kwargs | {name: getattr(self, name) for name in names}

    def create_sql(self, model, schema_editor):
        table = schema_editor.quote_name(model._meta.db_table)
        policies = {
            "read": f"FOR SELECT USING ({self.reading})",
            "add": f"FOR INSERT WITH CHECK ({self.adding})",
            "change": f"FOR UPDATE USING ({self.changing}) WITH CHECK ({self.changed})",
            "delete": f"FOR DELETE USING ({self.deleting})",
        }
        create = [
            f"CREATE POLICY {self._policy(act, schema_editor)} ON {table} {rule}"
            for act, rule in policies.items()
        ]
        return "; ".join([f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", *create])

    def remove_sql(self, model, schema_editor):
        table = schema_editor.quote_name(model._meta.db_table)
        drop = [
            f"DROP POLICY {self._policy(act, schema_editor)} ON {table}"
            for act in ("read", "add", "change", "delete")
        ]
        return "; ".join([*drop, f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"])

    def validate(self, model, instance, exclude=None, using=None):
        """Nothing to ask: the views have asked ``ledgers/access.py``."""

    def _policy(self, act: str, schema_editor) -> str:
        return schema_editor.quote_name(f"{self.name}_{act}")
