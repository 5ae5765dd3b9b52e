"""Keys of more than one column, as Django constraints, so that migrations keep them like any other.

Every table that belongs to a ledger has ``PRIMARY KEY (ledger_id, id)`` in PostgreSQL, while Django's own
primary key stays ``id`` (Django's ``CompositePrimaryKey`` is refused by the admin). Foreign keys between such
tables name the ledger on both sides: another ledger's row is impossible, not only forbidden.
"""

from django.core.exceptions import ValidationError
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import BaseConstraint


class TableConstraint(BaseConstraint):
    """A rule that is added and removed with ``ALTER TABLE``. Subclasses have ``create_sql`` and ``remove_sql``."""

    def __eq__(self, other):
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash((type(self), self.name))

    def constraint_sql(self, model, schema_editor):
        """Nothing inside CREATE TABLE: the statement runs after the tables it refers to exist."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))


class CompositeKey(TableConstraint):
    """A table constraint over ``fields``."""

    def __init__(self, *, fields, name, violation_error_code=None, violation_error_message=None):
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.fields = tuple(fields)

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"fields": self.fields}

    def _statement(self, template, model, schema_editor, **parts):
        return Statement(
            template,
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
            columns=self._columns(model, self.fields, schema_editor),
            **parts,
        )

    @staticmethod
    def _columns(model, fields, schema_editor):
        columns = [model._meta.get_field(field).column for field in fields]
        return Columns(model._meta.db_table, columns, schema_editor.quote_name)


class CompositePrimaryKey(CompositeKey):
    """``PRIMARY KEY (ledger_id, id)`` in place of the one that Django makes on ``id``."""

    def create_sql(self, model, schema_editor):
        return self._statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(old)s, ADD CONSTRAINT %(name)s PRIMARY KEY (%(columns)s)",
            model,
            schema_editor,
            old=schema_editor.quote_name(f"{model._meta.db_table}_pkey"),
        )

    def remove_sql(self, model, schema_editor):
        return self._statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s, ADD CONSTRAINT %(old)s PRIMARY KEY (%(id)s)",
            model,
            schema_editor,
            old=schema_editor.quote_name(f"{model._meta.db_table}_pkey"),
            id=schema_editor.quote_name(model._meta.pk.column),
        )

    def validate(self, model, instance, exclude=None, using=None):
        """Nothing to ask: PostgreSQL numbers the rows."""


class CompositeForeignKey(CompositeKey):
    """``FOREIGN KEY (ledger_id, x_id) REFERENCES x (ledger_id, id)`` for ``fields=("ledger", "x")``.

    The field itself is declared with ``db_constraint=False``. Checked at each statement, so that a broken key
    is answered where it was written and not by a failing COMMIT; still deferrable for bulk loads.
    """

    def create_sql(self, model, schema_editor):
        _scope, reference = self.fields
        target = model._meta.get_field(reference).remote_field.model
        return self._statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s)"
            " REFERENCES %(target)s (%(target_columns)s) DEFERRABLE INITIALLY IMMEDIATE",
            model,
            schema_editor,
            target=Table(target._meta.db_table, schema_editor.quote_name),
            target_columns=self._columns(target, (_scope, target._meta.pk.name), schema_editor),
        )

    def remove_sql(self, model, schema_editor):
        return self._statement("ALTER TABLE %(table)s DROP CONSTRAINT %(name)s", model, schema_editor)

    def validate(self, model, instance, exclude=None, using=None):
        """Refuse a row of another ledger before PostgreSQL does, with the same message."""
        scope, reference = self.fields
        if exclude and reference in exclude:
            return
        target = getattr(instance, reference)
        attname = model._meta.get_field(scope).attname
        if target is not None and getattr(target, attname) != getattr(instance, attname):
            raise ValidationError(
                {reference: self.get_violation_error_message()}, code=self.violation_error_code
            )
