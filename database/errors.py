"""What PostgreSQL refused: as a status with a sentence, and in the words of the constraint that refused it."""

import logging
from errno import ENOSPC
from typing import NamedTuple

import psycopg
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger("database")

RETRY_AFTER = 5  # seconds
UNKNOWN = _(
    "The connection to the database was lost while this was being saved, so nobody can say whether it was."
    " Look before you send it again."
)
REPEATABLE = _(
    "The connection to the database was lost while this was being saved, so nobody can say whether it was."
    " Send it again with the same Idempotency-Key: it is carried out only once."
)
AWAY = _("The database is away. Nothing was saved. Try again in a few seconds.")
BUSY = _("Somebody else is changing the same. Nothing was saved. Try again in a few seconds.")
SLOW = _("This took too long. Nothing was saved. Try again in a few seconds.")
FULL = _("The disk of the server is full. Nothing was saved.")
MEANWHILE = _("Somebody else wrote something meanwhile that this does not go with. Nothing was saved.")
UNSTORABLE = _("Something in it was not as it should be. Nothing was saved.")
FORBIDDEN = _("You may not do that.")
READ_ONLY = _("The database can only be read at the moment. Nothing was saved. Try again later.")

# https://www.postgresql.org/docs/current/errcodes-appendix.html
INSUFFICIENT_PRIVILEGE = "42501"
BROKEN_BY_OTHERS = {"23503", "23505", "23P01"}  # rows that appeared or vanished since they were checked
UNAVAILABLE = {
    "08": AWAY,  # connection lost
    "25006": READ_ONLY,
    "25P03": SLOW,  # idle in transaction; an InternalError to Django
    "25P04": SLOW,  # the whole transaction, from PostgreSQL 17 on
    "40": BUSY,  # deadlock, serialization failure
    "53": AWAY,  # out of memory, too many connections
    "55P03": BUSY,  # lock timeout
    "57": AWAY,  # shut down by its administrator
    "57014": SLOW,  # statement timeout
}


class OutcomeUnknown(OperationalError):
    """COMMIT was sent and no acknowledgement came back: PostgreSQL may have carried it out or not."""


class Answer(NamedTuple):
    """What to say to whoever sent the request: an HTTP status, a sentence, the field it is about if any."""

    status: int
    message: str
    field: str = ""
    retry_after: int | None = None  # seconds

    @property
    def as_json(self) -> dict:
        """In the shape of the API's other errors."""
        message = str(self.message)
        return {self.field: [message]} if self.field else {"detail": message}


def answer_to(error: BaseException | None, only_read=False, is_repeatable=False) -> Answer | None:
    """The answer to an error of the database; None for any other, and for one that only a mistake of ours explains.

    ``only_read`` says that the request asked for nothing to be saved, so that no outcome of it is unknown;
    ``is_repeatable`` that it has a key, so that it can be sent again whatever became of it.

    A full disk is one of the first kind, also where temporary files are. Asks nothing of the database, which may be
    away. Logs what somebody has to look after.
    """
    cause = error if isinstance(error, psycopg.Error) else getattr(error, "__cause__", None)
    code = getattr(cause, "sqlstate", None) or ""
    if isinstance(error, OutcomeUnknown) and not only_read:
        logger.error("The outcome of a COMMIT is unknown.")
        return Answer(503, REPEATABLE, retry_after=RETRY_AFTER) if is_repeatable else Answer(503, UNKNOWN)
    if code == INSUFFICIENT_PRIVILEGE and _by_row_security(cause):
        logger.error("Row security refused a row.", exc_info=error)
        return Answer(403, FORBIDDEN)
    if code == "53100":
        logger.error("The disk of the database is full.")
        return Answer(507, FULL)
    if isinstance(error, OSError) and error.errno == ENOSPC:
        logger.error("The disk for temporary files is full.")
        return Answer(507, FULL)
    if message := UNAVAILABLE.get(code) or UNAVAILABLE.get(code[:2]):
        return Answer(503, message, retry_after=RETRY_AFTER)
    if isinstance(error, IntegrityError | DataError):
        return _refused(error, code)
    if isinstance(
        error, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError
    ):
        return Answer(503, AWAY, retry_after=RETRY_AFTER)
    return None


def _by_row_security(cause: psycopg.Error) -> bool:
    """Whether it was a policy, and not a privilege that we forgot to grant: both have one code, in any language."""
    return cause.diag.source_function == "ExecWithCheckOptions"


def _refused(error: IntegrityError | DataError, code: str) -> Answer | None:
    status = 409 if code in BROKEN_BY_OTHERS else 400
    try:
        [(field, [message])] = explain(error).message_dict.items()
    except IntegrityError:
        return Answer(409, MEANWHILE) if status == 409 else None
    except DataError:
        logger.error("A value got past the forms that PostgreSQL cannot store.", exc_info=error)
        return Answer(400, UNSTORABLE)
    return Answer(status, message, "" if field == NON_FIELD_ERRORS else field)


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
