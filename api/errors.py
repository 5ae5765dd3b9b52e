"""One shape for every refusal: ``{"field": ["…"]}`` or ``{"detail": "…"}``."""

import logging

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import status, views
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.serializers import as_serializer_error

from database.errors import Answer, answer_to

logger = logging.getLogger("access")


class Conflict(APIException):
    """409: what was to be changed is not what the client saw. ``current`` is what stands there now."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Somebody changed this meanwhile.")
    default_code = "conflict"

    def __init__(self, current=None, detail=None):
        super().__init__(detail)
        self.detail = {"detail": self.detail, "current": current}


class PreconditionRequired(APIException):
    """428: the request would undo what the client may never have seen."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _(
        "Say which state you change: send the version that you saw (in the body, or as ?version= to delete), or"
        " If-Match with the ETag."
    )
    default_code = "precondition_required"


class PreconditionFailed(APIException):
    """412: ``If-Match`` names another state than the current one. ``current`` is what stands there now."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = _("This has changed since you fetched it. Fetch it again.")
    default_code = "precondition_failed"

    def __init__(self, current, etag: str):
        super().__init__()
        self.detail = {"detail": self.detail, "current": current}
        self.headers = {"ETag": etag}


class DatabaseRefused(APIException):
    """What the database refused, or that it is busy or away."""

    def __init__(self, answer: Answer):
        super().__init__()
        self.status_code, self.detail, self.wait = answer.status, answer.as_json, answer.retry_after


def exception_handler(error, context):
    """DRF's handler, after finding words for what a form or the database refused."""
    if answer := answer_to(error):
        error = DatabaseRefused(answer)
    elif isinstance(error, DjangoValidationError):
        error = ValidationError(as_serializer_error(error))
    response = views.exception_handler(error, context)
    for name, value in getattr(error, "headers", {}).items():
        response[name] = value
    if response is not None and isinstance(error, ValidationError) and isinstance(error.detail, dict):
        # A name that the client made up may hold anything, a line break or a note.
        names = sorted(str(name) for name in error.detail if str(name).isidentifier())
        logger.info("refused: %s", ", ".join(names))
    return response
