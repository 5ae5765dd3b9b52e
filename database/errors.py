"""What PostgreSQL refused, in the words of the constraint that refused it."""

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError


def explain(error: IntegrityError | DataError) -> ValidationError:
    """The ``ValidationError`` that the model's own constraint would have raised, under its field's name.

    Raises the error itself if no declared constraint explains it.
    """
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                message = constraint.get_violation_error_message()
                return ValidationError({_field(model, constraint): [message]})
    raise error


def _field(model, constraint) -> str:
    """The one field, apart from the ledger, that the constraint is about."""
    condition = getattr(constraint, "condition", None)
    names = set(condition.referenced_base_fields) if condition else set(constraint.fields)
    for expression in getattr(constraint, "expressions", ()):
        names |= {name for name, *_rest in model._get_expr_references(expression)}
    names -= {"ledger", "ledger_id"}
    return names.pop() if len(names) == 1 else NON_FIELD_ERRORS
